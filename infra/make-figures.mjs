// Makes test/figures: node infra/make-figures.mjs [FOLDER OF OPEN DATA]
// Published figures of two regions, three years, as rows of the hub's own returns. Counts are taken as they stand:
// nothing is worked out of a percentage, filled in or made up. The quarterly files are synthetic and say so.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonByLine, openData } from './open-data.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const data = openData(process.argv[2] ?? `${root}../shared/data`);
const json = (file) => JSON.parse(readFileSync(root + file, 'utf8'));
const registry = json('contracts/registry/england.json');
const annual = json('contracts/datasets/safeguarding-annual.1.0.json');

/** Our period, the source's year (it ends on 31 March of that year) and the year of the workforce census in September. */
const years = [
  { period: '2022-FY', ending: '2023', september: '2022' },
  { period: '2023-FY', ending: '2024', september: '2023' },
  { period: '2024-FY', ending: '2025', september: '2024' },
];

// ---- The source, by authority and year -----------------------------------------------------------------------------

const index = (file, keyOf, valueOf = (row) => row) => {
  const map = new Map();
  for (const row of data.read(file)) {
    if ((row.geographic_level ?? 'Local authority') !== 'Local authority') continue;
    const key = keyOf(row);
    if (map.has(key)) throw new Error(`${file} has ${key} twice`);
    map.set(key, valueOf(row));
  }
  return (...parts) => map.get(parts.join('|'));
};
const byYear = (file) => index(file, (row) => `${row.new_la_code}|${row.time_period}`);
const by = (file, columns, value) =>
  index(
    file,
    (row) => [row.new_la_code, row.time_period, ...columns.map((column) => row[column])].join('|'),
    (row) => row[value],
  );

const need = byYear('cin_b1_children_in_need_2013_2025.csv');
const referrals = byYear('cin_c1_referrals_rereferrals_2013_2025.csv');
const factors = byYear('cin_c3_assessment_factors_2018_2025.csv');
const conferences = byYear('cin_c4_section47_icpc_2013_2025.csv');
const started = byYear('cin_d3_cpp_second_or_subsequent_2013_2025.csv');
const plans = byYear('cin_d5_cpp_duration_2013_2025.csv');
const lookedAfter = by('cla_number_rate_per_10k.csv', ['population_type'], 'children_count');
const characteristic = by(
  'cla_31_march_by_characteristics_2023_2025_derived.csv',
  ['cla_group', 'characteristic'],
  'cla_31_march_number',
);
const stability = by('cla_placement_stability.csv', ['cla_group', 'placement_stability'], 'children_count');
const health = by('cla_health_offending_outcomes.csv', ['characteristic', 'breakdown'], 'children_count');
const leavers = by('care_leavers_accommodation_suitability.csv', ['care_leaver_age', 'breakdown'], 'care_leaver_count');
const workforce = byYear('csww_workforce_indicators_2017_2025.csv');
const lait = index(
  'lait_safeguarding_measures_long.csv',
  (row) => `${row.old_la_code}|${row.year}|${row.measure_short}`,
  (row) => row.value,
);

// ---- What the source calls our categories --------------------------------------------------------------------------

