import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from '@hub/kernel';

/** 0 done; 1 refused by a rule; 2 wrong usage or malformed input; 3 the other side cannot be reached. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command leaves. `json` is printed instead of `text` when --json is given. */
export interface Outcome {
  readonly exitCode?: ExitCode;
  readonly text: string;
  readonly json: unknown;
  /** A remark for the person in front of the screen; on stderr, so that stdout stays what was asked for. */
  readonly remark?: string;
}

/** Where a run writes to. */
export interface Streams {
  out(text: string): void;
  err(text: string): void;
}
export const line = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);

/** Whether somebody asks how to ask. */
export const wantsHelp = (args: readonly string[]): boolean =>
  args.includes('--help') || args.includes('-h') || args[0] === 'help';

type OptionName = string;
export interface Command {
  /** What stands behind `hub`, `keys new`. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Options with a value, and whether each has to be given. */
  readonly options: Readonly<Record<OptionName, 'required' | 'optional' | 'flag'>>;
  /** The name of the one positional argument, where there is one. */
  readonly argument?: string;
  /** The name of any number of positional arguments, where there may be some. */
  readonly list?: string;
  /** What `--help` says besides: steps, examples. */
  readonly more?: string;
  /** @param say  tells the person what is going on now, on stderr, where the work is long */
  run(values: Values, say: (what: string) => void): Promise<Outcome>;
}

/** Commands of one kind of person. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** Options that an environment variable gives where the command line does not. */
const fromEnvironment: Readonly<Record<OptionName, string>> = { url: 'HUB_URL', 'token-file': 'HUB_TOKEN_FILE' };

/** What holds codes and nothing else: of areas, indicators and periods. */
const coded: readonly OptionName[] = [
  ...['REGION', 'AUTHORITY', 'ORGANISATION', 'region', 'authority', 'authorities', 'organisation', 'of', 'as', 'owner'],
  ...['indicator', 'indicators', 'series', 'period', 'against', 'from', 'until', 'without'],
];

/**
 * Codes of areas, indicators and periods as the hub writes them, in small letters too: `e06000001,rf01|source=police` is
 * `E06000001,RF01|source=police`. All else stays: names of categories, boards and roles are small.
 */
