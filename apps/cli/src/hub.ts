import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agreementCommands } from './agreement';
import { HubProblem, NotSignable, Unreachable } from '@hub/client';
import { nearest, NotStrictJson, Refusal, type Finding } from '@hub/kernel';
import { withdrawnBecause } from '@hub/publications/domain';
import { authorityCommands } from './authority';
import { bookCommands } from './book';
import { circleCommands } from './circle';
import {
  line,
  listing,
  prose,
  readValues,
  UsageError,
  wantsHelp,
  type Command,
  type CommandGroup,
  type ExitCode,
  type Streams,
} from './command';
import { datasetCommands } from './dataset';
import { disclosure } from './disclosure';
import { FiguresInvalid } from './figures';
import { findingLines } from './findings';
import { exportCommands } from './export';
import { historyCommand } from './history';
import { issueCommands } from './issue';
import { itemCommands } from './issue-item';
import { keyCommands } from './keys';
import { ledgerCommands } from './ledger';
import { makeCommands } from './make';
import { meetingCommands } from './meeting';
import { memberCommands } from './member';
import { mondayCommand } from './monday';
import { commentaryCommands } from './commentary';
import { noteCommands } from './note';
import { ownCommands } from './own';
import { patternCommands } from './pattern';
import { publicationCommands } from './publication';
import { receiptCommands } from './receipt';
import { heldCommands } from './held';
import { roundCommands } from './round';
import { retentionCommands } from './retention';
import { standingCommands } from './standing';
import { submissionCommands } from './submission';
import { tokenCommands } from './token';

/** Of the commands of a round those that an authority uses for its own return. */
const ownRound = roundCommands.filter(({ name }) => ['round figures', 'round confirm', 'round address'].includes(name));
/** What a lead alone may do with a publication. */
const withdrawal = publicationCommands.filter(({ name }) => name === 'publication withdraw');
const published = publicationCommands.filter(({ name }) =>
  ['publication list', 'publication revisions'].includes(name),
);

/** Every command, by who uses it. A new one is a line of its own file, named here. */
const groups: readonly CommandGroup[] = [
  { title: 'Data teams: what a collection asks for', commands: datasetCommands },
  {
    title: 'Data teams: sign, check and send returns, and keep the receipts',
    commands: [...makeCommands, ...submissionCommands],
  },
  { title: 'Data teams and approvers: the own return before it is published', commands: ownRound },
  { title: 'Leads and approvers: agreements, from the draft to the end', commands: agreementCommands },
  { title: 'Approvers of an authority or agency: keys', commands: keyCommands },
  { title: 'Approvers of an authority: how long what was sent is kept', commands: retentionCommands },
  { title: 'Those who act for an authority: its own figures', commands: ownCommands },
  { title: 'Analysts and approvers: how figures of the own authority compare', commands: noteCommands },
  { title: 'The same, and leads: what is said of figures', commands: commentaryCommands },
  {
    title: 'Regional leads: rounds, and a publication that is wrong',
    commands: [...roundCommands.filter((one) => !ownRound.includes(one)), ...heldCommands, ...withdrawal],
  },
  {
    title: 'Readers of a region: what is published',
    commands: [
      mondayCommand,
      ...authorityCommands,
      ...published,
      ...standingCommands,
      historyCommand,
      ...patternCommands,
      ...exportCommands,
    ],
  },
  { title: 'Chairs of boards, agencies: issues that cross areas', commands: [...issueCommands, ...itemCommands] },
  { title: 'Chairs of boards: meetings and their packs', commands: meetingCommands },
  {
    title: 'Anybody: is this receipt true, is this publication safe, is the ledger as it was?',
    commands: [
      ...receiptCommands,
      ...publicationCommands.filter((one) => ![...withdrawal, ...published].includes(one)),
      ...ledgerCommands,
    ],
  },
  { title: 'Whoever administers: members, systems, circles', commands: [...memberCommands, ...circleCommands] },
  { title: 'Stewards: what the Department prints; approvers: what that opens', commands: bookCommands },
  { title: 'Systems and developers: access tokens', commands: tokenCommands },
];
export const commands: readonly Command[] = groups.flatMap((group) => group.commands);

