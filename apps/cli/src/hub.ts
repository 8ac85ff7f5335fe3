import { HubProblem, NotSignable, Unreachable } from '@hub/client';
import { NotStrictJson, Refusal, type Finding } from '@hub/kernel';
import { readInput, readValues, UsageError, type Command, type ExitCode } from './command';
import { keyCommands } from './keys';
import { receiptCommands } from './receipt';
import { roundCommands } from './round';
import { findingLines, submissionCommands } from './submission';
import { tokenCommands } from './token';

const commands: readonly Command[] = [
  ...keyCommands,
  ...submissionCommands,
  ...receiptCommands,
  ...roundCommands,
  ...tokenCommands,
];

/** Named already, built by later issues. */
const notBuilt = ['ledger', 'round check', 'agreement', 'publication verify', 'export'];

const disclosureUsage = [
  'disclosure protect [--time-limit S]      a problem on stdin, the decision on stdout',
  'disclosure audit                         a problem with a decision on stdin, the verdict on stdout',
];

const help = () =>
  [
    'hub: keys, signing, sending and verifying for authorities; rounds for leads; disclosure control for anybody.',
    '',
    ...commands.flatMap(({ name, usage, summary }) => [`  hub ${name} ${usage}`, `      ${summary}`]),
    ...disclosureUsage.map((line) => `  hub ${line}`),
    '',
    `Not built yet: ${notBuilt.join(', ')}.`,
    'Every command: --json for machines, --help. FILE - is standard input.',
    'Exit: 0 done, 1 refused by a rule (code on stderr), 2 wrong usage or malformed input, 3 the other side cannot be reached.',
    '',
  ].join('\n');
const helpOf = ({ name, usage, summary }: Command) => `usage: hub ${name} ${usage} [--json]\n${summary}\n`;

/** Where a run writes to. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}
const line = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);

/** Whether the arguments begin with these words. */
const begins = (args: readonly string[], words: string) => words.split(' ').every((word, i) => args[i] === word);

/**
 * Runs `hub` with these arguments.
 * @returns the exit code; throws only what is a mistake of this program
 */
export async function run(args: readonly string[], streams: Streams): Promise<ExitCode> {
  const { out } = streams;
  const err = (text: string) => streams.err(line(text));
  const wantsHelp = args.includes('--help') || args.includes('-h') || args[0] === 'help';
  if (args[0] === 'disclosure' && !wantsHelp) return disclosure(args.slice(1), streams);
  const command = commands.find(({ name }) => begins(args, name));
  if (!command) {
    const group = commands.filter(({ name }) => name.split(' ')[0] === args[0]);
    if (wantsHelp) {
      out(
        group.length
          ? group.map(helpOf).join('\n')
          : args[0] === 'disclosure'
            ? disclosureUsage.map((line) => `usage: hub ${line}\n`).join('')
            : help(),
      );
      return 0;
    }
    const later = notBuilt.find((words) => begins(args, words));
    if (later !== undefined) {
      err(`hub ${later}: not built yet. \`hub --help\` lists what is.`);
      return 2;
    }
    err(
      group.length
        ? group.map(helpOf).join('\n')
        : args.length === 0
          ? help()
          : 'There is no such command. `hub --help` lists them.',
    );
    return 2;
  }
  if (wantsHelp) {
    out(helpOf(command));
    return 0;
  }
  const rest = args.slice(command.name.split(' ').length);
  try {
    const values = readValues(command, rest);
    const { exitCode = 0, text, json, remark } = await command.run(values);
    if (remark !== undefined) err(remark);
    out(values.json ? `${JSON.stringify(json)}\n` : text);
    return exitCode;
  } catch (error) {
    return failed(error, command, rest.includes('--json'), err);
  }
}

/** The engine is loaded only when it is asked for. */
async function disclosure(args: readonly string[], { out, err }: Streams): Promise<ExitCode> {
  const { runDisclosureCommand } = await import('@hub/disclosure');
  const asksForAnything = args[0] === 'protect' || args[0] === 'audit';
  const { exitCode, stdout, stderr } = await runDisclosureCommand(
    args,
    asksForAnything ? readInput('-').toString('utf8') : '',
  );
  if (stderr) err(line(stderr));
  out(stdout);
  return exitCode;
}

interface Told {
  readonly exitCode: ExitCode;
  readonly code?: string;
  readonly message: string;
  readonly next?: string;
  readonly findings?: readonly Finding[];
  readonly pointer?: string;
  readonly facts?: unknown;
  readonly reference?: string;
}

function tell(error: unknown, command: Command): Told {
  if (error instanceof UsageError)
    return { exitCode: 2, message: error.message, next: `usage: hub ${command.name} ${command.usage}` };
  if (error instanceof NotSignable) return { exitCode: 2, message: error.message };
  if (error instanceof NotStrictJson) {
    return {
      exitCode: 2,
      message: `The payload is not strict JSON: ${error.reason}${error.pointer ? ` at ${error.pointer}` : ''}.`,
    };
  }
  // What this side refuses before anything is sent is malformed input.
  if (error instanceof Refusal) {
    const { code, message, next, facts, more } = error;
    return {
      exitCode: 2,
      code,
      message,
      next: 'expected' in facts ? `Expected: ${facts['expected']}.` : next,
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
    const { code, message, next, findings, pointer, reference } = told;
    err(`${code ? `${code}: ` : ''}${message}${pointer ? ` (${pointer})` : ''}`);
    if (findings?.length) err(findingLines(findings));
    if (next) err(next);
    if (reference) err(`Reference: ${reference}`);
  }
  return exitCode;
}
