import type { Breakdown, Dataset, Indicator, PrintMark, Rule } from './dataset';
import { isAggregated } from './series';

const period = {
  month: 'month',
  quarter: 'quarter',
  half: 'half-year',
  year: 'financial year',
  calendarYear: 'calendar year',
};
const unit = { per10000: 'per 10,000 children aged 0 to 17', percent: '%', mean: 'on average' };
/** Which end of an indicator is the better one. */
export const betterWords = { higher: 'higher is better', lower: 'lower is better', neutral: 'neither is better' };
const basis = {
  flow: 'what happened in the period',
  snapshot: 'as it is at the end of the period',
  rolling12: 'the 12 months to the end of the period',
  survey: 'answers to a questionnaire',
};

/** What an indicator is divided by, in words. */
export const dividedBy = ({ denominator }: Indicator): string =>
  'own' in denominator
    ? denominator.own
    : 'indicator' in denominator
      ? denominator.indicator
      : 'Children aged 0 to 17, whom the hub knows';

/** A rule as a line of arithmetic: `RF05 − RF01|source=police = 0`. */
export function formulaOf({ terms, lower, upper }: Pick<Rule, 'terms' | 'lower' | 'upper'>): string {
  const sum = terms
    .map(
      ([term, factor]) => `${factor < 0 ? '−' : '+'} ${Math.abs(factor) === 1 ? '' : `${Math.abs(factor)} × `}${term}`,
    )
    .join(' ')
    .replace(/^\+ /, '');
  if (lower === upper) return `${sum} = ${lower}`;
  const bounds = [lower === undefined ? '' : `≥ ${lower}`, upper === undefined ? '' : `≤ ${upper}`];
  return `${sum} ${bounds.filter(Boolean).join(' and ')}`;
}

const cell = (text: string) => text.replace(/\|/g, '\\|');
const row = (...cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) => [
  row(...head),
  row(...head.map(() => '---')),
  ...rows.map((cells) => row(...cells)),
  '',
];

function markText(who: string, { by, threshold, rounding, monthsAfter, in: ending }: PrintMark): string {
  const exact = rounding === 0 ? 'exact' : `rounded to ${rounding}`;
  const counts = threshold > 1 ? `counts of ${threshold} and more, and nils` : 'every count';
  const when =
    monthsAfter === undefined
      ? ''
      : monthsAfter < 0
        ? `, ${-monthsAfter} months before the period ends`
        : `, ${monthsAfter} months after the period ends`;
  return `${who}: ${counts}, ${exact}${when}${ending === undefined ? '' : `, of periods ending ${ending} alone`} (${by})`;
}

const marksOf = (one: Indicator | Breakdown): string[] => [
  ...(one.nationallyPublished ? [markText('printed nationally', one.nationallyPublished)] : []),
  ...(one.printedLocally ? [markText('printed by each authority', one.printedLocally)] : []),
];

/** Categories that a line names one by one; the table under it has them all. */
const MOST_LISTED = 40;

/** The data dictionary of a dataset: a page of Markdown that a data officer can read. */
export function dictionaryOf(dataset: Dataset): string {
  const { code, version, title, about, frequency, dimensions, indicators, rules, changes } = dataset;
  const codesOf = ({ dimension, categories }: Breakdown) =>
    categories ?? dimensions[dimension]!.categories.map((category) => category.code);
  const lines = [
    `# ${title}`,
    '',
    `Dataset \`${code}\` version ${version}, one return for each ${period[frequency]}. Made from \`contracts/datasets/${code}.${version}.json\` by \`npm run dictionary\`; change that file, not this page.`,
    '',
    ...(about === undefined ? [] : [about, '']),
    isAggregated(dataset)
      ? `A return has a row for each of the ${indicators.length} indicators: a count, where 0 means that there were none, or a status (\`notCollected\`, \`notApplicable\`, \`notAvailable\`) with a reason. A breakdown is sent whole or not at all. [\`${code}.template.csv\`](${code}.template.csv) has every row; \`hub submission make\` turns it, as CSV or XLSX, into the payload that is signed.`
      : `Nobody asks for these: a return has rows for the measures that the authority uses, and a comment on each that says what it counts and, where it is given by team, which team has which number. [\`${code}.template.csv\`](${code}.template.csv) has every row.`,
    '',
    '## Indicators',
    '',
    ...table(
      ['Code', 'Name', 'Unit', 'Broken down by'],
      indicators.map((one) => [
        one.code,
        one.name,
        unit[one.unit],
        one.breakdowns.map(({ dimension }) => dimension).join(', ') || '–',
      ]),
    ),
  ];
  for (const one of indicators) {
    const decimals = one.decimals === 0 ? '' : '; with at most one decimal';
    lines.push(
      `### ${one.code} ${one.name}`,
      '',
      `- Count: ${one.counts}${decimals}`,
      `- Of: ${dividedBy(one)}${'population' in one.denominator ? '; no \`of\` is sent' : ''}`,
      `- Shown as: ${unit[one.unit]}; ${betterWords[one.polarity]}; ${basis[one.basis]}`,
      `- Whom it counts: ${one.people}${one.sensitive ? '; everyone in one answer is sensitive too' : ''}`,
      `- Source: ${one.source}`,
      `- Printed elsewhere: ${marksOf(one).join('; ') || 'no'}`,
      ...(one.challenge ?? []).map((question) => `- A peer asks: ${question}`),
    );
    for (const breakdown of one.breakdowns) {
      const whole = breakdown.sumsTo ?? 'the total';
      const sums = !breakdown.exhaustive
        ? 'not everyone, or some twice: no sum'
        : isAggregated(dataset)
          ? `everyone once, so they sum to ${whole}`
          : `those that there are, nobody twice, so they sum to no more than ${whole}`;
      const codes = codesOf(breakdown).map((each) => `\`${each}\``);
      const listed = codes.length > MOST_LISTED ? `${codes[0]} to ${codes.at(-1)}` : codes.join(', ');
      const marks = marksOf(breakdown).map((mark) => `; ${mark}`);
      lines.push(`- By ${breakdown.dimension}: ${listed}; ${sums}${marks.join('')}`);
    }
    lines.push('');
  }
  lines.push('## Categories', '');
  if (Object.keys(dimensions).length === 0) lines.push('None.', '');
  for (const [name, dimension] of Object.entries(dimensions)) {
    lines.push(
      `### ${name}: ${dimension.name}`,
      '',
      ...table(
        ['Code', 'Name', 'National code'],
        dimension.categories.map((each) => [`\`${each.code}\``, each.name, each.national ?? '–']),
      ),
    );
  }
  lines.push('## Rules', '');
  if (rules.length) {
    lines.push(
      'A return that breaks one is refused. A rule does not apply where one of its numbers is missing.',
      '',
      ...table(
        ['Rule', 'Says', 'As a sum'],
        rules.map((rule) => [`\`${rule.code}\``, rule.message, formulaOf(rule)]),
      ),
    );
  } else lines.push('None of its own.', '');
  lines.push(
    '## Changes',
    '',
    ...(changes?.since
      ? [`Since ${changes.since}:`, '', ...changes.list.map(({ kind, what, note }) => `- ${kind} \`${what}\`: ${note}`)]
      : ['This is the first version.']),
    '',
  );
  return lines.join('\n');
}
