// Reading the published statistics that the registry and the figures are made of, and naming where they come from.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const OUTCOMES = 'dfe-analytical-services/CSC_outcomes_and_enablers';
const OUTCOMES_MAIN = '2f5d11a431050523dab58810083259d3313029ae';
const LAIT = 'dfe-analytical-services/local-authority-interactive-tool';
const LAIT_COMMIT = '2e30e3959a6ab8b2d22941b84764da41a40ac91b';

const outcomes = (path, commit = OUTCOMES_MAIN) => ({ repository: OUTCOMES, path, commit });

/** File of the open-data folder: the public repository, path and commit that it is from. */
const origins = {
  'ons_population_0_17_by_la_2012_2024.csv': outcomes('data-raw/ons_mid-year_population_estimates_2012_to_2024.csv'),
  'cin_b1_children_in_need_2013_2025.csv': outcomes('data-raw/b1_children_in_need_2013_to_2025.csv'),
  'cin_c1_referrals_rereferrals_2013_2025.csv': outcomes(
    'data-raw/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv',
  ),
  'cin_c3_assessment_factors_2018_2025.csv': outcomes(
    'data-raw/c3_factors_identified_at_end_of_assessment_2018_to_2025.csv',
  ),
  // On a side branch of the repository, not on main.
  'cin_c4_section47_icpc_2013_2025.csv': outcomes(
    'data-raw/c4_children_in_need_section_47s_and_icpcs_2013_to_2025.csv',
    '158bdad298b136087afa78ecc2008d8201c984af',
  ),
  'cin_d3_cpp_second_or_subsequent_2013_2025.csv': outcomes('data-raw/d3_cpps_subsequent_plan_2013_to_2025.csv'),
  'cin_d5_cpp_duration_2013_2025.csv': outcomes('data-raw/d5_cpps_at31march_by_duration_2013_to_2025.csv'),
  'cla_number_rate_per_10k.csv': outcomes('data-raw/cla_number_and_rate_per_10k_children.csv'),
  'cla_placement_stability.csv': outcomes('data-raw/la_cla_placement_stability.csv'),
  'cla_health_offending_outcomes.csv': outcomes('data-raw/la_conviction_health_outcome_cla.csv'),
  'care_leavers_accommodation_suitability.csv': outcomes('data-raw/la_care_leavers_accommodation_suitability.csv'),
  'csww_workforce_indicators_2017_2025.csv': outcomes('data-raw/csww_indicators_2017_to_2025.csv'),
  // Taken out of the repository's combined table, because the file that the Department publishes is not stored there.
  'cla_31_march_by_characteristics_2023_2025_derived.csv': outcomes('data/combined_cla_31_march_data.rds'),
  // The population file's 2024 rows, with the type of authority added from the list named here.
  'la_region_lookup_2024.csv': {
    repository: LAIT,
    path: '01_data/02_prod/la_code_list.xlsx',
    commit: LAIT_COMMIT,
  },
  // The wide table of the repository, one line for each neighbour.
  'statistical_neighbours_2025_long.csv': outcomes('data-raw/sn_model_2025_wide.csv'),
  'statistical_neighbours_2021_wide.csv': outcomes('data-raw/New_Statistical_Neighbour_Groupings_April_2021.csv'),
  // Safeguarding measures of the table named here, written as CSV.
  'lait_safeguarding_measures_long.csv': {
    repository: LAIT,
    path: '01_data/02_prod/bds_long_0.parquet',
    commit: LAIT_COMMIT,
  },
};

const licence =
  'The repositories carry an MIT licence and name none for the statistics, which are Crown copyright (Department for ' +
  'Education, Office for National Statistics); those are normally under the Open Government Licence v3.0, which was not confirmed.';

/** Rows of a CSV text (RFC 4180) as objects; a byte-order mark is dropped. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  const body = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (body[i + 1] === '"') field += body[++i];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',' || c === '\n') {
      row.push(field);
      field = '';
      if (c === '\n') {
        rows.push(row);
        row = [];
      }
    } else field += c;
  }
  if (field || row.length) rows.push([...row, field]);
  const [names, ...records] = rows;
  return records.map((record) => Object.fromEntries(names.map((name, i) => [name, record[i] ?? ''])));
}

/** The folder's files: `read` gives the rows and remembers the file, `sources` lists what was read. */
export function openData(folder) {
  const used = new Map();
  return {
    read(file) {
      const bytes = readFileSync(join(folder, file));
      used.set(file, createHash('sha256').update(bytes).digest('hex'));
      return parseCsv(bytes.toString('utf8'));
    },
    sources: () =>
      [...used]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([file, sha256]) => ({ file, ...origins[file], sha256, licence })),
  };
}

/** JSON with one line for each element of a list, so that a change is seen line by line; the rest is compact. */
export function jsonByLine(value, nested = []) {
  const list = (items, one) => (items.length ? `[\n${items.map(one).join(',\n')}\n]` : '[]');
  const object = (item, keys) =>
    `{${Object.entries(item)
      .map(
        ([key, v]) =>
          `${JSON.stringify(key)}:${keys.includes(key) ? list(v, (x) => JSON.stringify(x)) : JSON.stringify(v)}`,
      )
      .join(',')}}`;
  const members = Object.entries(value).map(([key, v]) => {
    const text = Array.isArray(v) ? list(v, (item) => object(item, nested)) : JSON.stringify(v);
    return `${JSON.stringify(key)}:${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}
