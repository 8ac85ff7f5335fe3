import { betterWords, type Indicator, type NeighbourModel, type Neighbours } from '@hub/registry/domain';
import { parsePeriod, periodInShort, periodInWords } from '@hub/kernel';
import { LEAST_POINTS, tenth } from '@hub/statistics';
import type { Benchmark } from '../benchmark';
import { outsideWidened, spreadInWords, type Funnel } from '../funnel';
import { comparedIn, isOverlapping } from '../comparable';
import { controlShown, isMonth, recentInWords, sameMonthBefore, type ChartedLine } from '../history';
import { ROUNDED } from '../england-figure';
import { neighbourFigureOf } from '../neighbours';
import { isSent, isWholeOfItself, longNameOf, nameOf as nameOfPlace } from '../shown';
import { ruleInWords } from '../patterns';
import { bandInWords, cuts, isOpen, placeInWords, quartilesInWords } from '../standing';
import { barChart, type BarRow } from './bar';
import { funnelChart } from './funnel-chart';
import { heatChart } from './heat';
import { OPEN, spineChart } from './spine';
import { alike, MARKS_KEY, type Frame } from './svg';
import { timeChart, type ChartPoint } from './time';
import {
  aboutOf,
  axisOf,
  baseNameOf,
  besideRegion,
  captionOf,
  comparedInWords,
  completeness,
  englandInWords,
  englandName,
  estimateInWords,
  isDrawn,
  leftOf,
  leftOutInWords,
  limitsOfTable,
  mark,
  Marks,
  orMissing,
  orNone,
  other,
  regionName,
  shortUnitOf,
  shown,
  titled,
  toldTogether,
  unitOf,
  VALUE,
  valueOfTable,
  whyNoneInWords,
  type Chart,
  type Told,
} from './told';

/** Which charts there are. */
export const chartKinds = ['bar', 'line', 'funnel', 'spine', 'heat'] as const;
export type ChartKind = (typeof chartKinds)[number];

/** Nobody's comparison, place and band, these as numbers and in words. */
const NONE = ['[z]', '[z]', '[z]', '[z]', '[z]'];

/** One indicator across authorities, in the order of their values, with intervals. @param focus  who is looked for */
export function barOf(benchmark: Benchmark, told: Told, focus: string | null): Chart {
  const { indicator, authorities, region, regionBase, regionLimits, coverage } = benchmark;
  const england = told.englandOf(benchmark);
  const sorted = [...authorities].sort((a, b) => (b.figure.value ?? -1) - (a.figure.value ?? -1));
  const marks = new Marks(told);
  const nameOf = (code: string | null) => (code === null ? other : told.nameOf(code) + marks.of(indicator.code, code));
  const drawn = sorted.filter(({ authority }) => isDrawn(told, authority));
  const rows = drawn.map(({ authority, figure, limits, base }): BarRow => ({
    name: nameOf(authority),
    value: figure.value,
    limits,
    between: leftOf(figure, base, indicator),
    mark: mark(figure),
    isFocus: authority !== null && authority === focus,
    isUnnamed: authority === null,
  }));
  const apart = sorted.filter(({ comparison }) => comparison && comparison !== 'similar').length;
  const compared = sorted.filter(({ comparison }) => comparison).length;
  const brief = compared ? `${apart} of ${compared} differ` : periodInWords(parsePeriod(told.period));
  const name = nameOfPlace(benchmark);
  const bars = rows.filter(({ value }) => value !== null).length;
  const regionLeft = leftOf(region, regionBase, indicator);
  const about = aboutOf(
    told,
    `${longNameOf(benchmark)}, ${unitOf(benchmark, told)}${toldTogether(benchmark)}${completeness([coverage])}${whyNoneInWords([benchmark], told)}${estimateInWords(benchmark)}${comparedInWords([benchmark])}${englandInWords(england)}`,
  );
  const frame: Frame = {
    title: titled(`${name}: ${brief}${compared ? ' from the region' : ''}`, `${name}: ${brief}`),
    description: `${name}: a bar for each of ${bars} ${bars === 1 ? 'authority' : 'authorities'} with a printed value, the largest first${rows.some(({ limits }) => limits) ? ', with 95% limits as whiskers' : ''}${region.value === null ? '' : '; the region’s value as a dashed line'}${england ? '; England’s as a dotted one' : ''}.${regionLeft || rows.some(({ between }) => between) ? ' Hidden figures are dashed boxes over what is left of them.' : ''}${leftOutInWords(told)}`,
    caption: captionOf(told, about, marks),
  };
  return {
    ...frame,
    about,
    svg: barChart(frame, rows, axisOf(benchmark, told), {
      region: { value: region.value, between: regionLeft, coverage: coverage.text },
      england: england?.value ?? null,
    }),
    columns: [
      'Authority',
      ...VALUE,
      'Lower 95% limit',
      'Upper 95% limit',
      'Beside the region',
      `Place (1 is ${indicator.polarity === 'neutral' ? 'highest' : 'best'})`,
      'Band (A is the best quarter)',
      'Place in words',
      'Band in words',
    ],
    rows: [
      ...sorted.map((one) => [
        nameOf(one.authority),
        ...valueOfTable(one.figure, one.base, indicator),
        ...limitsOfTable(one),
        besideRegion(one, region),
        ...[one.rank, one.band].map((cell) => (one.figure.value === null ? mark(one.figure) : orNone(cell))),
        ...[placeInWords, bandInWords].map(
          (of) => of(benchmark, one) ?? (isSent(one.figure) ? '[z]' : mark(one.figure)),
        ),
      ]),
      [
        regionName(benchmark),
        ...valueOfTable(region, regionBase, indicator),
        ...limitsOfTable({ figure: region, limits: regionLimits }),
        ...NONE,
      ],
      ...(england ? [[englandName(england), String(england.value), '[z]', '[z]', '[z]', '[z]', ...NONE]] : []),
    ],
    notes: marks.lines,
  };
}

