import type { ErasureAnswer, ErasurePlanAnswer, ReturnKeptAnswer } from '@hub/client';
import {
  folderToFill,
  listing,
  moment,
  table,
  UsageError,
  writeWhole,
  type Command,
  type Outcome,
  type Values,
} from './command';
import { connectionOptions, hubOf, placeIn } from './connection';
import { waitUntil } from './wait';

const SCOPE = '--authority CODE [--dataset CODE] [--period PERIOD]';
const CONNECTION = '--url HUB --token-file F';
const scopeOptions = { authority: 'required', dataset: 'optional', period: 'optional' } as const;
const asked = (values: Values) => ({
  authority: values.the('authority'),
  dataset: values.get('dataset'),
  period: values.get('period'),
});

/** Until when each return is kept, and what has gone of it. */
export function keptLines(returns: readonly ReturnKeptAnswer[]): string {
  const rows = returns.map(({ submission, dataset, period, version, envelopeOn, cellsOn, purges }) => [
    dataset,
    period,
    String(version),
    envelopeOn ?? 'gone',
    cellsOn ?? 'gone',
    purges
      .map(
        ({ what, purgedAt, agreement, clause }) =>
          `${what.join(', ')} ${purgedAt.slice(0, 10)} ${clause ? `(${agreement} ${clause})` : '(asked for)'}`,
      )
      .join('; '),
    submission,
  ]);
  return table(['dataset', 'period', 'version', 'envelope goes', 'counts go', 'gone already', 'submission'], rows, [2]);
}

const planText = ({ id, submissions, cells, publications, rounds, alsoIn }: ErasurePlanAnswer): string =>
  [
    submissions.length
      ? table(
          ['dataset', 'period', 'version', 'envelope', 'counts', 'submission'],
          submissions.map((one) => [
            one.dataset,
            one.period,
            String(one.version),
            one.envelope ? 'goes' : 'gone',
            String(one.cells),
            one.submission,
          ]),
          [2, 4],
        )
      : 'There is nothing to erase.\n',
    `\n${cells} counts would go. Receipts stay, and so does what has been published${publications.length ? `: ${publications.join(' ')}` : ''}.\n`,
    rounds.length ? `Rounds, not published yet, that would be without you: ${rounds.join(' ')}\n` : '',
    alsoIn.length
      ? `Some of it also stands in the envelopes of later returns, and stays there until they are erased too: ${alsoIn.join(' ')}\n`
      : '',
    `\nplan  ${id}\n`,
  ].join('');

const erasureText = ({ id, state, askedAt, doneAt, receipts }: ErasureAnswer): string =>
  listing([
    ['erasure', id],
    ['state', state],
    ['asked', moment(askedAt)],
    ['done', doneAt === null ? undefined : moment(doneAt)],
    ['receipts', receipts.length],
  ]);

/** @throws UsageError where the folder cannot be written; Unreachable as `placeIn` */
function keepReceipts(folder: string, { id, receipts }: ErasureAnswer): void {
  const places = receipts.map((_, i) => placeIn(folder, `${id}-${i + 1}.tlog-proof`));
  folderToFill(folder);
  receipts.forEach((receipt, i) => writeWhole(places[i]!, receipt));
}

const isDone = ({ state }: ErasureAnswer) => state === 'done';

function erasureOutcome(erasure: ErasureAnswer, values: Values): Outcome {
  const folder = values.get('receipts');
  if (folder !== undefined && erasure.state === 'done') keepReceipts(folder, erasure);
  const remark =
    erasure.state === 'asked'
      ? `Not done yet: hub retention status --erasure ${erasure.id}`
      : folder === undefined
        ? 'Each return that was erased has a receipt that says so: keep them with --receipts FOLDER.'
        : `The receipts are in ${folder}; \`hub receipt verify\` verifies them.`;
  return { text: erasureText(erasure), json: erasure, remark };
}

const LONGEST_WAIT_MS = 10 * 60_000;

export const retentionCommands: readonly Command[] = [
  {
    name: 'retention status',
    usage: `(${SCOPE} | --erasure ID [--receipts FOLDER]) ${CONNECTION}`,
    summary: 'Until when what your authority has sent is kept, and what has gone; or how far an erasure has come.',
    options: {
      ...scopeOptions,
      authority: 'optional',
      erasure: 'optional',
      receipts: 'optional',
      ...connectionOptions,
    },
    async run(values) {
      const erasure = values.get('erasure');
      if ((erasure === undefined) === (values.get('authority') === undefined))
        throw new UsageError('Give --authority or --erasure.');
      const hub = hubOf(values);
      if (erasure !== undefined) return erasureOutcome(await hub.erasure(erasure), values);
      const kept = await hub.retention(asked(values));
      return { text: kept.length ? keptLines(kept) : 'Nothing has been sent.\n', json: kept };
    },
  },
  {
    name: 'retention plan',
    usage: `${SCOPE} ${CONNECTION}`,
    summary: 'What an erasure would take away and what would stay; nothing happens.',
    options: { ...scopeOptions, ...connectionOptions },
    async run(values) {
      const plan = await hubOf(values).erasurePlan(asked(values));
      return {
        text: planText(plan),
        json: plan,
        remark: 'Nothing has happened. To do it: hub retention erase with the same options and --plan.',
      };
    },
  },
  {
    name: 'retention erase',
    usage: `${SCOPE} --plan ID [--wait] [--receipts FOLDER] ${CONNECTION}`,
    summary: 'Erases what the plan of that id has shown, and nothing else; it cannot be undone.',
    options: { ...scopeOptions, plan: 'required', wait: 'flag', receipts: 'optional', ...connectionOptions },
    async run(values, say) {
      const hub = hubOf(values);
      const erasure = await hub.eraseReturns(asked(values), values.the('plan'));
      if (!values.has('wait') || isDone(erasure)) return erasureOutcome(erasure, values);
      say('waiting for the erasure');
      const last = await waitUntil(erasure, isDone, () => hub.erasure(erasure.id), { giveUpAfter: LONGEST_WAIT_MS });
      return { ...erasureOutcome(last, values), ...(isDone(last) ? {} : { exitCode: 3 as const }) };
    },
  },
];
