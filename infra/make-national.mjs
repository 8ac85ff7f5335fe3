// Makes test/figures/national: node infra/make-national.mjs [FOLDER OF OPEN DATA]
// Rows of a national release as they were published, those of Inner London in the years in which one of its authorities is missing: the
// sums give it back. Beside them where they are from.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonByLine, openData } from './open-data.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? `${root}../shared/data`;
const file = 'cin_c1_referrals_rereferrals_2013_2025.csv';
const data = openData(folder);
data.read(file);

const INNER_LONDON = 'E13000001';
const years = ['2020', '2021', '2022'];
const [head, ...lines] = readFileSync(join(folder, file), 'utf8')
  .replace(/^\ufeff/, '')
  .split(/\r?\n/);
const kept = lines.filter((line) => years.includes(line.slice(0, 4)) && line.split(',').includes(INNER_LONDON));
if (kept.length !== years.length * 15) throw new Error('not fourteen authorities and their sum in each year');

const to = `${root}test/figures/national`;
mkdirSync(to, { recursive: true });
writeFileSync(`${to}/inner-london-referrals.csv`, `${[head, ...kept].join('\n')}\n`);
writeFileSync(`${to}/sources.json`, jsonByLine({ sources: data.sources() }));
