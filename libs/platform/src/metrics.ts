/**
 * Numbers for who runs the hub, in the text format of Prometheus (version 0.0.4). Labels are words of this code alone: route,
 * status class, refusal code, kind of work. None names an authority, a region, a person or a count.
 */
export type Labels = Readonly<Record<string, string>>;

/** One number, under the name of its family and `suffix`. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly suffix?: string;
}

/** Numbers of one kind. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  samples(): readonly Sample[];
}

const written = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length ? `{${pairs.join(',')}}` : '';
};

/** What a collector reads. */
export function exposition(families: readonly Family[]): string {
  const lines = families.flatMap((family) => [
    `# HELP ${family.name} ${family.help}`,
    `# TYPE ${family.name} ${family.type}`,
    ...family.samples().map(({ labels, value, suffix = '' }) => `${family.name}${suffix}${written(labels)} ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
}

/** What is only ever counted up, from the start of the process. */
export class Counter implements Family {
  readonly type = 'counter';
  private readonly counts = new Map<string, { labels: Labels; value: number }>();

  constructor(
    readonly name: string,
    readonly help: string,
  ) {}

  /** @param labels  of a bounded number of values: a word of this code, never a text that a caller makes up */
  add(labels: Labels): void {
    const key = written(labels);
    const count = this.counts.get(key) ?? { labels, value: 0 };
    count.value++;
    this.counts.set(key, count);
  }

  samples = (): readonly Sample[] => [...this.counts.values()];
}

/** How often something took at most so many seconds. */
export class Histogram implements Family {
  readonly type = 'histogram';
  private readonly series = new Map<string, { labels: Labels; within: number[]; sum: number }>();

  /** @param bounds  seconds, rising */
  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
  ) {}

  observe(labels: Labels, seconds: number): void {
    const key = written(labels);
    const one = this.series.get(key) ?? { labels, within: [...this.bounds, Infinity].map(() => 0), sum: 0 };
    [...this.bounds, Infinity].forEach((bound, i) => (one.within[i]! += seconds <= bound ? 1 : 0));
    one.sum += seconds;
    this.series.set(key, one);
  }

  samples = (): readonly Sample[] =>
    [...this.series.values()].flatMap(({ labels, within, sum }) => [
      ...within.map((value, i) => ({
        labels: { ...labels, le: String(this.bounds[i] ?? '+Inf') },
        value,
        suffix: '_bucket',
      })),
      { labels, value: sum, suffix: '_sum' },
      { labels, value: within.at(-1)!, suffix: '_count' },
    ]);
}

/** Numbers as they are at this moment, or a count that something else keeps. */
export const reading = (
  name: string,
  help: string,
  samples: readonly Sample[],
  type: 'gauge' | 'counter' = 'gauge',
): Family => ({ name, help, type, samples: () => samples });

/** One number without labels. */
export const only = (value: number): Sample[] => [{ labels: {}, value }];

/** What happens in this process, counted where it happens. */
export const counted = {
  answers: new Counter('hub_http_answers_total', 'Answers by kind of request and class of status.'),
  seconds: new Histogram(
    'hub_http_seconds',
    'Seconds from a request to the end of its answer, of GraphQL and of returns that are sent.',
    [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ),
  refusals: new Counter('hub_refusals_total', 'Refusals by their code.'),
  // How long a compile takes hangs on hidden counts: four ranges say whether HUB_COMPILE_SECONDS is enough, and no more.
  work: new Counter('hub_work_total', 'Runs of background work by kind, outcome and about how long they took.'),
};

/** Whether a run took at most ten seconds, a minute, ten minutes, or longer. */
export const aboutHowLong = (seconds: number): string =>
  seconds <= 10 ? '10s' : seconds <= 60 ? '1m' : seconds <= 600 ? '10m' : 'longer';
