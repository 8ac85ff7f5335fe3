import { addDays, MONTHS } from '@hub/kernel';
import { RETURN_DAYS } from './decide';
import type { AgreementDocument, AgreementTable, Audience, Presentation, Purpose, Recipient } from './document';

/** The name of what a code of the document stands for: an authority, a region, a dataset, an indicator, a dimension. */
export type NameOf = (code: string) => string | undefined;

/**
 * A page of plain English, in Markdown, that says every clause of the agreement. It is made from the document alone: the
 * same document gives the same page, and nothing in it is left unsaid.
 * @param nameOf  names beside the codes, from a registry and a catalogue; without it the codes stand alone
 */
export function plainEnglish(document: AgreementDocument, nameOf: NameOf = () => undefined): string {
  const named = (code: string): string => {
    const name = nameOf(code);
    return name === undefined ? literal(code) : `${literal(name)} (${literal(code)})`;
  };
  const { regions, parties, disclosure, retention, membership, effective, security, foi, dpia } = document;
  const isOfOne = regions.length === 1;
  const lines = [
    `# ${literal(document.title)}`,
    `This page says in plain English what the agreement says. It was made from the signed document by fixed rules. The signed document is what binds the parties.`,
    `Agreement: ${literal(document.id)}, version ${document.version} (written in form ${document.v} of such documents).`,
    document.parent === undefined
      ? 'It stands on its own: no agreement is above it.'
      : `It stands under the agreement ${literal(document.parent)}. It can only narrow what that one allows. It holds only while that one holds.`,

    '## Who shares figures, and with whom',
    isOfOne
      ? `It covers the figures of ${named(regions[0]!)}. The authorities below send their figures under it, and what is published from them is published under it.`
      : `It covers figures of ${all(regions.map(named))}. Each region collects and publishes its figures under an agreement of its own. This one lets the readers named below look across: nobody reads the own region by it, and what is shown is of the authorities below.`,
    parties.length === 1
      ? 'One authority is a party:'
      : `${parties.length} authorities are parties. It comes into force when all of them have signed:`,
    list(
      parties.map(({ authority, role, contact, agencies }) =>
        [
          `${named(authority)}. ${controllers[role]}`,
          `Data protection contact: ${literal(contact)}.`,
          ...(agencies ? [`Also allowed to sign a return for it: ${all(agencies.map(named))}.`] : []),
        ].join(' '),
      ),
    ),

    '## What the figures may be used for',
    'For these purposes and no others:',
    list(
      document.purposes.map(
        ({ code, necessity }) => `${purposes[code]} Why less would not be enough: “${literal(necessity)}”`,
      ),
    ),

    '## Which law allows it',
    list([
      articles6[document.lawfulBasis],
      articles9[document.article9Condition],
      ...document.gateway.map((one) => gateways[one]),
    ]),

    '## Which figures are shared',
    'Only counts are shared, never anything about a single child. What is not listed here is not shared:',
    list(document.tables.map((table) => tableLine(table, named))),

    '## Who may read them, and how much they see',
    list(document.audience.map((entry) => audienceLine(entry, named))),
    `Every page and export carries the line: “${literal(document.handling)}”`,
    'Small numbers are protected for every reader. Nobody is shown the unprotected figures of another authority.',

    '## To whom readers may pass them on',
    list(
      (Object.keys(recipients) as Recipient[]).map(
        (one) => `${recipients[one]}: ${document.recipients[one] ? 'yes' : 'no'}.`,
      ),
    ),
    'To nobody else.',

    '## How small numbers are protected',
    list([
      `A count from 1 to ${disclosure.threshold - 1} is not shown.`,
      zeros[disclosure.zeros],
      `Other numbers are hidden too where a small one could be worked out from them. ${protect[disclosure.protect]}`,
      disclosure.told
        ? 'This also holds against someone who has been told which of the hidden numbers are small.'
        : 'This is not promised against someone who has been told which of the hidden numbers are small.',
      `A region’s figure is shown only where ${atLeast(disclosure.leastContributors, 'authority is', 'authorities are')} in it.`,
      `Nothing is published before ${atLeast(disclosure.leastAuthorities, 'authority has', 'authorities have')} sent figures.`,
      `A percentage is shown only where it is a percentage of ${disclosure.leastBase} or more.`,
      `Answers to a questionnaire are shown only where ${disclosure.surveyThreshold} or more people answered.`,
    ]),

    '## Who signs what is sent',
    document.signOff
      ? 'A return carries two signatures: that of the authority’s system and that of its approver, with two different keys. With one alone it waits, and is used nowhere, until the other has come.'
      : 'A return carries the signature of the authority’s system. A second signature by an approver is not asked for.',

    '## How long it is kept',
    list([
      `Counts as sent: ${count(retention.cellsYears, 'year')} after the end of the period that they are about.`,
      `Signed returns as sent: ${count(retention.envelopesYears, 'year')} after they arrive.`,
      `When the agreement ends, or an authority leaves it: ${ends[retention.atEnd]}`,
      'What has been published stays, and so does the proof that a return was received. Neither holds a hidden number.',
    ]),

    '## How an authority joins or leaves',
    list([
      joining[membership.joining],
      membership.leavingNoticeDays === 0
        ? 'To leave: by a signed notice that names the day, which may be the day of the notice (0 days’ notice). From that day its figures enter nothing new.'
        : `To leave: by a signed notice that names the day, at least ${count(membership.leavingNoticeDays, 'day')} ahead. From that day its figures enter nothing new.`,
    ]),

    '## If something goes wrong',
    `Whoever learns of a breach tells: ${literal(security.breachContact)}. Within ${count(security.withinHours, 'hour')}.`,

    '## Freedom of information',
    `${duties[foi.duty]} It does so within ${count(foi.withinWorkingDays, 'working day')} of the request.`,

    '## Data protection impact assessment',
    [
      `Filed as: ${literal(dpia.reference)}.`,
      ...(dpia.summary === undefined ? [] : [`What it found: “${literal(dpia.summary)}”`]),
      `To be reviewed by ${longDate(dpia.reviewDate)}.`,
    ].join(' '),

    '## From when to when',
    `From ${longDate(effective.from)} to the end of ${longDate(addDays(effective.until, -1))}. Figures about any time outside these dates are not covered.`,
  ];
  return `${lines.join('\n\n')}\n`;
}

