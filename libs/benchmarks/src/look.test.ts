import { parsePeriod, Refusal, Shelf } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import type { Asking, PinnedFigures, PublicationHead, PublicationsReader, Share, Visit } from '@hub/publications';
import { loadCatalogue, loadRegistry } from '@hub/registry';
import { Notes, type Benchmark } from './domain';
import { authorities, documentOf, referrals } from './domain/region.builder';
import { Look } from './look';

/** A share of a table as the read door gives it. */
const whole = {
  permit: { agreement: { id: 'north-east', version: 1 }, clause: '/audience/0' },
  presentation: 'named',
  authorities: 'all',
  covers: () => true,
} as unknown as Share;

const published = documentOf('2025-Q1', [referrals(...authorities.map(() => 100))]);

function lookOf(share: (series: string) => Share, belongs = true) {
  const records: string[][] = [];
  const publications = {
    document: async () => published,
    open: async () => ({ document: published, digest: Buffer.from('') }),
    share: (_visit: Visit, _agreements: unknown, _head: PublicationHead, series: string) => share(series),
    record: (_tx: Tx, _visit: Visit, asking: Asking, _permit: unknown, shown: string[]) => {
      if (asking.subject === 'broken') throw new TypeError('no reader');
      records.push(shown);
      return Promise.resolve();
    },
  } as unknown as PublicationsReader;
  const sources = {
    publications,
    figures: {} as PinnedFigures,
    catalogue: loadCatalogue(),
    registry: loadRegistry(),
    answers: new Shelf<Benchmark>(10),
  };
  const look = new Look(sources, {} as Tx, { belongs, own: [] } as unknown as Visit, [], {
    notes: new Notes([]),
    commentary: [],
    named: new Map(),
  });
  return { look, records };
}
const head = {
  id: '1',
  dataset: 'safeguarding-quarterly',
  datasetVersion: '1.0',
  authorities: ['E06000001', 'E06000002'],
} as unknown as PublicationHead;

test('what goes wrong before the database is asked for a record is thrown at once, and no answer goes without one', () => {
  const { look } = lookOf(() => whole);
  expect(look.seesAll([head], null)).toBe(true);
  expect(() => look.record({ subject: 'broken' } as Asking)).toThrow('no reader');
});

describe('what was found for one reader is shown to another who may see', () => {
  test('every table whole and by name, and is noted as read', async () => {
    const { look, records } = lookOf(() => whole);
    expect(look.seesAll([head], null)).toBe(true);
    await look.record({} as Asking);
    expect(records).toEqual([['E06000001', 'E06000002']]);
  });

  test.each<[string, (series: string) => Share, boolean]>([
    [
      'one table is refused',
      (series) => {
        if (series.startsWith('CP01|')) throw new Refusal('AGREEMENT_NOT_COVERED');
        return whole;
      },
      true,
    ],
    [
      'one is shown without names',
      (series) => (series === 'RF02#count' ? { ...whole, presentation: 'own-and-unnamed' } : whole),
      true,
    ],
    [
      'one is of some authorities',
      (series) => (series === 'RF02#count' ? { ...whole, authorities: ['E06000001'] } : whole),
      true,
    ],
    ['what one is divided by is not covered', () => ({ ...whole, covers: () => false }), true],
    ['the reader is of another region', () => whole, false],
  ])('and not where %s', async (_what, share, belongs) => {
    const { look, records } = lookOf(share, belongs);
    expect(look.seesAll([head], null)).toBe(false);
    await look.record({} as Asking);
    expect(records).toEqual([]);
  });

  test('nor where nothing is published', () => expect(lookOf(() => whole).look.seesAll([], null)).toBe(false));
});

test.each<[string, Share, boolean, boolean, boolean]>([
  ['whole and by name is kept', whole, true, false, true],
  ['without names is not', { ...whole, presentation: 'own-and-unnamed' }, true, false, false],
  ['in part is not', { ...whole, authorities: ['E06000001'] }, true, false, false],
  ['of another region is not', whole, false, false, false],
  ['in passing is not', whole, true, true, false],
])('what is seen %s, and what is kept the next look finds', async (_what, share, belongs, passing, isKept) => {
  const { look } = lookOf(() => share, belongs);
  const place = { indicator: 'RF01', categories: {} };
  const answer = await look.at(head, place, { passing });
  expect(answer!.isKept).toBe(isKept);
  expect((await look.at(head, place, { passing }))!.benchmark === answer!.benchmark).toBe(isKept);
  const period = parsePeriod('2025-Q1');
  expect((await look.seen([{ ...head, period: period.text }], place, [period])).isKept).toBe(isKept || passing);
});

test('something of a publication is shown where one table of what is asked for is', () => {
  const { look } = lookOf((series) => {
    if (!series.startsWith('CP01|')) throw new Refusal('AGREEMENT_NOT_COVERED');
    return whole;
  });
  expect([null, ['CP01'], ['CP01', 'RF01'], ['RF01']].map((only) => look.showsAny(head, only))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});
