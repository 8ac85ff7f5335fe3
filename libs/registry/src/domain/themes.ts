/**
 * What an indicator is about, by the letters of its code, in the order in which a child meets the services: a frozen
 * specification cannot learn a new word, and the letters have meant this since the first one.
 */
const THEMES: Readonly<Record<string, string>> = {
  FD: 'Front door',
  EH: 'Early help',
  RF: 'Referrals',
  AS: 'Assessments',
  CN: 'Children in need',
  SF: 'Section 47 enquiries and conferences',
  CP: 'Child protection plans',
  LA: 'Looked after children',
  CL: 'Care leavers',
  WF: 'Workforce',
  SH: 'Health check of the workforce',
  SV: 'What children and parents say',
  RP: 'Complaints and compliments',
  AU: 'Case file audits',
  LM: 'Own measures',
};

/** All themes, in their order. */
export const themes: readonly string[] = Object.values(THEMES);

/** @param indicator  its code, `RF01` */
export const themeOf = (indicator: string): string => THEMES[indicator.slice(0, 2)] ?? 'Other';