/** One line over time as a control chart. */
export function timeOf(line: ChartedLine, newest: Benchmark, told: Told): Chart {
  const { indicator } = newest;
  const isRegion = line.authority === null;
  const { isCompared } = comparedIn(line.points);
  const points = line.points.map(({ period, figure, base, coverage }, i) => {
    const { limits, signal } = line.chart.points[i]!;
    return {
      period,
      name: periodInShort(parsePeriod(period)),
      value: figure?.value ?? null,
      between: figure && leftOf(figure, base, indicator),
      mean: limits?.mean ?? null,
      control: limits ? controlShown(limits, indicator) : null,
      isCompared: isCompared[i]!,
      signal: signal ? ruleInWords(signal) : null,
      cells: figure ? valueOfTable(figure, base, indicator) : ['[x]', '[x]', '[x]'],
      coverage: coverage?.text ?? '[x]',
    };
  });
  const marks = new Marks(told);
  const noted = marks.of(indicator.code, line.authority);
  const who = line.authority === null ? told.region : told.nameOf(line.authority);
  const last = points.at(-1)?.signal;
  const isPrinted = typeof points.at(-1)?.value === 'number';
  // Without limits nothing says what is usual.
  const hasLimits = Boolean(points.at(-1)?.control);
  // How limits are made is of no use where there are none; why there are none is.
  const choices = points.some(({ control }) => control) ? line.chart.choices : line.remarks;
  const newestFigure = line.points.at(-1)?.figure;
  const isThere = Boolean(newestFigure && isSent(newestFigure));
  const newestInWords = !isPrinted
    ? `The newest is not ${isThere ? 'printed' : 'there'}.`
    : last
      ? `The newest is ${last}.`
      : hasLimits
        ? 'The newest period meets no rule of control charts.'
        : isOverlapping(indicator, line)
          ? 'Values over twelve months have no control limits.'
          : points.filter((point) => point.value !== null).length < LEAST_POINTS
            ? 'There are too few periods for control limits.'
            : 'Too few periods have the same authorities in them as the newest for control limits.';
  const { value } = points.at(-1) ?? {};
  const written = alike(points.map((point) => point.value));
  const seen =
    typeof value === 'number'
      ? `${written(value)}${{ percent: '%', per10000: ' per 10,000', mean: '' }[indicator.unit]}`
      : isThere
        ? 'not printed'
        : 'without a figure';
  const signal = isPrinted ? last : null;
  const claim = !isPrinted ? '' : (signal ?? (hasLimits ? 'as usual' : extremeInWords(points)));
  const name = nameOfPlace(newest);
  const named = `${name}, ${who}: ${seen}`;
  const { coverage } = newest;
  const when = ` in ${periodInShort(parsePeriod(told.period))}`;
  const of = isRegion && isThere && coverage.submitted < coverage.parties ? ` (${coverage.text})` : '';
  // The caption says how complete it is too; a signal is what the picture is looked at for.
  const ways = claim ? [when + of, of, ...(signal ? [''] : [])].map((more) => `${named}${more}, ${claim}`) : [];
  const about = aboutOf(
    told,
    [
      `${longNameOf(newest)}${noted}, ${unitOf(newest, told)}${toldTogether(newest)}${isRegion ? completeness([newest.coverage]) : ''}.`,
      ...choices,
      ...(told.gaps ?? []),
    ].join(' '),
  );
  const frame: Frame = {
    title: titled(...ways, ...(signal ? [] : [named + when + of, named + of])),
    description: `${name}: a line of ${points.length === 1 ? 'one period' : `${points.length} periods`} of ${who}${points.some(({ control }) => control) ? ' with its mean and control limits' : ''}. ${newestInWords} A gap is a period that is not printed.`,
    caption: captionOf(told, about, marks),
  };
  const ofMonths = points.some(({ period }) => isMonth(period));
  const rounded = (value: number | null | undefined) => orNone(typeof value === 'number' ? tenth(value) : null);
  return {
    ...frame,
    about,
    svg: timeChart(frame, points, axisOf(newest, told)),
    columns: [
      'Period',
      ...VALUE,
      ...(isRegion ? ['Authorities in it'] : []),
      'Mean',
      'Lower control limit',
      'Upper control limit',
      'Signal',
      ...(ofMonths ? ['Same month of the year before'] : []),
    ],
    rows: points.map((one) => [
      one.period,
      ...one.cells,
      ...(isRegion ? [one.coverage] : []),
      rounded(one.mean),
      rounded(one.control?.lower),
      rounded(one.control?.upper),
      // Of a period without limits nothing says whether it is unusual.
      one.signal ?? (one.control && one.value !== null ? 'none' : '[z]'),
      ...(ofMonths ? [sameMonthBefore(points, one)?.cells[0] ?? '[x]'] : []),
    ]),
    notes: marks.lines,
  };
}

