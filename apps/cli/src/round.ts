import { editions } from '@hub/kernel';
import {
  patiently,
  type HubClient,
  type OwnFiguresAnswer,
  type RoundAnswer,
  type RoundStatusAnswer,
} from '@hub/client';
import { awaitedInWords } from './awaited';
import { OWN_HANDLING } from '@hub/submissions/domain';
import {
  codesIn,
  dateOf,
  instantOf,
  listing,
  moment,
  prose,
  UsageError,
  type Command,
  type Outcome,
  type Values,
} from './command';
import { connectionOptions, hubOf, nullWhere } from './connection';
import { publicationsOf } from './published';
import { waitUntil } from './wait';

const told = (round: RoundAnswer): Outcome => ({
  ...(round.state === 'held'
    ? { exitCode: 1 as const, remark: `${round.heldBecause ?? 'held'}: Nothing has left.` }
    : {}),
  text: listing([
    ['id', round.id],
    ['dataset', round.dataset],
    ['period', round.period],
    ['edition', round.edition],
    ['state', round.state],
    ['opens', round.opens],
    ['due', round.due],
    ['closes', round.closes],
    ['check until', round.checkUntil ?? undefined],
    ['publishes at', round.publishesAt ?? undefined],
    ['held because', round.heldBecause ?? undefined],
    ['returns', round.missing ? awaitedInWords(round, round.missing) : undefined],
  ]),
  json: round,
});

