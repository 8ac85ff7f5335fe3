import { readFileSync } from 'node:fs';
import { parseArgs, type ParseArgsConfig } from 'node:util';

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
  run(values: Values): Promise<Outcome>;
}

/** What was given, checked against the command's options. */
export interface Values {
  /** A required option, or the positional argument under its name. */
  the(name: OptionName): string;
  get(name: OptionName): string | undefined;
  has(name: OptionName): boolean;
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
    throw new UsageError(`${(error as Error).message.split('. ')[0]}.`);
  }
  const { values, positionals } = parsed;
  const [argument, ...more] = positionals;
  if (more.length > 0 || (argument !== undefined && !command.argument))
    throw new UsageError('There are more arguments than this command takes.');
  if (command.argument && argument === undefined) throw new UsageError(`${command.argument} is missing.`);
  for (const [name, need] of Object.entries(command.options)) {
    if (need === 'required' && values[name] === undefined) throw new UsageError(`--${name} is missing.`);
  }
  const get = (name: string) => {
    const value = name === command.argument ? argument : values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    json: values['json'] === true,
    get,
    the: (name) => get(name)!,
    has: (name) => values[name] !== undefined,
  };
}

/** The bytes of a file; `-` is standard input. @throws UsageError */
export function readInput(path: string): Buffer {
  try {
    return readFileSync(path === '-' ? 0 : path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}.`);
  }
}

/** The text of a UTF-8 file. @throws UsageError */
export function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readInput(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is not UTF-8 text.`);
  }
}

export function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be opened',
    EISDIR: 'it is a folder',
    EEXIST: 'it is there already',
    ENOTDIR: 'there is no such folder',
  };
  const { code } = error as NodeJS.ErrnoException;
  return (code && reasons[code]) ?? code ?? 'unknown';
}

/** The value of a column beside its name, line by line; what is undefined is left out. */
export function listing(rows: readonly (readonly [name: string, value: string | number | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}
