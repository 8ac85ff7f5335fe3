// Makes contracts/registry/neighbours.json: node infra/make-neighbours.mjs [FOLDER OF OPEN DATA]
// The ten statistical neighbours of each authority, nearest first, after the models of 2025 and of April 2021. The tables
// have the Department's three-digit numbers; here stands the newest code that has had the number.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonByLine, openData } from './open-data.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const data = openData(process.argv[2] ?? `${root}../shared/data`);
const { authorities } = JSON.parse(readFileSync(`${root}contracts/registry/england.json`, 'utf8'));

const byNumber = new Map();
for (const one of authorities) {
  if (one.until === null || !byNumber.has(one.oldNumber)) byNumber.set(one.oldNumber, one);
}
const codeOf = (number) => {
  const found = byNumber.get(number);
  if (!found) throw new Error(`nobody has the number ${number}`);
  return found.code;
};

const ranks = Array.from({ length: 10 }, (_, i) => i + 1);
const of2025 = data.read('statistical_neighbours_2025_long.csv');
const lists = [
  ...[...new Set(of2025.map((row) => row.old_la_code))].map((number) => {
    const own = of2025.filter((row) => row.old_la_code === number);
    const at = (rank) => own.find((row) => row.rank === String(rank))?.neighbour_old_la_code;
    return { model: '2025', number, neighbours: ranks.map(at) };
  }),
  // Above those of before a reorganisation stand an empty line and a heading.
  ...data
    .read('statistical_neighbours_2021_wide.csv')
    .filter((row) => row['LA num'])
    .map((row) => ({ model: '2021', number: row['LA num'], neighbours: ranks.map((rank) => row[`SN${rank}`]) })),
].map(({ model, number, neighbours }) => ({ model, authority: codeOf(number), neighbours: neighbours.map(codeOf) }));

lists.sort((a, b) => b.model - a.model || (a.authority < b.authority ? -1 : 1));
writeFileSync(`${root}contracts/registry/neighbours.json`, jsonByLine({ v: 1, sources: data.sources(), lists }));
const ended = new Set(authorities.filter(({ until }) => until !== null).map(({ code }) => code));
const abolished = lists.filter(({ authority }) => ended.has(authority)).length;
const naming = lists.filter(({ neighbours }) => neighbours.some((code) => ended.has(code))).length;
console.log(`${lists.length} lists, ${abolished} of authorities that are no more; ${naming} lists name one of these`);
