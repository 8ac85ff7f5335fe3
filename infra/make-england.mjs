// Makes contracts/registry/england-figures.json: node infra/make-england.mjs [FOLDER OF OPEN DATA]
// What the Department has published for England, as counts: nothing is worked out of a percentage.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonByLine, openData } from './open-data.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const data = openData(process.argv[2] ?? `${root}../shared/data`);

/** Our period, and the year in which the source's ends. */
const years = [
  { period: '2022-FY', ending: '2023' },
  { period: '2023-FY', ending: '2024' },
  { period: '2024-FY', ending: '2025' },
];

const rowsOf = (file) => data.read(file).filter((row) => row.geographic_level === 'National');
const byYear = (file) => new Map(rowsOf(file).map((row) => [row.time_period, row]));
const referrals = byYear('cin_c1_referrals_rereferrals_2013_2025.csv');
const inNeed = byYear('cin_b1_children_in_need_2013_2025.csv');
const section47 = byYear('cin_c4_section47_icpc_2013_2025.csv');
const started = byYear('cin_d3_cpp_second_or_subsequent_2013_2025.csv');
const open = byYear('cin_d5_cpp_duration_2013_2025.csv');
const lookedAfter = (type) =>
  new Map(
    rowsOf('cla_number_rate_per_10k.csv')
      .filter((row) => row.population_type.startsWith(type))
      .map((row) => [row.time_period, row]),
  );
const at31March = lookedAfter('Children looked after on 31 March');
const starting = lookedAfter('Children starting');
const ceasing = lookedAfter('Children ceasing');

const whole = (text, what) => {
  if (!/^\d+$/.test(text ?? '')) throw new Error(`${what} is no count`);
  return Number(text);
};

const figures = years.flatMap(({ period, ending }) => {
  const at = (map, column) => whole(map.get(ending)?.[column], `${column} of ${ending}`);
  const children = at(at31March, 'population_estimate');
  const inTime = at(section47, 'Duration_0-10_days') + at(section47, 'Duration_11-15_days');
  return [
    ['RF01', at(referrals, 'referral_count'), children],
    ['RF02', at(referrals, 'rereferral_count'), at(referrals, 'referral_count')],
    ['RF03', at(referrals, 'no_further_action_count'), at(referrals, 'referral_count')],
    ['RF04', at(referrals, 'not_in_need_count'), at(referrals, 'referral_count')],
    ['CN01', at(inNeed, 'At31_episodes'), children],
    ['SF01', at(section47, 'Section47'), children],
    ['SF03', at(section47, 'ICPC'), children],
    ['SF04', inTime, at(section47, 'ICPC')],
    ['CP01', at(open, 'CPP_At31'), children],
    ['CP02', at(started, 'CPP_start'), children],
    ['CP03', at(started, 'CPP_subsequent'), at(started, 'CPP_start')],
    ['CP04', at(open, '2_years_or_more'), at(open, 'CPP_At31')],
    ['LA01', at(at31March, 'children_count'), children],
    ['LA02', at(starting, 'children_count'), children],
    ['LA03', at(ceasing, 'children_count'), children],
  ].map(([indicator, count, of]) => ({ indicator, period, count, of }));
});
writeFileSync(`${root}contracts/registry/england-figures.json`, jsonByLine({ v: 1, sources: data.sources(), figures }));
