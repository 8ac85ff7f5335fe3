import type { RoundAnswer, RoundStatusAnswer } from '@hub/client';
import { dateOf, listing, UsageError, type Command, type Outcome } from './command';
import { connectionOptions, hubOf } from './connection';

const told = (round: RoundAnswer): Outcome => ({
  ...(round.state === 'held'
    ? { exitCode: 1 as const, remark: `${round.heldBecause ?? 'held'}: Nothing has left.` }
    : {}),
  text: listing([
    ['id', round.id],
    ['dataset', round.dataset],
    ['period', round.period],
    ['state', round.state],
    ['opens', round.opens],
    ['due', round.due],
    ['closes', round.closes],
    ['held because', round.heldBecause ?? undefined],
    ['missing', round.missing?.join(' ')],
  ]),
  json: round,
});

/** One line for each authority, then one for each indicator of the own returns that is not simply reported. */
function standing({ due, returns, mine, exceptions }: RoundStatusAnswer): string {
  const day = (instant: string | null) => instant?.slice(0, 10) ?? '';
  const lines = (returns ?? []).map(({ authority, state, late, receivedAt, counted, indicators }) =>
    [
      `${state.padEnd(10)}${(late ? 'late' : '').padEnd(6)}${authority.code}  ${day(receivedAt).padEnd(12)}`,
      ...(counted === null ? [] : [`${counted} of ${indicators} indicators`.padEnd(26)]),
      authority.name ?? '',
    ].join(''),
  );
  const some = (returns ?? []).filter(({ late }) => late).length;
  if (lines.length) {
    const missing = (returns ?? []).filter(({ state }) => state === 'missing').length;
    lines.push(`${lines.length - missing} of ${lines.length} reported, ${missing} missing, ${some} late (due ${due}).`);
  }
  for (const { authority, version, receivedAt, late, indicators } of mine ?? []) {
    const of = (state: string) => (indicators ?? []).filter((one) => one.state === state);
    const sent = version === null ? 'nothing sent yet' : `version ${version} of ${day(receivedAt)}`;
    lines.push(`${lines.length ? '\n' : ''}${authority.code} ${authority.name ?? ''}: ${sent}${late ? ', late' : ''}`);
    if (!indicators) {
      lines.push('  The counts have been deleted, as the agreement says.');
      continue;
    }
    const listed = (what: string, codes: readonly string[]) => {
      if (codes.length) lines.push(`  ${what.padEnd(22)}${String(codes.length).padStart(4)}  ${codes.join(' ')}`);
    };
    const codesOf = (among: typeof indicators) => among.map(({ indicator }) => indicator.code);
    listed('reported', codesOf(of('reported').filter(({ counted }) => counted)));
    listed('confirmed nil', codesOf(of('confirmedNil')));
    listed('said, without a count', codesOf(of('reported').filter(({ counted }) => !counted)));
    listed('missing', codesOf(of('missing')));
    const parts = indicators.filter(({ state }) => state !== 'missing').flatMap(({ expected }) => expected);
    listed('breakdowns not given', parts);
  }
  for (const { authority, until, reason } of exceptions ?? []) {
    lines.push(`exception until ${until} for ${authority.code} ${authority.name ?? ''}: ${reason}`);
  }
  return lines.length ? `\n${lines.join('\n')}\n` : '';
}

const POLL_MS = 500;
const LONGEST_WAIT_MS = 10 * 60_000;

export const roundCommands: readonly Command[] = [
  {
    name: 'round list',
    usage: '--region CODE [--dataset CODE] --url HUB --token-file F',
    summary: 'Rounds of a region, newest first, with who has sent nothing yet (for its leads).',
    options: { region: 'required', dataset: 'optional', ...connectionOptions },
    async run(values) {
      const rounds = await hubOf(values).rounds(values.the('region'), values.get('dataset'));
      const line = ({ id, dataset, period, state, closes, missing }: RoundAnswer) =>
        `${state.padEnd(10)} ${period.padEnd(8)} ${dataset.padEnd(24)} closes ${closes ?? '?'}  ${id}${missing?.length ? `\n           missing: ${missing.join(' ')}` : ''}\n`;
      return { text: rounds.map(line).join('') || 'No rounds.\n', json: rounds };
    },
  },
  {
    name: 'round status',
    usage: 'ROUND --url HUB --token-file F',
    summary:
      'How a round stands: for its lead who has reported, is late or missing; for an authority its own indicators.',
    argument: 'ROUND',
    options: connectionOptions,
    async run(values) {
      const round = await hubOf(values).roundStatus(values.the('ROUND'));
      return { text: told(round).text + standing(round), json: round };
    },
  },
  {
    name: 'round open',
    usage:
      '--region CODE --dataset CODE --period PERIOD --opens DATE --due DATE --closes DATE --url HUB --token-file F',
    summary: 'Opens a round; it takes returns from --opens to the end of --closes, London time.',
    options: {
      region: 'required',
      dataset: 'required',
      period: 'required',
      opens: 'required',
      due: 'required',
      closes: 'required',
      ...connectionOptions,
    },
    async run(values) {
      for (const name of ['opens', 'due', 'closes']) dateOf(values, name, '2025-07-31');
      const [region, dataset, period, opens, due, closes] = [
        'region',
        'dataset',
        'period',
        'opens',
        'due',
        'closes',
      ].map(values.the) as [string, string, string, string, string, string];
      return told(await hubOf(values).openRound({ region, dataset, period, opens, due, closes }));
    },
  },
  {
    name: 'round close',
    usage: 'ID --url HUB --token-file F',
    summary: 'Closes an open round before its date.',
    argument: 'ID',
    options: connectionOptions,
    run: async (values) => told(await hubOf(values).closeRound(values.the('ID'))),
  },
  {
    name: 'round exception',
    usage: 'ROUND --authority CODE --until DATE --reason TEXT --url HUB --token-file F',
    summary: 'Lets an authority send its return after the end of a round; a lead from another authority grants it.',
    argument: 'ROUND',
    options: { authority: 'required', until: 'required', reason: 'required', ...connectionOptions },
    async run(values) {
      const [authority, until, reason] = [values.the('authority'), values.the('until'), values.the('reason')];
      dateOf(values, 'until', '2025-08-05');
      const granted = await hubOf(values).grantException(values.the('ROUND'), { authority, until, reason });
      return {
        text: listing([
          ['authority', granted.authority.code],
          ['until', granted.until],
          ['reason', granted.reason],
        ]),
        json: granted,
      };
    },
  },
  {
    name: 'round publish',
    usage: 'ID [--wait --region CODE] --url HUB --token-file F',
    summary: 'Asks for the publication of a closed round; with --wait, until it is published or held.',
    argument: 'ID',
    options: { wait: 'flag', region: 'optional', ...connectionOptions },
    async run(values) {
      const region = values.get('region');
      if (values.has('wait') && region === undefined) throw new UsageError('--wait needs --region.');
      const hub = hubOf(values);
      let round = await hub.publishRound(values.the('ID'));
      const until = Date.now() + LONGEST_WAIT_MS;
      while (values.has('wait') && round.state !== 'published' && round.state !== 'held' && Date.now() < until) {
        await new Promise((later) => setTimeout(later, POLL_MS));
        round = (await hub.rounds(region!)).find(({ id }) => id === round.id) ?? round;
      }
      return told(round);
    },
  },
];