const durationOfPlans = {
  '3-months-or-less': '3_months_or_less',
  '3-to-6-months': 'more_than_3_months_6_months',
  '6-months-to-1-year': 'more_than_6_months_less_than_1_year',
  '1-to-2-years': '1_year_less_than_2_years',
  '2-years-or-more': '2_years_or_more',
};
const daysToConference = {
  '0-10': 'Duration_0-10_days',
  '11-15': 'Duration_11-15_days',
  '16-20': 'Duration_16-20_days',
  '21-or-more': 'Duration_21+_days',
};
/** `domestic-abuse-parent` is `Domestic_Abuse_parent`, `going-missing` is `Going_missing`. */
const plainName = (text) => text.toLowerCase().replaceAll('_', '-').replaceAll(' ', '-');
const lookedAfterGroups = {
  age: {
    group: 'Age group',
    'under-1': 'Under 1 year',
    '1-4': '1 to 4 years',
    '5-9': '5 to 9 years',
    '10-15': '10 to 15 years',
    '16-plus': '16 years and over',
  },
  sex: { group: 'Sex', female: 'Female', male: 'Male' },
  ethnicity: {
    group: 'Ethnicity',
    white: 'White',
    mixed: 'Mixed or Multiple ethnic groups',
    asian: 'Asian or Asian British',
    black: 'Black, African, Caribbean or Black British',
    other: 'Other ethnic group',
    'refused-or-not-obtained': 'Refused or information not yet available',
  },
  need: {
    group: 'Category of need',
    'abuse-or-neglect': 'N1. Abuse or neglect',
    'childs-disability': "N2. Child's disability",
    'parental-illness-or-disability': 'N3. Parental illness or disability',
    'family-in-acute-stress': 'N4. Family in acute stress',
    'family-dysfunction': 'N5. Family dysfunction',
    'socially-unacceptable-behaviour': 'N6. Socially unacceptable behaviour',
    'low-income': 'N7. Low income',
    'absent-parenting': 'N8. Absent parenting',
  },
  placement: {
    group: 'Placement',
    foster: 'Foster placements',
    'placed-for-adoption': 'Placed for adoption',
    'with-parents': 'Placed with parents or other person with parental responsibility',
    'independent-or-supported': 'Independent and semi-independent living arrangements/supported accommodation',
    'secure-or-childrens-home': "Secure homes and children's homes",
    'other-residential': 'Other residential settings',
    'residential-school': 'Residential schools',
    other: 'Other placements',
  },
  legal: {
    group: 'Legal status',
    'full-care-order': 'Full care order',
    'interim-care-order': 'Interim care order',
    'placement-order': 'Placement order granted',
    'voluntary-agreement': 'Voluntary agreements under S20 CA 1989',
    'detained-for-child-protection': 'Detained for child protection',
    'youth-justice': 'Youth justice legal statuses',
  },
};
const ageOfLeavers = { '17-18': '17 to 18 years', '19-21': '19 to 21 years' };
const long = 'Children looked after continuously for at least 2.5 years on 31 March aged under 16 years';
const checks = 'Health assessments: Children looked after all ages';

const whyNot = {
  c: 'Suppressed in the published source.',
  u: 'Of low reliability in the published source.',
  low: 'Rounds to zero in the published source.',
  k: 'Rounds to zero in the published source.',
  z: 'Not applicable in the published source.',
};
const NOT_AVAILABLE = 'Not available in the published source.';
const isCount = (text) => /^\d+(\.\d)?$/.test(text ?? '');
/** The sum of texts that are all counts; else the first that is none. Added in tenths, for 0.1 + 0.2 is not 0.3. */
const sum = (...texts) =>
  texts.find((text) => !isCount(text)) ??
  String(texts.reduce((tenths, text) => tenths + Math.round(Number(text) * 10), 0) / 10);

/**
 * What the source says of an authority in a year: for each indicator `count` and `of` as the texts that stand there, and
 * for each breakdown the texts of its categories. An indicator without an entry is not in the source.
 */