export const codesIn = (text: string): string =>
  text.replace(/(?<=^|[,\s])(?:e\d{8}|[a-z]{2}\d\d|\d{4}-(?:q[1-4]|h[12]|fy|cy))(?=$|[,\s|#])/gi, (code) =>
    code.toUpperCase(),
  );

/** What a list names, with commas between. */
export const listIn = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

/** What was given, checked against the command's options. */
export interface Values {
  /** A required option, or the positional argument under its name. */
  the(name: OptionName): string;
  get(name: OptionName): string | undefined;
  has(name: OptionName): boolean;
  /** The positional arguments of a command that takes any number of them. */
  readonly all: readonly string[];
}

/** Wrong usage or malformed input, in plain words; exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function readValues(command: Command, args: readonly string[]): Values & { readonly json: boolean } {
  const options: NonNullable<ParseArgsConfig['options']> = { json: { type: 'boolean' } };
  for (const [name, need] of Object.entries(command.options))
    options[name] = { type: need === 'flag' ? 'boolean' : 'string' };
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true }) as typeof parsed;
  } catch (error) {
    const unknown = args.find((arg) => arg.startsWith('--') && !(arg.slice(2).split('=')[0]! in options));
    const near = unknown && nearest(unknown.slice(2).split('=')[0]!, Object.keys(options));
    throw new UsageError(
      `${(error as Error).message.split('. ')[0]}.${near === undefined ? '' : ` Did you mean --${near}?`}`,
    );
  }
  const { positionals } = parsed;
  const values = { ...parsed.values };
  for (const name of Object.keys(command.options)) {
    const given = process.env[fromEnvironment[name] ?? ''];
    if (given) values[name] ??= given;
  }
  const [argument, ...more] = positionals;
  if (!command.list && (more.length > 0 || (argument !== undefined && !command.argument))) {
    const missing = Object.keys(command.options).find((name) => command.options[name] === 'required' && !values[name]);
    const meant =
      missing === undefined ? '' : ` What is --${missing} stands behind its name: --${missing} ${positionals.at(-1)}.`;
    throw new UsageError(`There are more arguments than this command takes.${meant}`);
  }
  if (command.argument && argument === undefined) throw new UsageError(`${command.argument} is missing.`);
  for (const [name, need] of Object.entries(command.options)) {
    if (need !== 'required' || values[name] !== undefined) continue;
    const variable = fromEnvironment[name];
    throw new UsageError(`--${name} is missing${variable ? ` (or the environment variable ${variable})` : ''}.`);
  }
  const get = (name: string) => {
    const value = name === command.argument ? argument : values[name];
    if (typeof value !== 'string') return undefined;
    return coded.includes(name) ? codesIn(value) : value;
  };
  return {
    json: values['json'] === true,
    get,
    the: (name) => get(name)!,
    has: (name) => values[name] !== undefined,
    all: positionals,
  };
}

/** The bytes of a file; `-` is standard input. @throws UsageError */
export function readInput(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw notRead(path, error);
  }
}

/** The text of a UTF-8 file. @throws UsageError */
export const readText = (path: string): string => textOf(path, readInput(path));

/** The text of what was read from a file. @throws UsageError */
export function textOf(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const of = path === '-' ? 'standard input' : path;
    const isTooLong = (error as { code?: string }).code === 'ERR_STRING_TOO_LONG';
    throw new UsageError(
      isTooLong ? `${of} is longer than this program reads (half a gigabyte).` : `${of} is not UTF-8 text.`,
    );
  }
}

const reasonOf = (error: unknown, ofRest: Readonly<Record<string, string>>): string => {
  const reasons: Readonly<Record<string, string>> = {
    EACCES: 'it may not be opened',
    EISDIR: 'it is a folder',
    EEXIST: 'it is there already',
    ENOTDIR: 'there is no such folder',
    ENOSPC: 'the disk is full',
    ...ofRest,
  };
  const { code } = error as NodeJS.ErrnoException;
  return (code && reasons[code]) ?? code ?? 'unknown';
};
/** Why a file cannot be read or written, in plain words. */
export const notRead = (path: string, error: unknown): UsageError =>
  new UsageError(`${path} cannot be read: ${reasonOf(error, { ENOENT: 'there is no such file' })}.`);
export const notWritten = (path: string, error: unknown): UsageError =>
  new UsageError(`${path} cannot be written: ${reasonOf(error, { ENOENT: 'there is no such folder' })}.`);

/** Sees, before anything is done for it, that a file may be put where none is yet. @throws UsageError */
export function placeToFill(path: string): void {
  try {
    // With a dot behind it: what is a file is no folder.
    accessSync(`${dirname(path)}/.`, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritten(path, error);
  }
  if (existsSync(path)) throw notWritten(path, { code: 'EEXIST' });
}

/**
 * Writes a file whole or not at all: beside its place and then into it, so that neither a full disk nor an end half-way leaves a part
 * of it, or takes away what was there.
 * @param mode  who may read it
 * @throws UsageError
 */
export function writeWhole(path: string, text: string, mode = 0o666): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode, flush: true });
    renameSync(draft, path);
  } catch (error) {
    if (existsSync(draft)) rmSync(draft);
    throw notWritten(path, error);
  }
}

/**
 * Files of a folder that belong together: written in a folder inside it, and moved out when all of them are there.
 * @param write  is given the folder for them
 * @throws UsageError where the disk does not take them, and what `write` throws
 */
