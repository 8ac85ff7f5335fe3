import type { Printed, PublicationDocument } from '@hub/publications/domain';
import * as fc from 'fast-check';
import { benchmarkOf } from './benchmark';
import { dispersionOf, funnelOf } from './funnel';
import { present } from './present';
import { authorities as six, dataset, documentOf as ofSix, referrals, type Line } from './region.builder';
import { bandInWords, placeInWords } from './standing';

const authorities = six.slice(0, 5);
const children = [20_000, 30_000, 25_000, 40_000, 22_000];
const populationOf = (authority: string) => children[authorities.indexOf(authority)];

const documentOf = (...lines: readonly Line[]): PublicationDocument => ({
  ...ofSix('2025-Q1', lines),
  authorities,
  submitted: authorities,
});
const view = (
  lines: readonly Line[],
  code: string,
  categories: Record<string, string> = {},
  population: (authority: string) => number | undefined = populationOf,
) => benchmarkOf(documentOf(...lines), dataset, code, categories, population)!;
const valuesOf = ({ authorities: all }: ReturnType<typeof view>) => all.map(({ figure }) => figure.value);

describe('a rate per 10,000', () => {
  test('is of printed counts and public populations, ranked among the printed', () => {
    const answer = view([['RF01#count', 500, 100, 90, 'hidden', 120, 'notSubmitted']], 'RF01');
    expect(valuesOf(answer)).toEqual([50, 30, null, 30, null]);
    expect(answer.authorities[0]!.figure).toEqual({
      kind: 'value',
      count: 100,
      of: null,
      value: 50,
      valueKind: 'value',
      unit: 'per 10,000',
      between: null,
    });
    // Neither end is better: the highest is 1, and equals share a place.
    expect(answer.authorities.map(({ rank }) => rank)).toEqual([1, 2, null, 2, null]);
  });

  test('of the region has the children of those authorities that stand in it, hidden ones too', () => {
    const answer = view([['RF01#count', 460, 100, 90, 'hidden', 120, 'notSubmitted']], 'RF01');
    // 20,000 + 30,000 + 25,000 + 40,000
    expect(answer.region).toMatchObject({ kind: 'value', count: 460, value: 40 });
    expect(answer.coverage).toMatchObject({ shown: 3, submitted: 4, parties: 5, text: '4 of 5' });
  });

  test('is none where there is no estimate, for the authority and for the region', () => {
    const without = (authority: string) => (authority === authorities[1] ? undefined : populationOf(authority));
    const answer = view([['RF01#count', 460, 100, 90, 70, 120, 80]], 'RF01', {}, without);
    expect(valuesOf(answer)[1]).toBeNull();
    expect(answer.authorities[1]).toMatchObject({ rank: null, figure: { kind: 'value', count: 90 } });
    expect(answer.region).toMatchObject({ count: 460, value: null });
    expect(answer.quartiles!.basis).toBe(4);
  });

  test('of the region does not need the estimate of an authority that is not in it', () => {
    const without = (authority: string) => (authority === authorities[4] ? undefined : populationOf(authority));
    const answer = view([['RF01#count', 460, 100, 90, 70, 200, 'notAvailable']], 'RF01', {}, without);
    expect(answer.region.value).toBe(40);
  });
});

