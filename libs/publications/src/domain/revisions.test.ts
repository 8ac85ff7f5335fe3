import { revisionsBetween } from './revisions';

const edition = (
  authorities: readonly string[],
  region: number | 'hidden',
  figures: readonly (number | 'hidden')[],
) => ({
  authorities,
  series: [{ key: 'RF01#count', region, figures }],
});

test('what two editions print otherwise is told by what it was and is, the region first', () => {
  expect(revisionsBetween(edition(['A', 'B'], 700, [300, 400]), edition(['B', 'A'], 710, [400, 310]))).toEqual([
    { series: 'RF01#count', authority: null, was: 700, is: 710 },
    { series: 'RF01#count', authority: 'A', was: 300, is: 310 },
  ]);
});

test('nothing is told of a figure that is hidden in either', () => {
  const before = edition(['A', 'B', 'C'], 'hidden', [300, 'hidden', 'hidden']);
  expect(revisionsBetween(before, edition(['A', 'B', 'C'], 700, ['hidden', 400, 'hidden']))).toEqual([]);
  expect(revisionsBetween({ authorities: ['A'], series: [] }, edition(['A'], 1, [1]))).toEqual([]);
});