export async function writeTogether<T>(folder: string, write: (draft: string) => Promise<T>): Promise<T> {
  folderToFill(folder);
  const draft = mkdtempSync(join(folder, '.new-'));
  try {
    const done = await write(draft);
    for (const name of readdirSync(draft)) renameSync(join(draft, name), join(folder, name));
    return done;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : notWritten(folder, error);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Makes the folder where there is none, and sees that files may be put in. @throws UsageError */
export function folderToFill(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const isFile = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw isFile ? new UsageError(`${folder} is a file; a folder is needed.`) : notWritten(folder, error);
  }
}

/** The category that `--category source=police` names, as the graph takes it. Null where none was given. @throws UsageError */
export function breakdownOf(values: Values): { readonly dimension: string; readonly category: string }[] | null {
  const text = values.get('category');
  if (text === undefined) return null;
  const [dimension, category, ...more] = text.split('=');
  if (!dimension || !category || more.length) throw new UsageError('--category is written as source=police.');
  return [{ dimension, category }];
}

/**
 * A civil date that was given, in its form; the hub says whether there is such a day. Null where it was not given.
 * @throws UsageError
 */
export function dateOf(values: Values, name: OptionName, example = '2026-04-01'): string | null {
  const text = values.get(name) ?? null;
  if (text !== null && !/^\d{4}-\d\d-\d\d$/.test(text)) throw new UsageError(`--${name} is a date, ${example}.`);
  return text;
}

/**
 * An instant that was given, with the time zone that it is meant in. Undefined where it was not given.
 * @throws UsageError
 */
export function instantOf(values: Values, name: OptionName): string | undefined {
  const text = values.get(name);
  if (text !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text))
    throw new UsageError(`--${name} is an instant, 2026-08-14T09:30:00Z or 2026-08-14T10:30:00+01:00.`);
  return text;
}

/** To the minute: `2025-07-31 09:00 UTC`. */
export const moment = (text: string): string => `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;

/** How many letters a line of the screen has, as `main` finds it; no end where there is none: what goes into a file is not folded. */
const screen = (): number => Number(process.env['COLUMNS']) || Infinity;
/** No column is folded to fewer. */
const LEAST = 16;

/** Words in lines of at most so many letters, each but the first two letters in; a longer word stands alone. */
function folded(text: string, most: number): string[] {
  const [first = '', ...more] = text.split(' ');
  const lines = [first];
  for (const word of more) {
    const last = lines.at(-1)!;
    if ([...last].length + 1 + [...word].length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`  ${word}`);
  }
  return lines;
}

/** Sentences as lines that break between words where the screen ends. */
export const prose = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => {
    const indent = /^ */.exec(line)![0];
    return folded(line.slice(indent.length), screen() - indent.length).map((part) => indent + part);
  });

/** The value of a column beside its name, line by line, folded where the screen ends; what is undefined is left out. */
export function listing(rows: readonly (readonly [name: string, value: string | number | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  const most = Math.max(LEAST, screen() - width - 2);
  return shown
    .flatMap(([name, value]) => folded(String(value), most).map((part, i) => [i === 0 ? name : '', part] as const))
    .map(([name, part]) => `${name.padEnd(width)}  ${part}\n`)
    .join('');
}

/**
 * A table: the head, a line, and the rows; the columns of `right` are numbers. Where the screen is too narrow for it the cells of one
 * column are folded, and nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
  fold = -1,
): string {
  const widthsOf = (all: readonly (readonly string[])[]) =>
    head.map((_, i) => Math.max(...all.map((row) => [...row[i]!].length)));
  const whole = widthsOf([head, ...rows]);
  const others = whole.reduce((sum, width, i) => (i === fold ? sum : sum + width + 2), 0);
  const most = Math.max(LEAST, screen() - others);
  const lines = rows.flatMap((row) => {
    const parts = folded(row[fold] ?? '', most);
    return parts.map((part, at) => row.map((cell, i) => (i === fold ? part : at === 0 ? cell : '')));
  });
  const widths = widthsOf([head, ...lines]);
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [head, widths.map((width) => '-'.repeat(width)), ...lines].map((row) => `${line(row)}\n`).join('');
}
