/** What the schema says of codes wherever they stand, as a field or as an argument. */

export const PERIOD_TEXT =
  'A period: month `2025-07`, quarter `2025-Q1` (April to June 2025), half-year `2025-H1`, financial year `2025-FY` (to March 2026) or calendar year `2025-CY`.';
export const DATASET_CODE = 'Code of a dataset, such as `safeguarding-quarterly`.';
export const INDICATOR_CODE = 'Code of an indicator, such as `RF01`.';
export const REGION_CODE = 'Code of a region: `E12000001` of an English one, `net-` and a name of a network.';
export const AUTHORITY_CODE =
  'Code of a local authority, such as `E06000001`; of a joint return two codes with ` / ` between.';
/** Of a role, a membership or an account. */
export const ORGANISATION_CODE =
  'Code of an authority, a region, a board (`brd-…`) or an agency (`agy-…`); `hub` for the hub itself.';
export const SERIES_KEY =
  'A series: `RF01#count` is the total of an indicator, `RF01|source=police#count` one category of it, `#of` a denominator that is sent with it.';
export const DIMENSION_CODE = 'Code of a dimension, such as `source`.';
export const CATEGORY_CODE = 'Code of a category of the dimension, such as `police`.';
export const UNIT_TEXT = 'The unit of values: `per 10,000` children, `%` or `average`.';

/** Arguments that narrow a list to one. */
export const datasetArgument = {
  type: () => String,
  nullable: true,
  description: 'Code of a dataset: of this one alone; all when absent.',
};
export const periodArgument = {
  type: () => String,
  nullable: true,
  description: 'A period such as `2025-Q1`: of this one alone; all when absent.',
};
