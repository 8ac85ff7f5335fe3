import type { PublicationHead } from '@hub/publications';
import { loadCatalogue, newestDataset } from '@hub/registry';
import type { Look } from './look';
import type { LooksService } from './looks.service';
import { PatternsService } from './patterns.service';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const head = { id: '1', dataset: dataset.code, period: '2025-Q1' } as PublicationHead;

/** Patterns of one publication, and the indicators whose lines were read for each answer. */
function patternsWhere({ seesAll }: { readonly seesAll: boolean }) {
  const read = new Set<string>();
  const look = {
    datasetOf: () => dataset,
    notes: { breaksIn: () => [] },
    seesAll: () => seesAll,
    at: async () => ({}),
    seen: async (_heads: unknown, { indicator }: { indicator: string }) => {
      read.add(indicator);
      return { seen: [], newest: null };
    },
  } as unknown as Look;
  const looks = {
    assertDataset: () => undefined,
    look: (...[, , , , , work]: Parameters<LooksService['look']>) =>
      work({ current: [head], before: [head], look, asking: {}, tx: { query: async () => [] }, regionId: 1 } as never),
  } as unknown as LooksService;
  const service = new PatternsService(looks);
  const reading = { region: 'E12000001' } as never;
  return async (...only: string[]) => {
    read.clear();
    await service.patterns(null, reading, { dataset: null, only }, '2025-Q1');
    return [...read];
  };
}

test('what was found of an indicator is found once, whatever is asked for beside it', async () => {
  const ask = patternsWhere({ seesAll: true });
  expect(await ask('RF01', 'CP01')).toEqual(['RF01', 'CP01']);
  expect(await ask('RF01', 'CP07')).toEqual(['CP07']);
  expect(await ask('CP07')).toEqual([]);
});

test('of a reader who is shown a part nothing is kept', async () => {
  const ask = patternsWhere({ seesAll: false });
  expect(await ask('RF01')).toEqual(['RF01']);
  expect(await ask('RF01')).toEqual(['RF01']);
});

test('others come in between two indicators', async () => {
  const ask = patternsWhere({ seesAll: true });
  let between = 0;
  const others = setInterval(() => between++, 0);
  const began = between;
  const asked = ask(...dataset.indicators.map(({ code }) => code));
  await asked;
  clearInterval(others);
  expect(between).toBeGreaterThan(began);
});
