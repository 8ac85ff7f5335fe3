import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';

/** A rule of validation as its page tells it. */
export interface RuleText {
  /** Public: never renamed, never reused. */
  readonly code: string;
  readonly says: string;
  readonly do: string;
}

/** What was open, what started and what ended, as terms: with these a stock carries on from one period to the next. */
export interface Stock {
  readonly open: string;
  readonly started: string;
  readonly ended: string;
}

/** contracts/rules/rules.json: the rules that hold for every dataset, and the numbers of the queries. */
export interface Rules {
  readonly v: 1;
  readonly errors: readonly RuleText[];
  readonly queries: readonly [
    RuleText & { readonly code: 'change-against-previous'; readonly factor: number; readonly least: number },
    RuleText & {
      readonly code: 'unusual-against-own-history';
      readonly z: number;
      readonly periods: number;
      readonly needed: number;
      readonly least: number;
    },
    RuleText & {
      readonly code: 'does-not-carry-on';
      readonly least: number;
      readonly percent: number;
      readonly stocks: readonly Stock[];
    },
    RuleText & { readonly code: 'copy-of-the-last-return'; readonly least: number },
    RuleText & {
      readonly code: 'outside-the-printed-range';
      readonly percent: number;
      readonly needed: number;
      readonly least: number;
    },
  ];
  readonly file: readonly RuleText[];
  readonly notes: readonly RuleText[];
}
export type QueryCode = Rules['queries'][number]['code'];

let read: Rules | undefined;
export const rules = (): Rules =>
  (read ??= JSON.parse(readFileSync(join(contractsFolder, 'rules', 'rules.json'), 'utf8')) as Rules);

/** docs/rules.md: a page on which every finding of every dataset is explained. */
export function rulesPage(): string {
  const { errors, queries, file, notes } = rules();
  const chapter = (title: string, about: string, list: readonly RuleText[]) => [
    `## ${title}`,
    '',
    about,
    '',
    ...list.flatMap(({ code, says, do: next }) => [`### ${code}`, '', says, '', `What to do: ${next}`, '']),
  ];
  return [
    '# Rules',
    '',
    'What a finding means, by its code. Made from `contracts/rules/rules.json` by `npm run dictionary`. A rule between counts of one dataset (`police-referrals`) stands on the page of that [dataset](datasets/README.md).',
    '',
    ...chapter('Errors', 'A return with one is refused. All are told at once, each with a JSON pointer.', errors),
    ...chapter(
      'Queries',
      'Asked of the own figures, and of what is printed: no query is a function of what another authority has sent. Each is answered inside the signed return (`explanations`), confirmed or corrected with a reason; an unanswered one refuses.',
      queries,
    ),
    ...chapter(
      'Errors of a file',
      'Told by `hub submission make`, with row and column, before anything is signed.',
      file,
    ),
    ...chapter('Notes', 'They refuse nothing, and nobody has to answer.', notes),
  ].join('\n');
}
