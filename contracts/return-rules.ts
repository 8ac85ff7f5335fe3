import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from './folder';

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
/** Read once, by whoever asks first. */
export const rules = (): Rules =>
  (read ??= JSON.parse(readFileSync(join(contractsFolder, 'rules', 'rules.json'), 'utf8')) as Rules);
