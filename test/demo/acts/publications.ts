import { day, NORTH_EAST } from '../../support/world';
import { BENCHMARK, bold, mustBe, say, seriesOf, timed, type Benchmark, type Stage } from '../stage';

/** What a reader is shown of each series, by `period series`. */
export type Benchmarks = Map<string, Benchmark>;
export interface Hidden {
  small: number;
  cover: number;
  printed: number;
  regions: number;
}
interface Published {
  readonly period: string;
  readonly state: string;
  readonly number: number;
  readonly digest: string;
  readonly seconds: number;
}

/**
 * Each period is published and read, series by series, and held to the raw figures: no small number is printed, and what is
 * printed is what was sent. Before the last one a party leaves by signed notice.
 */
export async function periodsArePublished(stage: Stage) {
  const { periods, figures } = stage;
  const hidden: Hidden = { small: 0, cover: 0, printed: 0, regions: 0 };
  const benchmarks: Benchmarks = new Map();
  const published: Published[] = [];
  // Last in the list, so that nothing else of what is shown depends on it.
  const leaver = figures.returns.findLast((each) => each.period === periods.at(-1))!.authority;
  let withdrawn = { authority: '', from: '', code: '', clause: '' };
  for (const period of periods) {
    const isLast = period === periods.at(-1);
    if (isLast) withdrawn = await timed('withdrawal', () => partyLeaves(stage, leaver, period));
    published.push(await publish(stage, period, benchmarks));
    hold(stage, period, isLast ? leaver : null, benchmarks, hidden);
  }
  say();
  say(bold('Published:'));
  for (const { period, number, digest, seconds } of published) {
    say(`  ${period}   publication ${number}   sha256 ${digest.slice(0, 16)}…   ${seconds.toFixed(1)} s`);
  }
  return { published, benchmarks, hidden, withdrawn };
}

async function partyLeaves({ world, agreement, figures }: Stage, leaver: string, period: string) {
  await world.withdraw(agreement, leaver, day(0));
  const late = figures.returns.find((each) => each.period === period && each.authority === leaver)!;
  const again = await world.sendReturn(NORTH_EAST, figures.dataset, {
    ...late,
    rows: late.rows.map((row, i) => (i ? row : { ...row, count: (row.count ?? 0) + 1 })),
  });
  const { code, facts } = again.answer.body as { code?: string; facts?: { clause?: string } };
  mustBe(code === 'AGREEMENT_NOT_A_PARTY', 'a party that has left can still send');
  return { authority: leaver, from: day(0), code: code!, clause: facts?.clause ?? '' };
}

async function publish({ world, figures, rounds, lead }: Stage, period: string, benchmarks: Benchmarks) {
  const began = Date.now();
  const { state, heldBecause } = await timed('publish', () => world.publish(NORTH_EAST, rounds.get(period)!));
  mustBe(state === 'PUBLISHED', `the round of ${period} is ${state} because ${heldBecause}`);
  const seconds = (Date.now() - began) / 1000;
  const wanted = new Set(
    figures.returns
      .filter((each) => each.period === period)
      .flatMap(({ rows }) => rows.filter((row) => row.count !== undefined).map(seriesOf)),
  );
  await timed('read', async () => {
    for (const series of wanted) {
      const [indicator, breakdown] = JSON.parse(series) as [string, unknown];
      const { region } = await world.ask<{ region: { benchmark: Benchmark } }>(lead, BENCHMARK, {
        code: NORTH_EAST,
        indicator,
        period,
        breakdown,
      });
      benchmarks.set(`${period} ${series}`, region.benchmark);
    }
  });
  const { publication } = benchmarks.get(`${period} ${[...wanted][0]!}`)!;
  return { period, state, ...publication, seconds };
}

/** Holds what is shown of a period to what was sent, and counts into `hidden` what is not printed. */
function hold(stage: Stage, period: string, leaver: string | null, benchmarks: Benchmarks, hidden: Hidden): void {
  const raw = new Map(
    stage.figures.returns
      .filter((each) => each.period === period)
      .flatMap(({ authority, rows }) => rows.map((row) => [`${authority} ${seriesOf(row)}`, row] as const)),
  );
  for (const [key, { authorities, region }] of benchmarks) {
    if (!key.startsWith(`${period} `)) continue;
    const series = key.slice(period.length + 1);
    hidden.regions += region.kind === 'HIDDEN' ? 1 : 0;
    for (const { authority, figure } of authorities) {
      const count = raw.get(`${authority.code} ${series}`)?.count;
      if (authority.code === leaver) {
        mustBe(figure.kind === 'NOT_SUBMITTED', `${authority.code} has left and is shown all the same`);
      } else if (count === undefined) {
        const made = figure.kind === 'VALUE' || figure.kind === 'HIDDEN';
        mustBe(!made, `${authority.code} ${series} has a figure out of nothing`);
      } else {
        const isSmall = count > 0 && count < stage.agreement.disclosure.threshold;
        if (figure.kind === 'HIDDEN') hidden[isSmall ? 'small' : 'cover']++;
        else {
          mustBe(!isSmall, `a small number of ${authority.code} is printed`);
          mustBe(figure.count === count, `${authority.code} ${series} was printed as another number`);
          hidden.printed++;
        }
      }
    }
  }
}