const controllers: Record<AgreementDocument['parties'][number]['role'], string> = {
  controller: 'Answers for its own data (controller).',
  'joint-controller': 'Answers for all of the data together with the other joint controllers (joint controller).',
};

const purposes: Record<Purpose, string> = {
  'regional-benchmarking': '**Comparing authorities** with each other and with the region.',
  'peer-challenge': '**Peer challenge**: authorities ask each other about what the figures show.',
  'practice-exchange': '**Exchange of good practice** between authorities.',
  'service-improvement': '**Improving services** for children and families.',
};

const articles6: Record<AgreementDocument['lawfulBasis'], string> = {
  '6(1)(c)': 'UK GDPR Article 6(1)(c): the sharing is needed to meet a legal obligation.',
  '6(1)(e)': 'UK GDPR Article 6(1)(e): the sharing is needed for a task in the public interest that the law gives.',
};

const articles9: Record<AgreementDocument['article9Condition'], string> = {
  '9(2)(g)': 'UK GDPR Article 9(2)(g), for sensitive data: a substantial public interest.',
  '9(2)(h)': 'UK GDPR Article 9(2)(h), for sensitive data: health or social care.',
  '9(2)(j)': 'UK GDPR Article 9(2)(j), for sensitive data: statistics and research in the public interest.',
};

const gateways: Record<AgreementDocument['gateway'][number], string> = {
  'children-act-2004-s10': 'Children Act 2004, section 10: the duty to work together for the well-being of children.',
  'children-act-2004-s11': 'Children Act 2004, section 11: the duty to safeguard children and promote their welfare.',
};