/** Of three or more values that compare, whether the newest is above or below all others: `lowest of 5 years`; else empty. */
function extremeInWords(points: readonly ChartPoint[]): string {
  const values = points.flatMap(({ value, isCompared }) => (isCompared && value !== null ? [value] : []));
  const [newest, ...others] = values.reverse();
  if (newest === undefined || others.length < 2) return '';
  const kinds = { year: 'years', calendarYear: 'years', half: 'half-years', quarter: 'quarters', month: 'months' };
  const of = `of ${values.length} ${kinds[parsePeriod(points[0]!.period).kind]}`;
  if (others.every((one) => one > newest)) return `lowest ${of}`;
  return others.every((one) => one < newest) ? `highest ${of}` : '';
}

/** Who differs from the region by more than chance, among those whose values are printed by name. @param focus  who is looked for */
export function funnelChartOf(benchmark: Benchmark, funnel: Funnel, told: Told, focus: string | null): Chart {
  const { indicator, region, coverage } = benchmark;
  const marks = new Marks(told);
  const nameOf = (code: string | null) => (code === null ? other : told.nameOf(code) + marks.of(indicator.code, code));
  const dots = funnel.authorities.map(({ authority, base, value, flag }) => ({
    name: nameOf(authority),
    isDrawn: isDrawn(told, authority),
    isFocus: authority !== null && authority === focus,
    base,
    value,
    isOut: flag !== 'within',
    isFar: flag.endsWith('0.998'),
    flag,
  }));
  const rest = benchmark.authorities.filter(
    (one) => !funnel.authorities.some((dot) => dot.authority === one.authority),
  );
  const drawnRest = rest.filter(({ authority }) => isDrawn(told, authority));
  const hidden = drawnRest.flatMap(({ authority, figure, base }) => {
    const between = leftOf(figure, base, indicator);
    const isFocus = authority !== null && authority === focus;
    return between && base ? [{ name: nameOf(authority), isFocus, base, between }] : [];
  });
  const far = dots.filter(({ isFar }) => isFar).length;
  const missing = drawnRest.length - hidden.length;
  const widened = outsideWidened(funnel);
  const limits = funnel.isWidened
    ? 'widened 99.8% limits'
    : `99.8% limits${widened === null ? '' : `, ${widened} once widened`}`;
  const name = nameOfPlace(benchmark);
  const about = aboutOf(
    told,
    `${longNameOf(benchmark)}, ${unitOf(benchmark, told)}${toldTogether(benchmark)}${completeness([coverage])}${estimateInWords(benchmark)}. ${spreadInWords(funnel)}`,
  );
  const frame: Frame = {
    title: titled(
      `${name}: ${far} of ${dots.length} outside the ${limits}`,
      `${name}: ${far} of ${dots.length} outside ${limits}`,
    ),
    description:
      `${name}: a point for each authority by what its value rests on, between limits of 95% (dashed) and 99.8% (solid) about the region’s value. Squares lie outside, with their names or numbers for which the caption has them; all stand in the table.${hidden.length ? ' Dashed boxes are what is left of hidden figures.' : ''} ${missing ? `${missing} without a printed value are not drawn.` : ''}${leftOutInWords(told)}`.trim(),
    caption: captionOf(told, about, marks),
  };
  const baseName = baseNameOf(indicator, told);
  const flags = {
    'low-0.998': 'far below',
    'low-0.95': 'below',
    within: 'within',
    'high-0.95': 'above',
    'high-0.998': 'far above',
  };
  return {
    ...frame,
    about,
    svg: funnelChart(
      frame,
      dots.filter((dot) => dot.isDrawn),
      hidden,
      funnel,
      axisOf(benchmark, told),
      baseName,
    ),
    columns: ['Authority', baseName, ...VALUE, 'Beside the limits'],
    rows: [
      ...dots.map(({ name, base, value, flag }) => [
        name,
        String(base),
        String(value),
        '[z]',
        '[z]',
        flags[flag as keyof typeof flags],
      ]),
      ...rest.map(({ authority, figure, base }) => [
        nameOf(authority),
        base === null ? mark(figure) : String(base),
        ...valueOfTable(figure, base, indicator),
        mark(figure),
      ]),
      [regionName(benchmark), '[z]', ...valueOfTable(region, benchmark.regionBase, indicator), '[z]'],
    ],
    notes: marks.lines,
  };
}

