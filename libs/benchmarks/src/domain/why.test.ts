import type { Printed, PublicationDocument } from '@hub/publications/domain';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { whyOf } from './why';

const dataset = newestDataset(loadCatalogue(), 'safeguarding-quarterly');
const authorities = ['E06000001', 'E06000002', 'E06000003'];
const populationOf = (authority: string) => [20_000, 30_000, 25_000][authorities.indexOf(authority)];

type Line = readonly [key: string, region: Printed, ...figures: Printed[]];
const document = (...lines: readonly Line[]): PublicationDocument =>
  ({
    authorities,
    submitted: authorities,
    series: lines.map(([key, region, ...figures]) => ({ key, region, figures })),
    between: { 'RF01#count': { E06000003: [1, 9] } },
  }) as unknown as PublicationDocument;
const why = (lines: readonly Line[], series: string, authority: string | null) =>
  whyOf(document(...lines), dataset, series, authority, populationOf);

test('a rate is its count, the children, and the sum that they make', () => {
  const lines: Line[] = [['RF01#count', 197, 100, 90, 'hidden']];
  expect(why(lines, 'RF01#count', 'E06000001')).toEqual({
    figure: expect.objectContaining({ kind: 'value', value: 50 }) as object,
    formula: '100 ÷ 20,000 children aged 0 to 17 × 10,000 = 50',
    parts: [
      { as: 'count', authority: 'E06000001', series: 'RF01#count', count: 100 },
      { as: 'population', authority: 'E06000001', series: null, count: 20_000 },
    ],
    hiddenParts: 0,
  });
});

test('the region’s is the sum of its authorities, of which the printed ones are named', () => {
  const answer = why([['RF01#count', 197, 100, 90, 'hidden']], 'RF01#count', null)!;
  expect(answer.formula).toBe(
    '197 is the sum of 3 authorities, 1 of them hidden; 197 ÷ 75,000 children aged 0 to 17 × 10,000 = 26.3',
  );
  expect(answer.parts.filter(({ as }) => as === 'summand').map(({ authority }) => authority)).toEqual(
    authorities.slice(0, 2),
  );
  expect(answer.hiddenParts).toBe(1);
});

test('of a hidden figure nothing is told but what the print leaves of it, for every one in the same words', () => {
  const lines: Line[] = [
    ['RF01#count', 'hidden', 100, 90, 'hidden'],
    ['RF02#count', 'hidden', 'hidden', 30, 20],
  ];
  const answers = [
    why(lines, 'RF01#count', 'E06000003')!,
    why(lines, 'RF02#count', 'E06000001')!,
    why(lines, 'RF01#count', null)!,
  ];
  expect(answers.map(({ parts, hiddenParts }) => [parts, hiddenParts])).toEqual(answers.map(() => [[], 0]));
  const [beside, ...others] = answers.map(({ formula }) => formula);
  expect(new Set(others).size).toBe(1);
  expect(beside).toBe(`${others[0]}. What is printed leaves 1 to 9, so 0.4 to 3.6 per 10,000`);
  expect(answers[0]!.figure.between).toEqual([1, 9]);
});

test('a percentage and an average name what they are divided by, or why there is no value', () => {
  const lines: Line[] = [
    ['RF01#count', 190, 100, 90, 'hidden'],
    ['RF02#count', 75, 25, 30, 20],
    ['WF04#count', 46_000, 15_005, 16_000, 14_995],
    ['WF04#of', 3_000, 1_000, 1_000, 1_000],
  ];
  expect(why(lines, 'RF02#count', 'E06000001')!.formula).toBe('25 ÷ 100 × 100 = 25 %');
  expect(why(lines, 'RF02#count', 'E06000003')!.formula).toBe('no percentage, for what it is divided by is hidden');
  expect(why(lines, 'WF04#count', 'E06000001')).toMatchObject({
    formula: '1,500.5 ÷ 100 = 15',
    parts: [
      { as: 'count', count: 1500.5 },
      { as: 'denominator', series: 'WF04#of', count: 100 },
    ],
  });
});

test('of a category that is told together it says with which', () => {
  const lines: Line[] = [['RF01|source=school#count', 'notAvailable', 'notAvailable', 'notAvailable', 'notAvailable']];
  const together = [
    { dimension: 'source', indicators: ['RF01'], categories: ['legal', 'school'], label: 'Legal agency and Schools' },
  ];
  const answerIn = (more: object) =>
    whyOf({ ...document(...lines), ...more }, dataset, lines[0]![0], null, populationOf)!;
  expect(answerIn({ together }).formula).toBe(
    'told together with others, because the region had few of some of them: Legal agency and Schools are what the other categories leave of the total',
  );
  expect(answerIn({}).formula).toBe('it is not available');
});

test('there is no answer about what the document does not have', () => {
  const lines: Line[] = [['RF01#count', 190, 100, 90, 'hidden']];
  expect(why(lines, 'RF01#count', 'E06000099')).toBeNull();
  expect(why(lines, 'RF01#of', null)).toBeNull();
  expect(() => why(lines, 'no series', null)).toThrow('No such indicator');
});