describe('a percentage', () => {
  test('is of two printed figures, and one hidden leaves none', () => {
    const answer = view(
      [
        ['RF01#count', 'hidden', 100, 90, 'hidden', 200, 50],
        ['RF02#count', 'hidden', 25, 'hidden', 20, 30, 'notAvailable'],
      ],
      'RF02',
    );
    expect(answer.authorities.map(({ figure }) => [figure.kind, figure.count, figure.of, figure.value])).toEqual([
      ['value', 25, 100, 25],
      ['hidden', null, null, null],
      ['value', 20, null, null],
      ['value', 30, 200, 15],
      ['notAvailable', null, null, null],
    ]);
    // Fewer re-referrals are better.
    expect(answer.authorities.map(({ rank }) => rank)).toEqual([2, null, null, 1, null]);
    expect(answer.region).toMatchObject({ kind: 'hidden', count: null, of: null, value: null, valueKind: 'hidden' });
  });

  test('of the region is of the same authorities above and below', () => {
    const answer = view(
      [
        ['RF01#count', 500, 100, 90, 60, 200, 50],
        ['RF02#count', 90, 25, 15, 20, 30, 'notAvailable'],
      ],
      'RF02',
    );
    // Not of 500: the last authority is below and not above.
    expect(answer.region).toMatchObject({ count: 90, of: 450, value: 20 });
    expect(answer.coverage.text).toBe('4 of 5');
  });

  test('of the region is none where its own denominator would have to be made of a hidden one', () => {
    const answer = view(
      [
        ['RF01#count', 500, 100, 90, 'hidden', 200, 50],
        ['RF02#count', 90, 25, 15, 20, 30, 'notAvailable'],
      ],
      'RF02',
    );
    expect(answer.region).toMatchObject({ kind: 'value', count: 90, of: null, value: null, valueKind: 'hidden' });
  });

  test('of the region is of its printed denominator where all parts are there, though some are hidden', () => {
    const answer = view(
      [
        ['RF01#count', 500, 100, 90, 'hidden', 'hidden', 50],
        ['RF02#count', 100, 25, 15, 20, 30, 'hidden'],
      ],
      'RF02',
    );
    expect(answer.region).toMatchObject({ count: 100, of: 500, value: 20 });
  });

  test('of what nobody has sent says so, and not that none of them counts any', () => {
    const nothing = 'notSubmitted';
    const answer = view([['RF01|source=police#count', nothing, nothing, nothing, nothing, nothing, nothing]], 'RF01', {
      source: 'police',
    });
    expect(answer.coverage).toMatchObject({ submitted: 0, parties: 5, text: 'none of 5 sent it' });
    const said = view([['RF01#count', nothing, 'notCollected', nothing, nothing, nothing, nothing]], 'RF01');
    expect(said.coverage.text).toBe('0 of 5');
  });

  test('of a category has the denominator of that category', () => {
    const answer = view(
      [
        ['RF01#count', 500, 100, 100, 100, 100, 100],
        ['RF01|source=police#count', 200, 40, 40, 40, 40, 40],
        ['RF02|source=police#count', 50, 10, 10, 10, 10, 10],
      ],
      'RF02',
      { source: 'police' },
    );
    expect(answer.region).toMatchObject({ of: 200, value: 25 });
    expect(valuesOf(answer)).toEqual([25, 25, 25, 25, 25]);
  });

  test('of a band is of the total that the bands sum to', () => {
    const answer = view(
      [
        ['SF03#count', 250, 50, 50, 50, 50, 50],
        ['SF04|duration=0-10#count', 100, 20, 20, 20, 20, 20],
      ],
      'SF04',
      { duration: '0-10' },
    );
    expect(answer.region).toMatchObject({ of: 250, value: 40 });
  });

  test('of a band is neither better nor worse: late ones would be better the more there are', () => {
    const lines: Line[] = [
      ['SF03#count', 2500, 500, 500, 500, 500, 500],
      ['SF04#count', 1250, 250, 250, 250, 250, 250],
      ['SF04|duration=21-or-more#count', 200, 20, 30, 40, 50, 60],
    ];
    const late = view(lines, 'SF04', { duration: '21-or-more' });
    expect(late.indicator.polarity).toBe('neutral');
    expect(late.authorities.map(({ rank, band, comparison }) => [rank, band, comparison])).toEqual([
      [5, null, 'lower'],
      [4, null, 'similar'],
      [3, null, 'similar'],
      [2, null, 'similar'],
      [1, null, 'higher'],
    ]);
    expect(view(lines, 'SF04', { duration: '21-or-more' }).indicator).toBe(late.indicator);
    expect(view(lines, 'SF04').indicator.polarity).toBe('higher');
  });

  test('of nobody is none', () => {
    const answer = view(
      [
        ['SV01#count', 0, 0, 0, 0, 0, 0],
        ['SV01#of', 0, 0, 0, 0, 0, 0],
      ],
      'SV01',
    );
    expect(answer.region).toMatchObject({ kind: 'value', count: 0, of: 0, value: null });
  });
});

