import { Counter, Gauge, Histogram } from 'prom-client';

/**
 * Numbers for who runs the hub. Labels are words of this code alone: route, status class, refusal code, kind of work. None names an
 * authority, a region, a person or a count. Nothing here enters the library's own register: `MetricsService` says what is told.
 */
const registers: [] = [];

/** One number as it is at this moment. */
export function reading(name: string, help: string, value: number): Gauge {
  const gauge = new Gauge({ name, help, registers });
  gauge.set(value);
  return gauge;
}

/** As many as there are sets of labels; of the same labels their sum. */
export function readings<Label extends string>(
  name: string,
  help: string,
  labelNames: readonly Label[],
  values: readonly (readonly [labels: Readonly<Record<Label, string>>, value: number])[],
): Gauge<Label> {
  const gauge = new Gauge({ name, help, labelNames, registers });
  for (const [labels, value] of values) gauge.inc(labels, value);
  return gauge;
}

/** What happens in this process, counted from its start where it happens. */
export const counted = {
  answers: new Counter({
    name: 'hub_http_answers_total',
    help: 'Answers by kind of request and class of status.',
    labelNames: ['route', 'status'],
    registers,
  }),
  seconds: new Histogram({
    name: 'hub_http_seconds',
    help: 'Seconds from a request to the end of its answer, of GraphQL and of returns that are sent.',
    labelNames: ['route'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  }),
  refusals: new Counter({
    name: 'hub_refusals_total',
    help: 'Refusals by their code.',
    labelNames: ['code'],
    registers,
  }),
  // How long a compile takes hangs on hidden counts: four ranges say whether HUB_COMPILE_SECONDS is enough, and no more.
  work: new Counter({
    name: 'hub_work_total',
    help: 'Runs of background work by kind, outcome and about how long they took.',
    labelNames: ['type', 'outcome', 'within'],
    registers,
  }),
  handOutsFailed: new Counter({
    name: 'hub_work_not_handed_out_total',
    help: 'Looks for background work of which nothing could be handed out, for Redis did not take it.',
    registers,
  }),
};

/** Whether a run took at most ten seconds, a minute, ten minutes, or longer. */
export const aboutHowLong = (seconds: number): string =>
  seconds <= 10 ? '10s' : seconds <= 60 ? '1m' : seconds <= 600 ? '10m' : 'longer';