const disclosureUsage = [
  'disclosure protect [--time-limit S] [--search S]  a problem on stdin, the decision on stdout',
  'disclosure audit                                  a problem with a decision on stdin, the verdict on stdout',
];

/** The first sentence. */
const short = (summary: string) => summary.split(/(?<=[.;:]) /)[0]!.replace(/[;:]$/, '.');
const NAME_WIDTH = 21;
const helpLine = ({ name, summary }: Command) =>
  listing([[`  hub ${name.padEnd(NAME_WIDTH)}`, short(summary)]]).trimEnd();
const helpEnd = [
  '`hub COMMAND --help` says what a command needs; `hub WORD --help` all that begin with that word. `hub --version` is the version.',
  'Every command: --json for machines. FILE - is standard input. HUB_URL and HUB_TOKEN_FILE stand in for --url and --token-file. A token goes by https://, or to this machine; HUB_PLAIN_HTTP=true lets it go by http://.',
  'Exit: 0 done, 1 refused by a rule (code on stderr), 2 wrong usage or malformed input, 3 the other side cannot be reached, 70 a mistake of hub itself.',
  '',
];

const help = () =>
  [
    ...prose([
      'hub: the command line of the Regional Safeguarding Data Hub.',
      '',
      'If you send returns, start with `hub dataset template CODE`, then `hub submission make` and `hub submission check`.',
      'If you lead a region or read its figures, start with `hub monday REGION`, then `hub indicator`, `hub pattern list` and `hub export`.',
      'If you hold a receipt or a publication, start with `hub receipt verify` or `hub publication verify`: of a file they need no account.',
      '',
    ]),
    ...groups.flatMap(({ title, commands: own }) => [title, ...own.map(helpLine), '']),
    'Anybody: disclosure control on any table, without a hub',
    ...disclosureUsage.map((line) => `  hub ${line}`),
    '',
    ...prose(helpEnd),
  ].join('\n');
const helpOf = ({ name, usage, summary, more }: Command) =>
  prose([
    `usage: hub ${[name, usage, '[--json]'].filter(Boolean).join(' ')}`,
    summary,
    ...(more === undefined ? [] : ['', ...more.trim().split('\n')]),
    '',
  ]).join('\n');

/** What was probably meant by words that are no command, and where to look. */
function noSuchCommand(args: readonly string[]): string {
  const typed = args.filter((arg) => !arg.startsWith('-'));
  const names = [...commands.map(({ name }) => name), 'disclosure protect', 'disclosure audit'];
  // Of a command of two words the first may be mistyped, the second, or both.
  const near = nearest(typed.slice(0, 2).join(' '), names) ?? nearest(typed[0] ?? '', names);
  const group = nearest(typed[0] ?? '', [...new Set(names.map((name) => name.split(' ')[0]!))]);
  const meant = near ?? (group && `${group} --help`);
  return `There is no such command.${meant === undefined ? '' : ` Did you mean \`hub ${meant}\`?`} \`hub --help\` lists them.`;
}

/** The version of the package that this program belongs to: the nearest one above it, built or not. */
function version(from = __dirname): string {
  const file = join(from, 'package.json');
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
    : version(dirname(from));
}

/** Whether the arguments begin with these words. */
const begins = (args: readonly string[], words: string) => words.split(' ').every((word, i) => args[i] === word);

/**
 * Runs `hub` with these arguments.
 * @returns the exit code; throws only what is a mistake of this program
 */