test('beside a printed count that has no value it is said why, as far as the print tells', () => {
  const kinds = ({ region, authorities: all }: ReturnType<typeof view>) =>
    [region, ...all.map(({ figure }) => figure)].map(({ valueKind }) => valueKind);
  const contacts = (region: Printed, ...figures: Printed[]) =>
    kinds(
      view(
        [
          ['RF01#count', region, ...figures],
          ['RF02#count', 90, 20, 20, 20, 20, 10],
        ],
        'RF02',
      ),
    );
  expect(contacts(400, 100, 'hidden', 'notSubmitted', 0, 'notCollected')).toEqual([
    'notAvailable',
    'value',
    'hidden',
    'notSubmitted',
    'notApplicable',
    'notCollected',
  ]);
  expect(contacts('hidden', 'hidden', 'hidden', 90, 80, 70)[0]).toBe('hidden');
  expect(contacts(400, 'hidden', 'hidden', 90, 80, 70)[0]).toBe('value');
  // A publication without the series, or not for this reader, tells nothing of it; nor is there a rate without an estimate.
  expect(kinds(view([['RF02#count', 90, 'hidden', 20, 20, 20, 10]], 'RF02'))).toEqual([
    'notAvailable',
    'hidden',
    ...Array<string>(4).fill('notAvailable'),
  ]);
  expect(kinds(view([['RF01#count', 90, 'hidden', 20, 20, 20, 10]], 'RF01', {}, () => undefined))).toEqual([
    'notAvailable',
    'hidden',
    ...Array<string>(4).fill('notAvailable'),
  ]);
});

test('counts in tenths are shown as they are, and their percentage is of the same tenths', () => {
  const answer = view(
    [
      ['WF01#count', 305, 61, 61, 61, 61, 61],
      ['WF01#of', 3050, 610, 610, 610, 610, 610],
    ],
    'WF01',
  );
  expect(answer.authorities[0]!.figure).toEqual({
    kind: 'value',
    count: 6.1,
    of: 61,
    value: 10,
    valueKind: 'value',
    unit: '%',
    between: null,
  });
  expect(answer.region).toMatchObject({ count: 30.5, of: 305, value: 10 });
});

test('beside a hidden figure stands what the print leaves of it, beside any other nothing', () => {
  const document = documentOf(['WF01#count', 'hidden', 'hidden', 61, 'hidden', 'hidden', 'notSubmitted']);
  const [first, second, third] = authorities as [string, string, string];
  const between = {
    'WF01#count': { region: [80, null], [first]: [1, 25], [second]: [61, 61], [third]: [10, null] },
  } as const;
  const beside = (one: PublicationDocument) => {
    const { region, authorities: all } = benchmarkOf(one, dataset, 'WF01', {}, populationOf)!;
    return [region, ...all.map(({ figure }) => figure)].map((figure) => figure.between);
  };
  // In the indicator's own numbers, here tenths; without an end it is that many or more.
  expect(beside({ ...document, between })).toEqual([[8], [0.1, 2.5], null, [1], null, null]);
  expect(beside(document)).toEqual([null, null, null, null, null, null]);
});

test('quartiles are of the printed values, and of fewer than four there are none', () => {
  const of = (...figures: Printed[]) => view([['RF01#count', 'hidden', ...figures]], 'RF01').quartiles;
  expect(of(100, 120, 75, 120, 'hidden')).toMatchObject({
    least: 30,
    lower: 30,
    median: 35,
    upper: 42.5,
    most: 50,
    basis: 4,
  });
  expect(of(100, 120, 75, 'hidden', 'hidden')).toBeNull();
});

test('there is no view of what the dataset does not have', () => {
  const document = documentOf(['RF01#count', 500, 100, 100, 100, 100, 100]);
  const ask = (code: string, categories: Record<string, string>) =>
    benchmarkOf(document, dataset, code, categories, populationOf);
  expect(ask('ZZ99', {})).toBeNull();
  expect(ask('RF01', { source: 'nobody' })).toBeNull();
  expect(ask('RF01', { age: '1-4', sex: 'female' })).toBeNull();
});