const REGION = ['Region', 'Region hidden: at least', 'Region hidden: at most'];

/** One authority across indicators. @param benchmarks  those where it is shown by name @param lists  who its neighbours are, by this model */
export function spineOf(
  benchmarks: readonly Benchmark[],
  authority: string,
  told: Told,
  lists: Neighbours,
  model: NeighbourModel,
): Chart {
  const own = benchmarks
    .filter((one) => !isWholeOfItself(one))
    .flatMap((benchmark) => {
      const mine = benchmark.authorities.find((one) => one.authority === authority);
      return mine && isSent(mine.figure) ? [{ benchmark, mine }] : [];
    });
  const marks = new Marks(told);
  const rows = own.map(({ benchmark, mine }) => {
    const { figure, base, comparison } = mine;
    const { indicator, region, regionBase, coverage, quartiles, authorities } = benchmark;
    const england = told.englandOf(benchmark);
    const recent = told.recentOf?.(benchmark) ?? null;
    const near = neighbourFigureOf(benchmark, authority, lists, model, told.nameOf);
    return {
      name: `${indicator.code} ${indicator.name}`,
      unit: shortUnitOf(benchmark, told),
      polarity: indicator.polarity,
      noted: marks.of(indicator.code, authority),
      value: figure.value,
      between: leftOf(figure, base, indicator),
      mark: mark(figure),
      region: region.value,
      regionMark: mark(region),
      regionBetween: leftOf(region, regionBase, indicator),
      regionCells: valueOfTable(region, regionBase, indicator),
      coverage: coverage.text,
      england: england?.value ?? null,
      englandFrom: england && englandName(england),
      neighbours: near?.mean ?? null,
      nearest: near && near.mean !== null ? `${near.printed.length} of ${near.of}` : null,
      quartiles,
      isCoarse: indicator.unit === 'per10000' && authorities.some((one) => one.authority === null),
      open: quartiles ? cuts.filter((cut) => isOpen(quartiles, cut)) : [],
      comparison,
      beside: besideRegion(mine, region),
      recent: recent && { direction: recent, words: recentInWords(recent, indicator) },
      cells: valueOfTable(figure, base, indicator),
    };
  });
  const hasTrend = rows.some(({ recent }) => recent !== null);
  const hasEngland = rows.some(({ england }) => england !== null);
  const isMarked = rows.some(({ open }) => open.length);
  const senses = ['better', 'worse', 'higher', 'lower'].flatMap((word) => {
    const count = rows.filter(({ comparison }) => comparison === word).length;
    return count ? [`${count} ${word}`] : [];
  });
  const who = told.nameOf(authority);
  const apart = senses.join(', ') || 'nothing apart';
  const when = periodInWords(parsePeriod(told.period));
  const none = `${who} stands in no figure of ${when}: nothing is drawn.`;
  const about = aboutOf(
    told,
    // What is not drawn stands in its place.
    !rows.length
      ? who
      : `Each row has its own scale: the pale bar goes from the least to the largest printed value, whose numbers stand at the ends${hasEngland ? ', and England may lie beyond it' : ''}; better is to the right${turnedInWords(rows)}. ${MARKS_KEY} The middle half is of the printed values, where there are four or more${isMarked ? `; ${OPEN} figures that are not printed could make it another, and the table says between what` : ''}. Neighbours: the mean of the statistical neighbours (${model}) whose values are printed here${completeness(own.map(({ benchmark }) => benchmark.coverage))}${comparedInWords(
          own.map(({ benchmark }) => benchmark),
          (one) => one.authority === authority,
        )}${hasTrend ? '. Trend: the last five values rise or fall, whichever one is left out, with 99.8% confidence; none is said where they are not all printed' : ''}${hasEngland ? `. England: ${when} as published by the Department for Education, public, ${ROUNDED}` : ''}`,
  );
  const frame: Frame = {
    title: !rows.length
      ? `${who}: no figure of ${when}`
      : rows.some(({ comparison }) => comparison)
        ? titled(`${who} beside the region: ${apart}`, `${who}: ${apart}`)
        : `${who}: nothing to hold against the region`,
    description: !rows.length
      ? none
      : `${rows.length === 1 ? 'One indicator' : `${rows.length} indicators, each`} between the least and the largest printed value of the region, better to the right${turnedInWords(rows)}; the middle half darker, or hollow where neither end is better; a dot for this authority, a diamond for the region${hasEngland ? ', an upright dashed line for England' : ''}${rows.some(({ neighbours }) => neighbours !== null) ? ', a triangle for the mean of those of its statistical neighbours that are printed' : ''}${rows.some(({ between, regionBetween }) => between ?? regionBetween) ? ', a dashed box over what is left of a hidden figure, the taller one where it is the region’s' : ''}.${hasTrend ? ' An arrow shows the recent trend of its values, with a word beside it.' : ''}`,
    caption: captionOf(told, about, marks),
  };
  return {
    ...frame,
    about,
    svg: spineChart(
      frame,
      rows.map((row) => ({ ...row, name: row.name + row.noted })),
      none,
    ),
    columns: [
      'Indicator',
      'Unit',
      'Which is better',
      ...VALUE,
      ...REGION,
      'Authorities in it',
      ...(hasEngland ? ['England', 'England: period and source'] : []),
      `Neighbours (${model})`,
      'Neighbours in it',
      'Least',
      'Lower quartile',
      'Median',
      'Upper quartile',
      'Most',
      'Quartiles',
      'Beside the region',
      ...(hasTrend ? ['Recent trend'] : []),
    ],
    rows: rows.map((one) => [
      one.name + one.noted,
      one.unit,
      betterWords[one.polarity],
      ...one.cells,
      ...one.regionCells,
      one.coverage,
      ...(hasEngland ? [orMissing(one.england), orMissing(one.englandFrom)] : []),
      orMissing(one.neighbours),
      orNone(one.nearest),
      ...(['least', 'lower', 'median', 'upper', 'most'] as const).map((cut) =>
        orNone(one.quartiles && tenth(one.quartiles[cut])),
      ),
      one.quartiles ? quartilesInWords(one.quartiles) : '[z]',
      one.beside,
      ...(hasTrend ? [one.recent?.words ?? (one.value === null ? one.cells[0] : '[z]')] : []),
    ]),
    notes: marks.lines,
  };
}