export async function run(typed: readonly string[], streams: Streams): Promise<ExitCode> {
  const { out } = streams;
  if (typed[0] === '--version') {
    out(`${version()}\n`);
    return 0;
  }
  // `help WORD` is `WORD --help`.
  const args = typed[0] === 'help' ? [...typed.slice(1), '--help'] : typed;
  const err = (text: string) => streams.err(line(text));
  const isHelp = wantsHelp(args);
  if (args[0] === 'disclosure' && !isHelp) return disclosure(args.slice(1), streams);
  const command = commands.find(({ name }) => begins(args, name));
  if (!command) {
    const group = commands.filter(({ name }) => name.split(' ')[0] === args[0]);
    const isKnown = group.length > 0 || args[0] === 'disclosure' || args.every((arg) => arg.startsWith('-'));
    const isDisclosure = args[0] === 'disclosure' && ['protect', 'audit'].includes(args[1] ?? '');
    if (isHelp && isKnown && (isDisclosure || (args[1] ?? '-').startsWith('-'))) {
      out(
        group.length
          ? group.map(helpOf).join('\n')
          : args[0] === 'disclosure'
            ? `${disclosureUsage.map((line) => `usage: hub ${line}\n`).join('')}The form of a problem: cells, equations, policy, as in docs/examples/disclosure.json.\n`
            : help(),
      );
      return 0;
    }
    if (args.length === 0) err(help());
    else if (group.length && args.length === 1) err(group.map(helpOf).join('\n'));
    else err(noSuchCommand(args));
    return 2;
  }
  if (isHelp) {
    out(helpOf(command));
    return 0;
  }
  const rest = args.slice(command.name.split(' ').length);
  try {
    const values = readValues(command, rest);
    const { exitCode = 0, text, json, remark } = await command.run(values, (what) => err(`… ${what}`));
    out(values.json ? `${JSON.stringify(json)}\n` : text);
    if (remark !== undefined) err(remark);
    return exitCode;
  } catch (error) {
    return failed(error, command, rest.includes('--json'), err);
  }
}

interface Told {
  readonly exitCode: ExitCode;
  readonly code?: string;
  readonly message: string;
  readonly next?: string | undefined;
  readonly findings?: readonly Finding[];
  readonly pointer?: string;
  readonly facts?: unknown;
  readonly reference?: string;
}

const placeIn = ({ pointer, place }: NotStrictJson) =>
  pointer ? ` at ${pointer}` : place ? ` in line ${place.line}, column ${place.column}` : '';

function tell(error: unknown, command: Command): Told {
  if (error instanceof UsageError)
    return { exitCode: 2, message: error.message, next: `usage: hub ${command.name} ${command.usage}` };
  if (error instanceof FiguresInvalid) return { exitCode: 2, message: `${error.message}.`, findings: error.findings };
  if (error instanceof NotSignable) return { exitCode: 2, message: error.message };
  if (error instanceof NotStrictJson) {
    return {
      exitCode: 2,
      message: `The input is not strict JSON: ${error.reason}${placeIn(error)}.`,
    };
  }
  // What this side refuses before anything is sent is malformed input.
  if (error instanceof Refusal) {
    const { code, message, next, facts, more } = error;
    return {
      exitCode: 2,
      code,
      message,
      next: 'expected' in facts ? undefined : next,
      facts,
      ...more,
    };
  }
  if (error instanceof Unreachable) return { exitCode: 3, message: error.message };
  if (error instanceof HubProblem) {
    const { code, message, more } = error;
    const { next, findings, pointer, facts, reference } = more;
    return {
      exitCode: more.status === 503 || more.kind === 'unavailable' ? 3 : 1,
      code,
      message,
      next,
      findings,
      pointer,
      facts,
      reference,
    };
  }
  throw error;
}

function failed(error: unknown, command: Command, json: boolean, err: (text: string) => void): ExitCode {
  const { exitCode, ...told } = tell(error, command);
  if (json) err(JSON.stringify(told));
  else {
    const say = (text: string) => err(prose(text.split('\n')).join('\n'));
    const { code, message, next, findings, pointer, facts, reference } = told;
    say(`${code ? `${code}: ` : ''}${message}${pointer ? ` (${pointer})` : ''}`);
    if (findings?.length) err(findingLines(findings));
    const { expected, ...others } = (facts ?? {}) as Record<string, string | number>;
    if (expected !== undefined) say(`Expected: ${expected}.`);
    const inWords: Readonly<Record<string, string>> = withdrawnBecause;
    const more = Object.entries(others).map(
      ([name, value]) => `${name} ${(name === 'because' && inWords[value]) || value}`,
    );
    if (more.length) say(`(${more.join(', ')})`);
    if (next) say(next);
    if (reference) err(`Reference: ${reference}`);
  }
  return exitCode;
}
