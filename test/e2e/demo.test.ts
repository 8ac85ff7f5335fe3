import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { rootFolder } from '../support/root';

test('the demonstration succeeds and ends with one JSON document', () => {
  const done = spawnSync(process.execPath, [join(rootFolder, 'dist/test/demo/main.js'), '--json'], {
    cwd: rootFolder,
    encoding: 'utf8',
    timeout: 280_000,
  });
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  const result = JSON.parse(done.stdout.trim().split('\n').at(-1)!) as Record<string, never>;
  expect(result).toMatchObject({ returns: 36, receiptsVerified: 36, checked: true });
  expect(Object.values(result.refused!).sort()).toEqual([
    'AGREEMENT_NOT_A_PARTY',
    'KEY_UNKNOWN',
    'REGION_ABSENT',
    'SIGNATURE_INVALID',
  ]);
  expect(result.acrossRegions).toMatchObject({
    before: 'REGION_ABSENT',
    parties: 13,
    coverage: '11 of 11',
    regionFigure: 'NOT_AVAILABLE',
    beyond: {
      'another indicator': 'AGREEMENT_NOT_COVERED',
      'a breakdown of the same one': 'AGREEMENT_NOT_COVERED',
      'another purpose': 'AGREEMENT_NOT_COVERED',
      'the rounds of the region': 'REGION_ABSENT',
    },
    after: 'REGION_ABSENT',
  });
  expect((result.acrossRegions as unknown as { authorities: string[] }).authorities).toHaveLength(11);
  const ledger = result.ledger as unknown as { entries: number; planted: number[]; fault: string; first: number };
  expect(ledger.planted).toHaveLength(2);
  expect(ledger).toMatchObject({ fault: 'altered', first: Math.min(...ledger.planted) });
  expect(ledger.entries).toBeGreaterThan(Math.max(...ledger.planted));
  const { missing } = result.quarter as unknown as { missing: string[] };
  // The one that has left, and the one that sent nothing.
  expect(missing).toHaveLength(2);
  expect(result.quarter).toMatchObject({
    nil: 'confirmedNil',
    queriesAnswered: expect.arrayContaining(['change-against-previous']) as string[],
    refreshed: { period: '2026-Q1', version: 2 },
    signedOff: ['awaitingSignOff', 'accepted'],
    byTeam: [
      { category: null, count: 9, of: 40, value: 22.5 },
      { category: 't01', count: 5, of: 16, value: 31.3 },
      { category: 't02', count: 4, of: 24, value: 16.7 },
    ],
  });
  expect(result.readersCheck).toMatchObject({ unshown: 0, refused: expect.stringMatching(/./) as string });
  expect(result.clinic).toMatchObject({
    agency: 'police',
    remark: expect.stringMatching(/chance alone/) as string,
    ending: 'CHALLENGE',
  });
  const meeting = result.meeting as unknown as { questions: number; files: string[]; pattern: { remark: string } };
  expect(meeting.questions).toBe(10);
  expect(meeting.pattern.remark).toMatch(/chance alone/);
  for (const ending of [
    '.csv',
    '.meta.csv',
    '.csv-metadata.json',
    '.xlsx',
    '_heat.svg',
    '_rf01_bar.svg',
    '_rf01_bar.csv',
  ]) {
    expect(meeting.files).toContain(`safeguarding_annual_e12000001${ending}`);
  }
  expect(result.book).toMatchObject({
    editions: [
      { edition: 'PROVISIONAL', state: 'SUPERSEDED' },
      { edition: 'REVISED', state: 'CURRENT' },
    ],
    interval: { words: expect.stringMatching(/\d/) as string },
    opened: { series: 'RF01#count', least: 5025, most: 5035, lead: 'NOT_FOR_THIS_ROLE' },
    held: 'PUBLICATION_TOO_FEW',
  });
  const hidden = result.hidden as unknown as Record<string, number>;
  expect(hidden.all).toBeGreaterThanOrEqual(15);
  expect(hidden.share).toBeLessThanOrEqual(0.4);
  // How many of the hidden figures are small the hub says to nobody.
  expect(Object.keys(hidden).sort()).toEqual(['all', 'printed', 'regions', 'share']);
}, 300_000);
