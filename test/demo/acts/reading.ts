import { bold, mustBe, say, table, written, type Stage } from '../stage';
import type { Benchmarks, Hidden } from './publications';

/** The latest period as a regional lead reads it, and what the edition says of the party that has left. */
export function leadReads(
  { periods, agreement }: Stage,
  benchmarks: Benchmarks,
  withdrawn: { authority: string; code: string; clause: string },
) {
  const latest = periods.at(-1)!;
  const plans = benchmarks.get(`${latest} ["CP01",[]]`)!;
  const bands = [...benchmarks].flatMap(([key, benchmark]) => {
    const name =
      key.startsWith(`${latest} `) && /\["CP01",\[\{"dimension":"duration","category":"([^"]+)"/.exec(key)?.[1];
    return name ? [{ name, benchmark }] : [];
  });
  say();
  say(
    bold(
      `${plans.indicator.name} (CP01), ${latest}, as a regional lead reads it: count, rate per 10,000 children, rank, and how long`,
    ),
  );
  say();
  table(
    ['', 'plans', 'rate', 'rank', ...bands.map(({ name }) => name)],
    [
      ...plans.authorities.map(({ authority, figure, rank }, i) => [
        authority.name,
        written(figure, 'count'),
        written(figure, 'value'),
        rank === null ? '' : String(rank),
        ...bands.map(({ benchmark }) => written(benchmark.authorities[i]!.figure, 'count')),
      ]),
      [
        `North East (${plans.coverage.text})`,
        written(plans.region, 'count'),
        written(plans.region, 'value'),
        '',
        ...bands.map(({ benchmark }) => written(benchmark.region, 'count')),
      ],
    ],
  );
  say();
  if (plans.quartiles) {
    const { lower, median, upper, basis } = plans.quartiles;
    say(
      `  Quartiles of the rate: ${lower}, ${median}, ${upper} (of ${basis} authorities).  [c] hidden   [x] not available`,
    );
  }
  const leaver = plans.authorities.find(({ authority }) => authority.code === withdrawn.authority)!.authority.name;
  say();
  say(bold('One party leaves'));
  say(`  ${leaver} has given signed notice to leave from today. A further return of it is refused:`);
  say(
    `  ${withdrawn.code}, clause ${withdrawn.clause}. The return that it had sent before stays out of the next publication too:`,
  );
  say(`  ${latest} says "${plans.coverage.text}".`);
  mustBe(plans.coverage.text === `${agreement.parties.length - 1} of ${agreement.parties.length}`, 'it says how many');
  return plans.coverage.text;
}

/** How much had to be hidden over all that was published. */
export function howMuchIsHidden({ agreement }: Stage, hidden: Hidden) {
  const share = hidden.cover / (hidden.cover + hidden.printed);
  say();
  say(bold('What was hidden, over three years and all indicators:'));
  say(
    `  ${hidden.small} figures because they are small (1 to ${agreement.disclosure.threshold - 1}), ${hidden.cover} to cover them; one mark for both.`,
  );
  say(
    `  ${hidden.printed.toLocaleString('en-GB')} figures are printed: ${(100 * share).toFixed(1)} % of those that are not small had to be hidden.`,
  );
  say(
    '  Before anything left, a checker that shares nothing with the suppressor added up, for the outsider and for each of',
  );
  say('  the twelve authorities, two whole tables for every small figure: nobody can compute one.');
  mustBe(hidden.small >= 10, 'fewer than ten figures are hidden as too small');
  mustBe(hidden.cover >= 5, 'fewer than five figures are hidden as cover');
  mustBe(share <= 0.4, 'more than 40 % of the other figures are hidden');
  return { ...hidden, shareOfOthers: Math.round(share * 1000) / 1000 };
}
