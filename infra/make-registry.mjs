// Makes contracts/registry/england.json: node infra/make-registry.mjs [FOLDER OF OPEN DATA]
// Codes, names, regions and populations are read from the files; the dates and kinds of change are the table below.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonByLine, openData } from './open-data.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const data = openData(process.argv[2] ?? `${root}../shared/data`);

/**
 * What became of authorities. `successor`: the body was abolished and a new one established by a structural changes
 * order (Bournemouth, Dorset and Poole 2018; Buckinghamshire 2019; Northamptonshire 2020; Cumbria 2022), which signs
 * anew. `recoded`: the same body goes on under another code, because its boundary changed or because the county council
 * became the unitary council (North Yorkshire and Somerset 2022). Christchurch was in Dorset's county before it joined
 * Bournemouth and Poole.
 */
const links = [
  ['recoded', 'E06000048', 'E06000057', '2013-04-01'],
  ['recoded', 'E08000020', 'E08000037', '2013-04-01'],
  ['successor', 'E06000028', 'E06000058', '2019-04-01'],
  ['successor', 'E06000029', 'E06000058', '2019-04-01'],
  ['successor', 'E10000009', 'E06000058', '2019-04-01'],
  ['successor', 'E10000009', 'E06000059', '2019-04-01'],
  ['successor', 'E10000002', 'E06000060', '2020-04-01'],
  ['successor', 'E10000021', 'E06000061', '2021-04-01'],
  ['successor', 'E10000021', 'E06000062', '2021-04-01'],
  ['successor', 'E10000006', 'E06000063', '2023-04-01'],
  ['successor', 'E10000006', 'E06000064', '2023-04-01'],
  ['recoded', 'E10000023', 'E06000065', '2023-04-01'],
  ['recoded', 'E10000027', 'E06000066', '2023-04-01'],
  ['recoded', 'E08000016', 'E08000038', '2025-04-01'],
  ['recoded', 'E08000019', 'E08000039', '2025-04-01'],
].map(([kind, from, to, on]) => ({ kind, from, to, on }));

const LONDON = 'E12000007';
const typeNames = {
  SC: 'shire-county',
  UA: 'unitary',
  MD: 'metropolitan-district',
  ILB: 'inner-london-borough',
  OLB: 'outer-london-borough',
};
/** The first three characters of a code say what the authority is; for those that the list of today no longer has. */
const typeByPrefix = { E06: 'unitary', E08: 'metropolitan-district', E10: 'shire-county' };

const population = data.read('ons_population_0_17_by_la_2012_2024.csv');
const lookup = new Map(data.read('la_region_lookup_2024.csv').map((row) => [row.new_la_code, row]));
const others = ['csww_workforce_indicators_2017_2025.csv', 'cin_c4_section47_icpc_2013_2025.csv'].flatMap(data.read);

const isAuthority = (row) => row.geographic_level === 'Local authority';
// Inner and outer London are halves of one region; adding them to it would count London twice.
const regionOf = (code) => (code.startsWith('E13') ? LONDON : code);

const regions = new Map();
for (const { geographic_level, region_code, region_name } of population) {
  if (geographic_level === 'Regional' && region_code.startsWith('E12')) {
    regions.set(region_code, region_name);
  }
}

const authorities = new Map();
for (const row of [...population, ...others].filter(isAuthority)) {
  const code = row.new_la_code;
  if (authorities.has(code)) continue;
  const joint = code.includes(' / ');
  authorities.set(code, {
    code,
    name: row.la_name,
    kind: joint ? 'joint' : 'authority',
    region: regionOf(row.region_code),
    ...(row.region_code.startsWith('E13') ? { subRegion: row.region_code } : {}),
    ...(joint
      ? { covers: code.split(' / ') }
      : { type: typeNames[lookup.get(code)?.la_type] ?? typeByPrefix[code.slice(0, 3)], oldNumber: row.old_la_code }),
    from: null,
    until: null,
  });
}
for (const { from, to, on } of links) {
  authorities.get(from).until = on;
  authorities.get(to).from = on;
}
// A joint return cannot be older than the authorities that make it.
for (const joint of authorities.values()) {
  for (const code of joint.covers ?? []) joint.from = authorities.get(code).from ?? joint.from;
}

const byCode = (a, b) => (a.code < b.code ? -1 : 1);
const registry = {
  v: 1,
  sources: data.sources(),
  regions: [...regions].map(([code, name]) => ({ code, name })).sort(byCode),
  authorities: [...authorities.values()].sort(byCode),
  links,
  populations: population
    .filter((row) => isAuthority(row) && /^\d+$/.test(row.population_estimate))
    .map((row) => ({
      authority: row.new_la_code,
      year: Number(row.time_period),
      children: Number(row.population_estimate),
    }))
    .sort((a, b) => (a.authority === b.authority ? a.year - b.year : a.authority < b.authority ? -1 : 1)),
};
writeFileSync(`${root}contracts/registry/england.json`, jsonByLine(registry));
console.log(
  `${registry.regions.length} regions, ${registry.authorities.length} authorities, ${links.length} links, ${registry.populations.length} populations`,
);
