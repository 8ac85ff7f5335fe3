import { annual } from '../../support/returns';
import { bold, categoryName, mustBe, oneDecimal, say, stacked, table, written, type Stage } from '../stage';
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
  say(bold(`${plans.indicator.name} (CP01), ${latest}, as a regional lead reads it: how many, and for how long`));
  say();
  table(
    [
      '',
      'plans',
      'rate per\n10,000',
      'rank\n1 = highest',
      ...bands.map(({ name }) => stacked(categoryName(annual, 'duration', name), 10)),
    ],
    [
      ...plans.authorities.map(({ authority, figure, rank }, i) => [
        authority.name,
        written(figure, 'count'),
        written(figure, 'value'),
        rank === null ? '[x]' : String(rank),
        ...bands.map(({ benchmark }) => written(benchmark.authorities[i]!.figure, 'count')),
      ]),
      [
        'North East',
        written(plans.region, 'count'),
        written(plans.region, 'value'),
        '[z]',
        ...bands.map(({ benchmark }) => written(benchmark.region, 'count')),
      ],
      [
        '  authorities in it',
        plans.coverage.text,
        plans.coverage.text,
        '[z]',
        ...bands.map(({ benchmark }) => benchmark.coverage.text),
      ],
    ],
  );
  const leaver = plans.authorities.find(({ authority }) => authority.code === withdrawn.authority)!.authority.name;
  const without = plans.authorities
    .filter(({ authority }, i) => {
      const kinds = bands.map(({ benchmark }) => benchmark.authorities[i]!.figure.kind);
      return authority.code !== withdrawn.authority && kinds.every((kind) => kind === 'NOT_SUBMITTED');
    })
    .map(({ authority }) => authority.name);
  say();
  say('  [c] hidden: small, or it would give a small one away.  [x] no figure.  [z] does not apply.');
  say(`  ${leaver}: it has left the agreement (below), so nothing of it is published.`);
  if (without.length) {
    say(`  ${without.join(', ')}: no durations sent, for the published source hides a part of them.`);
  }
  if (plans.quartiles) {
    const { lower, median, upper, basis } = plans.quartiles;
    say(
      `  Quartiles of the rate: lower ${oneDecimal(lower)}, median ${oneDecimal(median)}, upper ${oneDecimal(upper)} (of ${basis} authorities).`,
    );
  }
  say();
  say(bold('One party leaves'));
  say(`  ${leaver} has given signed notice to leave from today. A further return of it is refused:`);
  say(
    `  ${withdrawn.code}: the agreement’s list of parties says so. The return that it had sent before stays out of the next publication too:`,
  );
  say(`  ${latest} says "${plans.coverage.text}".`);
  mustBe(plans.coverage.text === `${agreement.parties.length - 1} of ${agreement.parties.length}`, 'it says how many');
  return plans.coverage.text;
}

/** How much had to be hidden over all that was published. */
export function howMuchIsHidden({ agreement }: Stage, hidden: Hidden) {
  // How many of them are small is told to nobody, here neither.
  const { printed, regions } = hidden;
  const all = hidden.small + hidden.cover;
  const share = all / (all + printed);
  say();
  say(bold('What was hidden, over three years and all indicators:'));
  say(
    `  ${all} figures of ${(all + printed).toLocaleString('en-GB')}, ${(100 * share).toFixed(1)} %: those from 1 to ${agreement.disclosure.threshold - 1}, and others so that they do not follow.`,
  );
  say('  One mark stands for both, and how many of each there are is told to nobody: it would be a clue.');
  say(
    '  Before anything left, a checker that shares nothing with the suppressor added up, for the outsider and for each of',
  );
  say('  the twelve authorities, two whole tables for every small figure: nobody can compute one.');
  mustBe(hidden.small >= 10, 'fewer than ten figures are hidden as too small');
  mustBe(hidden.cover >= 5, 'fewer than five figures are hidden as cover');
  mustBe(share <= 0.4, 'more than 40 % of the figures are hidden');
  return { all, printed, regions, share: Math.round(share * 1000) / 1000 };
}