const frequencies: Record<AgreementTable['frequency'], string> = {
  month: 'each month',
  quarter: 'each quarter',
  half: 'each half-year',
  year: 'each financial year',
  calendarYear: 'each calendar year',
};

const shown: Record<Presentation, string> = {
  named: 'They see each authority by its name.',
  'own-and-unnamed': 'They see their own authority by its name and the others without names.',
  'own-and-region': 'They see their own authority and the region as a whole, no other authority.',
};

const roles: Record<Audience['roles'][number], string> = {
  'authority-system': 'computer systems of authorities',
  'authority-analyst': 'analysts of authorities',
  'authority-approver': 'approvers of authorities',
  'regional-lead': 'regional leads',
  'board-chair': 'chairs of safeguarding boards and partnerships',
  'agency-partner': 'partners in agencies',
  'elected-member': 'elected members',
  scrutineer: 'scrutineers',
};

const recipients: Record<Recipient, string> = {
  ofsted: 'To Ofsted, at an inspection',
  departmentAdviser: 'To the adviser whom the Department for Education has appointed',
  scrutinyCommittee: 'To a scrutiny committee of one of the parties',
};

const zeros: Record<AgreementDocument['disclosure']['zeros'], string> = {
  printed: 'A count of 0 is always shown.',
  either: 'A count of 0 may be shown, or hidden to protect others.',
  hidden: 'A count of 0 is not shown.',
};

const protect: Record<AgreementDocument['disclosure']['protect'], string> = {
  exact: 'No reader can work out a hidden small number, not even an authority with the help of its own figures.',
  range:
    'No reader can work out a hidden small number, nor even that it is small, not even an authority with the help of its own figures.',
};

const ends: Record<AgreementDocument['retention']['atEnd'], string> = {
  delete: 'both are deleted.',
  return: `each authority can fetch its own for ${RETURN_DAYS} days; then both are deleted.`,
};

const joining: Record<AgreementDocument['membership']['joining'], string> = {
  'new-version':
    'To join: a new version of the agreement that names the authority, signed by all its parties. An authority that a new version does not name has left on the day on which that version takes the place of this one.',
};

const duties: Record<AgreementDocument['foi']['duty'], string> = {
  consult: 'An authority that is asked for figures of others consults those others before it answers.',
};

function tableLine({ dataset, versions, indicators, breakdowns, frequency }: AgreementTable, named: NameIt): string {
  const which =
    versions.until === undefined
      ? `version ${versions.from} and later ones`
      : `version ${versions.from} and later ones before ${versions.until}`;
  const counted = indicators === 'all' ? 'All its indicators' : `Its indicators ${all(indicators.map(named))}`;
  const broken =
    breakdowns === 'all'
      ? 'totals and every breakdown'
      : breakdowns === 'none'
        ? 'totals only, no breakdowns'
        : `totals, and the breakdowns by ${all(breakdowns.map(named))}`;
  return `${named(dataset)}, ${which}, ${frequencies[frequency]}. ${counted}: ${broken}.`;
}

function audienceLine({ of, roles: admitted, presentation, handling }: Audience, named: NameIt): string {
  return [
    `Of ${named(of)}: ${all(admitted.map((role) => roles[role]))}.`,
    shown[presentation],
    ...(handling === undefined ? [] : [`For them the line is: “${literal(handling)}”`]),
  ].join(' ');
}

type NameIt = (code: string) => string;

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const all = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;
const atLeast = (least: number, one: string, many: string): string => `at least ${least} ${least === 1 ? one : many}`;

/** `2025-03-31` as people write it: 31 March 2025. */
function longDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  return `${day} ${MONTHS[month - 1]!} ${year}`;
}

/**
 * Text of the document as it stands, so that nothing in it can become a heading, a link, an image, emphasis or HTML, nor
 * turn the direction of reading: invisible characters are shown by their number.
 */
function literal(text: string): string {
  return text
    .replace(/\p{Cf}/gu, (hidden) => `(U+${hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`)
    .replace(/[\\`*_[\]<>|#~$]|&(?=#?\w+;)|:(?=\/\/)|(?<=www)\./gi, '\\$&');
}