/** One line for each authority, then one for each indicator of the own returns that is not simply reported. */
function standing({ due, returns, mine, exceptions, remarks, notices }: RoundStatusAnswer): string {
  const day = (instant: string | null) => instant?.slice(0, 10) ?? '';
  const lines = (returns ?? []).map(({ authority, state, late, receivedAt, counted, confirmed, indicators }) =>
    [
      `${(state === 'missing' ? 'not sent' : state).padEnd(10)}${(late ? 'late' : '').padEnd(6)}${authority.code}  ${day(receivedAt).padEnd(12)}`,
      ...(counted === null ? [] : [`${counted} of ${indicators} indicators`.padEnd(26)]),
      authority.name ?? '',
      confirmed ? ', confirmed' : '',
    ].join(''),
  );
  const some = (returns ?? []).filter(({ late }) => late).length;
  if (lines.length) {
    const missing = (returns ?? []).filter(({ state }) => state === 'missing').length;
    lines.push(
      `${lines.length - missing} of ${lines.length} reported, ${missing} not sent, ${some} late (due ${due}).`,
    );
  }
  for (const { authority, version, receivedAt, late, confirmed, waiting, withdrawn, indicators } of mine ?? []) {
    const of = (state: string) => (indicators ?? []).filter((one) => one.state === state);
    const none = withdrawn === null ? 'nothing sent yet' : `version ${withdrawn} was withdrawn, and nothing is in use`;
    const sent = version === null ? none : `version ${version} of ${day(receivedAt)}`;
    lines.push(
      `${lines.length ? '\n' : ''}${authority.code} ${authority.name ?? ''}: ${sent}${late ? ', late' : ''}${confirmed ? ', confirmed' : ''}${waiting === null ? '' : `, ${waiting} waits for its approver`}`,
    );
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
  for (const { authority, kind, madeAt, sentAt } of notices ?? []) {
    const occasion = {
      beforeDue: 'reminded before the due date',
      afterDue: 'reminded after the due date',
      beforeEnd: 'reminded before the end',
      withdrawn: 'told of a withdrawal',
    };
    const how = sentAt ? 'by mail' : 'no mail has left';
    lines.push(`${occasion[kind]} on ${day(madeAt)}, ${how}: ${authority.code} ${authority.name ?? ''}`);
  }
  lines.push(...remarks);
  return lines.length ? `\n${lines.join('\n')}\n` : '';
}

/** The own figures before protection, as they are reckoned for print, what was answered and written, and what has changed. */
function figuresOf({ authority, version, confirmed, check }: OwnFiguresAnswer): string {
  const name = `${authority.code} ${authority.name ?? ''}`.trim();
  if (!check) return `${name}: nothing is in use\n`;
  const place = (one: { indicator: { code: string }; dimension: string | null; category: string | null }) =>
    one.dimension === null ? one.indicator.code : `${one.indicator.code} ${one.dimension}=${one.category}`;
  const said = { notCollected: 'not collected', notApplicable: 'not applicable', notAvailable: 'not available' };
  const figure = (one: NonNullable<typeof check.figures>[number]) =>
    one.kind === 'value'
      ? [
          String(one.count),
          one.of === null ? '' : `of ${one.of}`,
          one.value === null ? '' : `${one.value.toFixed(1)} ${one.unit}`,
        ]
      : [said[one.kind], '', ''];
  const number = (n: number | null) => (n === null ? 'no count' : String(n));
  return [
    `${name}, version ${version}${confirmed ? ', confirmed' : ''}`,
    OWN_HANDLING,
    ...(check.figures ?? []).map((one) => {
      const [count, of, value] = figure(one) as [string, string, string];
      return `  ${place(one).padEnd(38)}${count.padStart(10)}  ${of.padEnd(12)}${value.padEnd(18)}${one.indicator.name ?? ''}`.trimEnd();
    }),
    ...(check.figures ? [] : ['  The counts have been deleted, as the agreement says.']),
    ...check.answers.map((one) => `  query ${one.rule} on ${place(one)}: ${one.answer}, “${one.text}”`),
    ...check.commentary.map(({ indicator, text }) => `  comment on ${indicator.code}: “${text}”`),
    ...(check.replaces === null
      ? []
      : [`  in place of version ${check.replaces}${check.reason ? `: ${check.reason}` : ''}`]),
    ...(check.changes ?? []).map(
      (one) => `    ${place(one)}${one.ofDenominator ? ' (of)' : ''}: ${number(one.before)} → ${number(one.after)}`,
    ),
    '',
  ].join('\n');
}

/** A round, and whether what it has published was withdrawn; null where its publications are not shown. */
type ListedRound = RoundAnswer & { readonly withdrawn: boolean | null };

/** Asks for publications only where a round has published anything. Rounds are shown without an agreement in force, publications are not. */
async function withWithdrawn(
  hub: HubClient,
  region: string,
  rounds: readonly RoundAnswer[],
): Promise<readonly ListedRound[]> {
  const isAsked = rounds.some(({ state }) => state === 'published');
  const publications = isAsked
    ? await nullWhere(({ code }) => code.startsWith('AGREEMENT_'), publicationsOf(hub, region))
    : [];
  return rounds.map((round) => {
    if (!publications) return { ...round, withdrawn: round.state === 'published' ? null : false };
    const newest = publications.find(({ dataset, period }) => dataset === round.dataset && period === round.period);
    return { ...round, withdrawn: round.state === 'published' && newest?.state === 'WITHDRAWN' };
  });
}

/** How long after its moment a publication is waited for. */
const PATIENCE_MS = 30 * 60_000;
const isOver = ({ state }: RoundAnswer) => state === 'published' || state === 'held';

/** Waits until a round that was asked to publish has done so or is held. */
async function published(hub: HubClient, round: RoundAnswer, say: (what: string) => void): Promise<Outcome> {
  if (isOver(round)) return told(round);
  const due = round.publishesAt ? Date.parse(round.publishesAt) - Date.now() : 0;
  say(
    `it compiles; what comes of it appears ${due > 0 ? `at ${moment(round.publishesAt!)}` : 'when it is ready'}; waiting`,
  );
  const look = () => patiently(() => hub.roundStatus(round.id), { attempts: 4 });
  const last = await waitUntil(round, isOver, look, { giveUpAfter: Math.max(0, due) + PATIENCE_MS });
  if (isOver(last)) return told(last);
  return {
    ...told(last),
    exitCode: 3,
    remark: `Not published yet, and no longer waited for: hub round status ${round.id}`,
  };
}

const laterEditions = editions.slice(1);
const again = {
  due: 'required',
  closes: 'required',
  'check-until': 'optional',
  'publishes-at': 'optional',
  ...connectionOptions,
} as const;

/** The dates of a round that may be left out. @param example  of the last day of its check */
function datesAfter(values: Values, example: string) {
  const [checkUntil, publishesAt] = [values.get('check-until'), instantOf(values, 'publishes-at')];
  if (checkUntil !== undefined) dateOf(values, 'check-until', example);
  return { ...(checkUntil ? { checkUntil } : {}), ...(publishesAt ? { publishesAt } : {}) };
}

/** The dates for which a round opens again. */
function datesAgain(values: Values) {
  for (const name of ['due', 'closes']) dateOf(values, name, '2025-09-30');
  return { due: values.the('due'), closes: values.the('closes'), ...datesAfter(values, '2025-10-07') };
}

export const roundCommands: readonly Command[] = [
  {
    name: 'round list',
    usage: 'REGION [--dataset CODE] --url HUB --token-file F',
    summary: 'Rounds of a region, newest first, with who has sent nothing yet (for its leads).',
    more: 'The region can be given as --region too.',
    list: 'REGION',
    options: { region: 'optional', dataset: 'optional', ...connectionOptions },
    async run(values) {
      const [region, ...more] = [...values.all.map(codesIn), ...(values.has('region') ? [values.the('region')] : [])];
      if (region === undefined || more.length)
        throw new UsageError('REGION is missing, or there are several: name one.');
      const hub = hubOf(values);
      const rounds = await withWithdrawn(hub, region, await hub.rounds(region, values.get('dataset')));
      const line = ({ id, dataset, period, edition, state, closes, missing, withdrawn, ...round }: ListedRound) =>
        `${(withdrawn ? 'withdrawn' : state).padEnd(10)} ${period.padEnd(8)} ${edition.padEnd(12)} ${dataset.padEnd(24)} closes ${closes ?? '?'}  ${id}\n${missing?.length ? prose([`           ${awaitedInWords(round, missing)}\n`]).join('\n') : ''}`;
      return { text: rounds.map(line).join('') || 'No rounds.\n', json: rounds };
    },
  },
  {
    name: 'round status',
    usage: 'ROUND --url HUB --token-file F',
    summary:
      'How a round stands: for its lead who has reported, is late or has not sent; for an authority its own indicators.',
    argument: 'ROUND',
    options: connectionOptions,
    async run(values) {
      const round = await hubOf(values).roundStatus(values.the('ROUND'));
      return { text: told(round).text + standing(round), json: round };
    },
  },
  {
    name: 'round figures',
    usage: 'ROUND --url HUB --token-file F',
    summary:
      'The figures of your own return before protection, which hides small ones and others with them in what is printed; with answers, comments, and what has changed.',
    argument: 'ROUND',
    options: connectionOptions,
    async run(values) {
      const own = await hubOf(values).ownFigures(values.the('ROUND'));
      return { text: own.map(figuresOf).join('\n') || 'No return of yours belongs to this round.\n', json: own };
    },
  },
  {
    name: 'round confirm',
    usage: 'ROUND --authority CODE --version N --url HUB --token-file F',
    summary: 'Says as an approver that this version of your return is right; not by whoever has sent it.',
    argument: 'ROUND',
    options: { authority: 'required', version: 'required', ...connectionOptions },
    async run(values) {
      const version = values.the('version');
      if (!/^[1-9]\d{0,5}$/.test(version)) throw new UsageError('--version is the number of the version in use.');
      const asked = { authority: values.the('authority'), version: Number(version) };
      const confirmed = told(await hubOf(values).confirmReturn(values.the('ROUND'), asked));
      return { ...confirmed, text: `Confirmed: version ${version} of ${asked.authority}.\n${confirmed.text}` };
    },
  },
  {
    name: 'round propose',
    usage: '--dataset CODE --period PERIOD --url HUB --token-file F',
    summary: 'Dates for a round, over weekends and bank holidays.',
    options: { dataset: 'required', period: 'required', ...connectionOptions },
    async run(values) {
      const dates = await hubOf(values).proposedDates(values.the('dataset'), values.the('period'));
      const { opens, due, closes, checkUntil, publishesAt, remarks } = dates;
      const rows: [string, string][] = [
        ['--opens', opens],
        ['--due', due],
        ['--closes', closes],
        ['--check-until', checkUntil],
        ['--publishes-at', publishesAt],
      ];
      return { text: listing(rows) + remarks.map((remark) => `${remark}\n`).join(''), json: dates };
    },
  },
  {
    name: 'round address',
    usage: '--authority CODE [--data-protection] [--set ADDRESS | --remove] --url HUB --token-file F',
    summary:
      'The mailbox to which reminders of your authority go, or with --data-protection that of its data protection contact, who is told of withdrawals and of what a national release opens: shows it, sets it, or takes it out.',
    options: {
      authority: 'required',
      'data-protection': 'flag',
      set: 'optional',
      remove: 'flag',
      ...connectionOptions,
    },
    async run(values) {
      const set = values.has('remove') ? null : values.get('set');
      if (values.has('remove') && values.get('set') !== undefined) throw new UsageError('Either --set or --remove.');
      const mailbox = values.has('data-protection') ? 'dataProtection' : 'reminders';
      const address = await hubOf(values).reminderAddress(values.the('authority'), set, mailbox);
      return {
        text: address === null ? 'No mailbox: what would be sent is kept and shown.\n' : `${address}\n`,
        json: { address },
      };
    },
  },
  {
    name: 'round check',
    usage: 'ID --url HUB --token-file F',
    summary:
      'Marks a closed round as checked: ends the check window now, before its last day, once everybody who has reported has confirmed; nobody looks at figures after it.',
    argument: 'ID',
    options: connectionOptions,
    run: async (values: Values) => told(await hubOf(values).checkRound(values.the('ID'))),
  },
  {
    name: 'round open',
    usage:
      '--region CODE --dataset CODE --period PERIOD --opens DATE --due DATE --closes DATE [--check-until DATE] [--publishes-at INSTANT] --url HUB --token-file F',
    summary: 'Opens a round; it takes returns from --opens to the end of --closes, London time.',
    more: 'A DATE is 2026-07-31; an INSTANT has its time zone, 2026-08-14T09:30:00Z or 2026-08-14T10:30:00+01:00.',
    options: {
      region: 'required',
      dataset: 'required',
      period: 'required',
      opens: 'required',
      due: 'required',
      closes: 'required',
      'check-until': 'optional',
      'publishes-at': 'optional',
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
      const asked = { region, dataset, period, opens, due, closes };
      return told(await hubOf(values).openRound({ ...asked, ...datesAfter(values, '2025-08-07') }));
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
    name: 'round dates',
    usage:
      'ID [--opens DATE] [--due DATE] [--closes DATE] [--check-until DATE|none] [--publishes-at INSTANT|none] --url HUB --token-file F',
    summary: 'Moves dates of a round that are still to come; what is left out stays. Reminders follow the new ones.',
    argument: 'ID',
    options: {
      opens: 'optional',
      due: 'optional',
      closes: 'optional',
      'check-until': 'optional',
      'publishes-at': 'optional',
      ...connectionOptions,
    },
    async run(values) {
      for (const name of ['opens', 'due', 'closes']) if (values.has(name)) dateOf(values, name, '2025-07-31');
      const hub = hubOf(values);
      const { opens, due, closes, checkUntil, publishesAt } = await hub.roundStatus(values.the('ID'));
      const orNone = (name: string, now: string | null | undefined) =>
        values.get(name) === 'none' ? null : (values.get(name) ?? now ?? null);
      return told(
        await hub.moveRoundDates(values.the('ID'), {
          opens: values.get('opens') ?? opens!,
          due: values.get('due') ?? due!,
          closes: values.get('closes') ?? closes!,
          checkUntil: orNone('check-until', checkUntil),
          publishesAt: orNone('publishes-at', publishesAt),
        }),
      );
    },
  },
  {
    name: 'round edition',
    usage:
      'ID --edition revised|final --due DATE --closes DATE [--check-until DATE] [--publishes-at INSTANT] --url HUB --token-file F',
    summary: 'Opens a published round again for its next edition, in which later and late returns stand.',
    argument: 'ID',
    options: { edition: 'required', ...again },
    async run(values) {
      const edition = laterEditions.find((one) => one === values.the('edition'));
      if (!edition) throw new UsageError(`--edition is ${laterEditions.join(' or ')}.`);
      return told(await hubOf(values).openEdition(values.the('ID'), { edition, ...datesAgain(values) }));
    },
  },
  {
    name: 'round reopen',
    usage: 'ID --due DATE --closes DATE [--check-until DATE] [--publishes-at INSTANT] --url HUB --token-file F',
    summary:
      'Opens a held round again for the edition that was held, or one whose publication was withdrawn: what stood in its way can be mended until then.',
    argument: 'ID',
    options: again,
    async run(values) {
      const hub = hubOf(values);
      const { edition } = await hub.roundStatus(values.the('ID'));
      return told(await hub.openEdition(values.the('ID'), { edition, ...datesAgain(values) }));
    },
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
    usage: 'ID [--wait] --url HUB --token-file F',
    summary: 'Asks for the publication of a closed round; with --wait, until it is published or held.',
    more: 'What comes of it appears once the time that the hub gives a compile has passed: 10 minutes, unless the hub is set otherwise.\n--region was needed once; it may be left out.',
    argument: 'ID',
    options: { wait: 'flag', region: 'optional', ...connectionOptions },
    async run(values, say) {
      const hub = hubOf(values);
      const round = await hub.publishRound(values.the('ID'));
      return values.has('wait') ? published(hub, round, say) : told(round);
    },
  },
];
