import { loadCatalogue, newestDataset } from '@hub/registry';
import type { PublicationHead } from '@hub/publications';
import { BenchmarksService } from './benchmarks.service';
import type { CommentaryShown, Place } from './look';
import type { Found, LooksService } from './looks.service';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const reading = { region: 'E12000001', purpose: null };

/** A service over one publication in which something is said of these indicators, and the places that it looked at. */
function spokenOf(...codes: readonly string[]) {
  const places: string[] = [];
  const said = (indicator: string) => ({ commentary: { indicator } }) as CommentaryShown;
  const look = {
    datasetOf: () => dataset,
    isSpokenOf: (_head: PublicationHead, indicator: string) => codes.includes(indicator),
    atIfCovered: async (_head: PublicationHead, { indicator }: Place) => {
      places.push(indicator);
      return { commentary: [said(indicator)] };
    },
  };
  const found = { current: [{ dataset: dataset.code }], look, asking: {} } as unknown as Found;
  const looks = { look: (_member: null, _reading: object, _period: object, _over: object, work: (all: Found) => unknown) => work(found) }; // prettier-ignore
  return { service: new BenchmarksService(looks as unknown as LooksService), places };
}

describe('what is said of a period', () => {
  test('is looked for at the indicators that are spoken of, and at no other', async () => {
    const { service, places } = spokenOf('RF01', 'CP02');
    const all = await service.commentary(null, reading, null, '2025-Q1');
    expect(all!.map(({ commentary }) => commentary.indicator)).toEqual(['RF01', 'CP02']);
    expect(places).toEqual(['RF01', 'CP02']);
  });

  test('of one indicator is looked for there alone', async () => {
    const { service, places } = spokenOf('RF01', 'CP02');
    expect(await service.commentary(null, reading, 'CP02', '2025-Q1')).toHaveLength(1);
    expect(places).toEqual(['CP02']);
  });

  test('of an indicator that no dataset has is refused with the nearest', async () => {
    const { service } = spokenOf('RF01');
    await expect(service.commentary(null, reading, 'RF0I', '2025-Q1')).rejects.toMatchObject({ code: 'INDICATOR_ABSENT', facts: { nearest: 'RF01' } }); // prettier-ignore
  });
});