function published({ code, oldNumber }, { ending, september }) {
  const row = (table, year = ending) => table(code, year) ?? {};
  const children = (population) => lookedAfter(code, ending, population);
  const categories = (names, textOf) =>
    Object.fromEntries(Object.entries(names).map(([category, name]) => [category, textOf(name)]));
  const leaver = (breakdown) => categories(ageOfLeavers, (age) => leavers(code, ending, age, breakdown));
  const suitable = leaver('Accommodation considered suitable');
  const allLeavers = leaver('Suitability total');
  const group = ({ group, ...names }) => categories(names, (name) => characteristic(code, ending, group, name));
  const staff = row(workforce, september);
  const conference = row(conferences);
  const plan = row(plans);
  const byColumn = new Map(Object.keys(row(factors)).map((column) => [plainName(column), column]));
  return {
    RF01: { count: row(referrals).referral_count },
    RF02: { count: row(referrals).rereferral_count },
    RF03: { count: row(referrals).no_further_action_count },
    RF04: { count: row(referrals).not_in_need_count },
    AS05: {
      count: row(factors).Episodes_with_assessment_factor,
      factor: Object.fromEntries(
        annual.dimensions.factor.categories.map(({ code }) => [code, row(factors)[byColumn.get(code)]]),
      ),
    },
    CN01: { count: row(need).At31_episodes },
    SF01: { count: conference.Section47 },
    SF03: { count: conference.ICPC },
    SF04: {
      count: sum(conference[daysToConference['0-10']], conference[daysToConference['11-15']]),
      duration: categories(daysToConference, (column) => conference[column]),
    },
    CP01: { count: plan.CPP_At31, duration: categories(durationOfPlans, (column) => plan[column]) },
    CP02: { count: row(started).CPP_start },
    CP03: { count: row(started).CPP_subsequent },
    CP04: { count: plan['2_years_or_more'] },
    CP06: {
      count: lait(oldNumber, ending, 'CPP_Reviewed_InReqTimeScl'),
      of: lait(oldNumber, ending, 'CPP_31March_3MnthorMore'),
    },
    LA01: {
      count: children('Children looked after on 31 March each year'),
      ...Object.fromEntries(Object.entries(lookedAfterGroups).map(([dimension, names]) => [dimension, group(names)])),
    },
    LA02: { count: children('Children starting to be looked after each year') },
    LA03: { count: children('Children ceasing to be looked after each year') },
    LA04: { count: stability(code, ending, 'CLA on 31 March', 'With 3 or more placements during the year') },
    LA05: {
      count: stability(code, ending, long, 'Living with the same carer for at least 2 years'),
      of: stability(code, ending, long, 'Total children'),
    },
    LA07: { count: characteristic(code, ending, 'Unaccompanied asylum-seeking children', 'UASC') },
    LA09: {
      count: health(code, ending, checks, 'Had their annual health assessment'),
      of: health(code, ending, checks, 'Total all ages'),
    },
    CL01: {
      count: sum(...Object.values(suitable)),
      of: sum(...Object.values(allLeavers)),
      age: suitable,
      ageOf: allLeavers,
    },
    CL02: {
      count: lait(oldNumber, ending, 'CareLeaverEETNum'),
      of: lait(oldNumber, ending, 'NoCareLeavers'),
    },
    WF01: { count: staff.vacancy_fte, of: sum(staff.vacancy_fte, staff.inpost_fte) },
    WF02: { count: staff.agency_fte, of: sum(staff.agency_fte, staff.inpost_fte) },
    WF03: { count: staff.leavers_fte, of: staff.inpost_fte },
    WF04: { count: staff.cases, of: staff.case_holders_fte },
  };
}

// ---- The return ----------------------------------------------------------------------------------------------------

/** The rows of one return: one for each indicator, and every category of a breakdown that the source has whole. */
function rowsOf(source) {
  const rows = [];
  for (const { code, denominator, breakdowns } of annual.indicators) {
    const given = source[code];
    if (!given) {
      rows.push({ indicator: code, status: 'notCollected', reason: 'Not in the published source.' });
      continue;
    }
    const of = 'population' in denominator ? undefined : (given.of ?? source[denominator.indicator]?.count);
    const unavailable = (reason) => rows.push({ indicator: code, status: 'notAvailable', reason });
    if (!isCount(given.count)) unavailable(whyNot[given.count] ?? NOT_AVAILABLE);
    else if (of !== undefined && !isCount(of)) unavailable(`Its denominator: ${whyNot[of] ?? NOT_AVAILABLE}`);
    else rows.push({ indicator: code, count: Number(given.count), ...(of === undefined ? {} : { of: Number(of) }) });

    for (const { dimension, categories, exhaustive, sumsTo } of breakdowns) {
      const parts = given[dimension];
      if (!parts) continue;
      const codes = categories ?? annual.dimensions[dimension].categories.map((category) => category.code);
      const ofs = given[`${dimension}Of`];
      const texts = codes.flatMap((category) => [parts[category], ...(ofs ? [ofs[category]] : [])]);
      const whole = sumsTo ? source[sumsTo].count : given.count;
      // Left out as soon as a part or the whole is hidden, or the parts do not sum to the whole.
      if (![whole, ...texts].every(isCount)) continue;
      if (exhaustive && sum(...codes.map((category) => parts[category])) !== sum(whole)) continue;
      for (const category of codes) {
        const divisor = ofs ? ofs[category] : of;
        rows.push({
          indicator: code,
          breakdown: { [dimension]: category },
          count: Number(parts[category]),
          ...(divisor === undefined ? {} : { of: Number(divisor) }),
        });
      }
    }
  }
  return rows;
}