test('why a figure is hidden changes nothing, and no number comes from anything but print', () => {
  const printed = fc.oneof(
    fc.integer({ min: 10, max: 5000 }),
    fc.constantFrom<Printed>('hidden', 'notCollected', 'notAvailable', 'notSubmitted'),
  );
  const line = fc.array(printed, { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(line, line, (below, above) => {
      const answer = view(
        [
          ['RF01#count', below[0]!, ...below.slice(1)],
          ['RF02#count', above[0]!, ...above.slice(1)],
        ],
        'RF02',
      );
      answer.authorities.forEach(({ figure, rank }, i) => {
        const [count, of] = [above[i + 1]!, below[i + 1]!];
        expect(figure.count).toBe(typeof count === 'number' ? count : null);
        expect(figure.value !== null).toBe(typeof count === 'number' && typeof of === 'number');
        expect(rank !== null).toBe(figure.value !== null);
      });
      const { shown, submitted, parties } = answer.coverage;
      expect(shown <= submitted && submitted <= parties).toBe(true);
      if (typeof above[0] !== 'number') expect([answer.region.count, answer.region.value]).toEqual([null, null]);
      // A hidden figure stands in the region's as a printed one does.
      const everyHidden = above.slice(1).map((one) => (typeof one === 'number' ? 'hidden' : one));
      expect(
        view(
          [
            ['RF01#count', 'hidden'],
            ['RF02#count', 'hidden', ...everyHidden],
          ],
          'RF02',
        ).coverage.text,
      ).toBe(answer.coverage.text);
    }),
  );
});

test('beside a rate stand the children that it is of and the year of their estimate, and beside nothing else', () => {
  const document = ofSix('2025-Q1', [
    referrals(400, 300, 'notSubmitted', 'hidden', 390, 380),
    ['RF02#count', 5, 5, 'notSubmitted', 'notSubmitted', 'notSubmitted', 'notSubmitted', 'notSubmitted'],
  ]);
  const of = (code: string) =>
    benchmarkOf(
      document,
      dataset,
      code,
      {},
      () => 20_000,
      (authority) => ({ from: authority === 'E06000002' ? 2023 : 2024, to: 2024 }),
    )!;
  const rates = of('RF01');
  expect(rates.authorities[0]!.figure.population).toEqual({ children: 20_000, year: '2024' });
  expect(rates.authorities[1]!.figure.population).toEqual({ children: 20_000, year: '2023 to 2024' });
  expect(rates.authorities.slice(2, 4).map(({ figure }) => figure.population)).toEqual([undefined, undefined]);
  // Of the five that stand in it, the hidden one too: who has the table makes the rate again.
  const { count, value, population } = rates.region;
  expect(population).toEqual({ children: 100_000, year: '2023 to 2024' });
  expect(value).toBe(Math.round((count! / population!.children) * 100_000) / 10);
  expect(of('RF02').authorities[0]!.figure.population).toBeUndefined();
  const unnamed = present(rates, 'own-and-unnamed', ['E06000001']).authorities;
  expect(unnamed.map(({ figure }) => figure.population !== undefined)).toEqual([
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('what is 100 % by what it counts is compared with nobody, and has no places, quartiles or funnel; a category of it has', () => {
  const factors: Line = ['AS05#count', 500, 100, 100, 100, 100, 100];
  const alcohol: Line = ['AS05|factor=alcohol-misuse-child#count', 280, 90, 70, 50, 40, 30];
  const of = (categories: Record<string, string>) => {
    const one = view([factors, alcohol], 'AS05', categories);
    const { comparison, rank, band, places, bands, figure } = one.authorities[0]!;
    return {
      value: figure.value,
      about: [comparison, rank, band, places, bands, one.quartiles, dispersionOf(one), funnelOf(one)],
      inWords: [placeInWords(one, one.authorities[0]!), bandInWords(one, one.authorities[0]!)],
    };
  };
  expect(of({})).toEqual({ value: 100, about: Array(8).fill(null), inWords: [null, null] });
  const alone = of({ factor: 'alcohol-misuse-child' });
  expect(alone.about.slice(0, 2)).toEqual(['higher', 1]);
  for (const one of [alone.about[5], alone.about[7]]) expect(one).not.toBeNull();
});