/** Which rows of a spine are turned, and how those stand of which neither end is better, in a part of a sentence. */
function turnedInWords(rows: readonly Pick<Indicator, 'polarity'>[]): string {
  const count = (which: Indicator['polarity']) => rows.filter(({ polarity }) => polarity === which).length;
  const [lower, neutral] = [count('lower'), count('neutral')];
  return (
    (lower ? `, so that ${lower} where lower is better ${lower === 1 ? 'is' : 'are'} turned` : '') +
    (neutral ? `; in ${neutral} neither end is better, and higher is to the right` : '')
  );
}

/** In a cell of a picture. */
const short = (text: string) => text.replace(' to ', '–').replace(' or more', '+');

/** What a heat table has a row for: what somebody has a figure of, and is not 100 % for all. */
const isRow = (one: Benchmark) => one.authorities.some(({ figure }) => isSent(figure)) && !isWholeOfItself(one);

/**
 * Indicators by authorities, without what nobody has a figure of; in the table beside it a line for each figure and its limits,
 * for which the picture has no room.
 */
export function heatOf(benchmarks: readonly Benchmark[], told: Told): Chart {
  const filled = benchmarks.filter(isRow);
  const codes = [
    ...new Set(filled.flatMap(({ authorities }) => authorities.flatMap(({ authority }) => authority ?? []))),
  ];
  const inPicture = codes.filter((code) => isDrawn(told, code));
  const marks = new Marks(told);
  const drawn = filled.map((benchmark) => {
    const { indicator, authorities, region, regionBase, coverage } = benchmark;
    const named = authorities.filter(({ authority }) => authority !== null && isDrawn(told, authority));
    const written = alike([
      region.value,
      ...(leftOf(region, regionBase, indicator) ?? []),
      ...named.flatMap(({ figure, base }) => [figure.value, ...(leftOf(figure, base, indicator) ?? [])]),
    ]);
    return {
      name: `${indicator.code} ${indicator.name}`,
      unit: shortUnitOf(benchmark, told),
      region: short(shown(region, regionBase, indicator, written)),
      coverage: coverage.text,
      cells: inPicture.map((code) => {
        const one = authorities.find(({ authority }) => authority === code);
        return {
          text: one ? short(shown(one.figure, one.base, indicator, written)) : '[x]',
          note: marks.inOne(indicator.code, code),
          comparison: one?.comparison ?? null,
        };
      }),
    };
  });
  const about = aboutOf(
    told,
    `Rates are per 10,000 children${completeness(filled.map(({ coverage }) => coverage))}${whyNoneInWords(filled, told)}${comparedInWords(filled)}`,
  );
  const frame: Frame = {
    title: `${told.region}, ${periodInWords(parsePeriod(told.period))}: ${inPicture.length < codes.length ? 'authorities' : 'each authority'} beside the region`,
    description: `${drawn.length === 1 ? 'One indicator' : `${drawn.length} indicators`} by ${inPicture.length} authorities; in each cell the value, and a sign and colour for how it stands beside the region’s.${leftOutInWords(told)}`,
    caption: captionOf(told, about, marks),
  };
  const rows = filled.flatMap((benchmark) => {
    const { indicator, authorities, region, regionBase, regionLimits } = benchmark;
    const name = `${indicator.code} ${indicator.name}, ${unitOf(benchmark, told)}`;
    return [
      ...authorities.map((one) => [
        name,
        one.authority === null ? other : told.nameOf(one.authority) + marks.of(indicator.code, one.authority),
        ...valueOfTable(one.figure, one.base, indicator),
        ...limitsOfTable(one),
        besideRegion(one, region),
      ]),
      [
        name,
        regionName(benchmark),
        ...valueOfTable(region, regionBase, indicator),
        ...limitsOfTable({ figure: region, limits: regionLimits }),
        '[z]',
      ],
    ];
  });
  return {
    ...frame,
    about,
    svg: heatChart(frame, inPicture.map(told.nameOf), drawn),
    columns: ['Indicator', 'Where', ...VALUE, 'Lower 95% limit', 'Upper 95% limit', 'Beside the region'],
    rows,
    notes: marks.lines,
  };
}