/**
 * A made-up quarter after a real year: what happens in a period is a quarter of the year, what is counted on a day stays.
 * Numerators are rounded down and what they are divided by up, and a total is the sum of its parts where it has any.
 */
function quarterOf(rows) {
  const flows = new Set(annual.indicators.filter(({ basis }) => basis === 'flow').map(({ code }) => code));
  const divisors = new Set(annual.indicators.map(({ denominator }) => denominator.indicator));
  const quarter = rows.map((row) => {
    if (row.count === undefined || !flows.has(row.indicator)) return { ...row };
    const round = divisors.has(row.indicator) && !row.breakdown ? Math.ceil : Math.floor;
    return { ...row, count: round(row.count / 4) };
  });
  const total = (code) => quarter.find((row) => row.indicator === code && !row.breakdown);
  const bands = quarter.filter((row) => row.indicator === 'SF04' && row.breakdown);
  if (bands.length) {
    total('SF03').count = bands.reduce((all, { count }) => all + count, 0);
    total('SF04').count = bands
      .filter(({ breakdown }) => ['0-10', '11-15'].includes(breakdown.duration))
      .reduce((all, { count }) => all + count, 0);
  }
  for (const row of quarter) {
    const { denominator } = annual.indicators.find(({ code }) => code === row.indicator);
    if (row.of !== undefined && denominator.indicator) row.of = total(denominator.indicator).count;
  }
  return quarter;
}

mkdirSync(`${root}test/figures`, { recursive: true });
for (const region of ['E12000001', 'E12000005']) {
  const authorities = registry.authorities.filter(
    (authority) => authority.region === region && authority.kind === 'authority' && authority.until === null,
  );
  const returns = authorities.flatMap((authority) =>
    years.map((year) => ({
      authority: authority.code,
      period: year.period,
      rows: rowsOf(published(authority, year)),
    })),
  );
  const write = (name, file) => writeFileSync(`${root}test/figures/${name}.json`, jsonByLine(file, ['rows']));
  write(region, {
    v: 1,
    note:
      'Published figures of local authorities in the form of returns to the hub. The year that the source calls 2025 ends on 31 March 2025 and is 2024-FY; ' +
      'the workforce is that of 30 September inside the year. Totals that are not one number of the source are sums of its numbers: SF04 of the first two bands, ' +
      'CL01 of both ages, the denominators of WF01 and WF02 of their two parts. Where the source hides a number or its parts do not sum, nothing is put in its place.',
    sources: data.sources(),
    region,
    dataset: { code: 'safeguarding-annual', version: '1.0' },
    returns,
  });
  write(`${region}.quarterly`, {
    v: 1,
    synthetic: true,
    note:
      'SYNTHETIC: made up for demonstration and tests, no authority sent or published this. Scaled from the published figures of 2024-FY: ' +
      'a quarter of what happens in a year, rounded; what is counted on a day stays as it was.',
    sources: data.sources(),
    region,
    dataset: { code: 'safeguarding-quarterly', version: '1.0' },
    returns: returns
      .filter(({ period }) => period === '2024-FY')
      .map(({ authority, rows }) => ({ authority, period: '2026-Q2', rows: quarterOf(rows) })),
  });
  const rows = returns.flatMap((one) => one.rows);
  console.log(
    `${region}: ${returns.length} returns, ${rows.length} rows, ${rows.filter((row) => row.count !== undefined).length} counts`,
  );
}
