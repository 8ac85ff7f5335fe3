import { fromPrinted, type Figure, type PublicationDocument } from '@hub/publications/domain';
import { denominatorSeriesOf, parseSeriesKey, type Dataset } from '@hub/registry/domain';
import { benchmarkOf, type ShownFigure } from './benchmark';
import { saidOf } from './said';
import { isSent } from './shown';

/** A printed count, or a number of children, of which a figure is made. */
export interface WhyPart {
  /** What it is in the formula. */
  readonly as: 'count' | 'denominator' | 'population' | 'summand';
  /** Null: the region's. */
  readonly authority: string | null;
  /** As the document names it; null for a population, which the registry has. */
  readonly series: string | null;
  /** In the indicator's own numbers. */
  readonly count: number;
}

/** Why a figure is what it is, out of what is printed. */
export interface Why {
  readonly figure: ShownFigure;
  /** In words and numbers. */
  readonly formula: string;
  /** Printed ones alone; none of a figure that is hidden. */
  readonly parts: readonly WhyPart[];
  /** How many of the region's summands are hidden. */
  readonly hiddenParts: number;
}

const withoutNumber: Record<Exclude<Figure['kind'], 'value'>, string> = {
  hidden:
    'hidden: it is small, or a small one could be worked out from it; one mark stands for both and does not tell which',
  notCollected: 'the authority does not collect it',
  notApplicable: 'it does not apply to the authority',
  notAvailable: 'it is not available',
  notSubmitted: 'the authority has sent no figure that could enter',
};
const toldTogether = (label: string) =>
  `told together with others, because the region had few of some of them: ${label} are what the other categories leave of the total`;
const number = (n: number) => n.toLocaleString('en-GB');

/**
 * Answers "why this number": the formula with its printed parts. A function of the document, the specification of its dataset
 * and the public numbers of children, so it tells nothing that they do not.
 * @param series  of a count, `CP01|duration=2-years-or-more#count`
 * @param authority  null: the region
 * @param populationOf  children aged 0 to 17 of an authority in the period
 * @returns null where the document has no such figure
 * @throws Refusal INDICATOR_ABSENT for a text that is no series
 */
export function whyOf(
  document: PublicationDocument,
  dataset: Dataset,
  series: string,
  authority: string | null,
  populationOf: (authority: string) => number | undefined,
): Why | null {
  const { indicator: code, categories, measure } = parseSeriesKey(series);
  const benchmark = measure === 'count' ? benchmarkOf(document, dataset, code, categories, populationOf) : null;
  const place = authority === null ? -1 : document.authorities.indexOf(authority);
  if (!benchmark || (authority !== null && place < 0)) return null;
  const figure = authority === null ? benchmark.region : benchmark.authorities[place]!.figure;
  const { unit, decimals } = benchmark.indicator;
  const scale = 10 ** decimals;
  const printed = (key: string, at: number): Figure => {
    const one = document.series.find((each) => each.key === key);
    return one ? fromPrinted(at < 0 ? one.region : one.figures[at]!) : { kind: 'notSubmitted' };
  };
  if (figure.kind !== 'value') {
    const said = saidOf(figure, baseOf(), benchmark.indicator);
    const isTogether = benchmark.together !== null && figure.kind === 'notAvailable';
    const reason = isTogether ? toldTogether(benchmark.together) : withoutNumber[figure.kind];
    const formula = `${reason}${said === null ? '' : `. What is printed leaves ${said}`}`;
    return { figure, formula, parts: [], hiddenParts: 0 };
  }
  const inside = document.authorities
    .map((each, at) => ({ authority: each, figure: printed(series, at) }))
    .filter((each) => isSent(each.figure));
  const summands = inside.flatMap(({ authority: whose, figure: { kind, ...rest } }): WhyPart[] =>
    kind === 'value'
      ? [{ as: 'summand', authority: whose, series, count: (rest as { value: number }).value / scale }]
      : [],
  );
  const parts: WhyPart[] = authority === null ? summands : [{ as: 'count', authority, series, count: figure.count! }];
  const hiddenParts = authority === null ? inside.length - summands.length : 0;
  const sum =
    authority === null
      ? `${number(figure.count!)} is the sum of ${inside.length} authorities${hiddenParts ? `, ${hiddenParts} of them hidden` : ''}; `
      : '';

  if (unit === 'per10000') {
    const whose = authority === null ? inside.map((each) => each.authority) : [authority];
    const children = whose.map((each): WhyPart | null => {
      const count = populationOf(each);
      return count === undefined ? null : { as: 'population', authority: each, series: null, count };
    });
    if (figure.value === null || children.some((one) => one === null))
      return { figure, formula: `${sum}no rate, for a number of children is not known`, parts, hiddenParts };
    parts.push(...(children as WhyPart[]));
    const all = (children as WhyPart[]).reduce((total, { count }) => total + count, 0);
    const formula = `${sum}${number(figure.count!)} ÷ ${number(all)} children aged 0 to 17 × 10,000 = ${number(figure.value)}`;
    return { figure, formula, parts, hiddenParts };
  }
  const denominator = denominatorSeriesOf(dataset, code, categories)!;
  if (figure.value === null || figure.of === null)
    return {
      figure,
      formula: `${sum}no ${unit === 'mean' ? 'average' : 'percentage'}, for what it is divided by ${figure.valueKind === 'hidden' ? 'is hidden' : figure.of === 0 ? 'is 0' : 'is not there'}`,
      parts,
      hiddenParts,
    };
  parts.push({ as: 'denominator', authority, series: denominator, count: figure.of });
  const times = unit === 'percent' ? ' × 100' : '';
  const formula = `${sum}${number(figure.count!)} ÷ ${number(figure.of)}${times} = ${number(figure.value)}${unit === 'percent' ? ' %' : ''}`;
  return { figure, formula, parts, hiddenParts };

  /** What an authority's own figure is divided by, where everybody may know it. */
  function baseOf(): number | null {
    if (authority === null) return null;
    if (unit === 'per10000') return populationOf(authority) ?? null;
    const of = printed(denominatorSeriesOf(dataset, code, categories)!, place);
    return of.kind === 'value' ? of.value / scale : null;
  }
}
