import { isAnyNumber, nearest, NotStrictJson, parseStrictJson } from '@hub/kernel';
import { audit, type Verdict } from './audit';
import { loadSolver } from './highs';
import { ProblemMalformed, parseCertificate, parseProblem, parseRelease, type Problem } from './problem';
import { protect, type Decision, type ProtectOptions } from './protect';

/** What a run of the command leaves: 0 done or safe, 1 refused or exposed, 2 wrong usage or malformed input. */
export interface CommandResult {
  readonly exitCode: 0 | 1 | 2;
  /** Piece by piece: a certificate of many attackers is longer than one text can be. */
  readonly stdout: Iterable<string>;
  readonly stderr: string;
}

const USAGE = `usage: hub disclosure protect [--time-limit S] [--search S] [--json]   a problem on stdin, the decision on stdout
       hub disclosure audit [--json]                                     a problem with a decision on stdin, the verdict on stdout
`;

const wrong = (message: string): CommandResult => ({ exitCode: 2, stdout: '', stderr: `${message}\n` });

const SECONDS = { '--time-limit': 'timeLimitSeconds', '--search': 'searchSeconds' } as const;

/** The options of `protect`, each given at most once; in words what is wrong with the arguments. */
function optionsOf(action: string, args: readonly string[]): ProtectOptions | string {
  const options: { timeLimitSeconds?: number; searchSeconds?: number } = {};
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--json') continue;
    if (!arg.startsWith('-')) return `The problem is read from stdin: hub disclosure ${action} < FILE.`;
    const name = Object.hasOwn(SECONDS, arg) ? SECONDS[arg as keyof typeof SECONDS] : undefined;
    if (name === undefined || action !== 'protect') {
      const near = action === 'protect' ? nearest(arg.slice(2), ['time-limit', 'search', 'json']) : undefined;
      return `Unknown option '${arg}'.${near === undefined ? '' : ` Did you mean --${near}?`}`;
    }
    if (options[name] !== undefined) return `${arg} is given twice.`;
    const text = args[++i] ?? '';
    if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > 86_400)
      return `${arg} is a number of seconds, above 0 and up to 86400.`;
    options[name] = Number(text);
  }
  return options;
}

/**
 * `hub disclosure protect|audit`: JSON in, one JSON document out, whether or not `--json` is given.
 * @param args   what follows `hub disclosure`: the action and its options
 * @param stdin  the whole of standard input
 * @param startedAt  from when a time limit counts, in milliseconds of performance.now()
 */
export async function runDisclosureCommand(
  args: readonly string[],
  stdin: string,
  startedAt = performance.now(),
): Promise<CommandResult> {
  const [action = '', ...typed] = args;
  const rest = typed.flatMap((arg) => (arg.startsWith('--') && arg.includes('=') ? split(arg) : [arg]));
  if (action !== 'protect' && action !== 'audit') return wrong(USAGE.trimEnd());
  const options = optionsOf(action, rest);
  if (typeof options === 'string') return wrong(`${options}\n${USAGE.trimEnd()}`);
  try {
    // Loading takes a while, and goes on beside the reading; where it fails, that is said when the solver is wanted.
    if (action === 'protect') loadSolver().catch(() => undefined);
    const json = parseStrictJson(stdin, undefined, isAnyNumber);
    // A decision or certificate beside a problem is not part of it; `protect` makes its own, and reads the problem itself.
    const answer =
      action === 'protect' ? await protect(json as Problem, left(options, startedAt)) : await runAudit(json);
    const isGood = answer.status === 'protected' || answer.status === 'safe';
    const stderr = [...(isGood ? [] : [`${answer.status}: ${whyNot(answer)}`]), ...nobodyIn(json as Problem)];
    return {
      exitCode: isGood ? 0 : 1,
      stdout: pieces(answer),
      stderr: stderr.map((each) => `${each}\n`).join(''),
    };
  } catch (error) {
    if (error instanceof ProblemMalformed) {
      const member = error.member === undefined ? '' : `; this one is called ${JSON.stringify(error.member)}`;
      return wrong(`malformed problem: ${error.message}${member}`);
    }
    if (stdin.trim() === '') return wrong('malformed problem: nothing came on stdin');
    if (error instanceof NotStrictJson) {
      const { pointer, place } = error;
      const where = pointer ? ` (at ${pointer})` : place ? ` (line ${place.line}, column ${place.column})` : '';
      return wrong(`malformed problem: ${error.message}${where}`);
    }
    throw error;
  }
}

/** How many entries of a list are written at once, and how long a piece is at least. */
const AT_ONCE = 1000;
const LEAST_PIECE = 65_536;

/** A line of JSON as `JSON.stringify` writes it, in pieces. */
export function* pieces(answer: object): Generator<string> {
  let piece = '';
  for (const part of written(answer)) {
    piece += part;
    if (piece.length < LEAST_PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
}
function* written(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > AT_ONCE) {
    for (let from = 0; from < value.length; from += AT_ONCE)
      yield `${from ? ',' : '['}${JSON.stringify(value.slice(from, from + AT_ONCE)).slice(1, -1)}`;
    yield ']';
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    if (!members.length) yield '{';
    for (const [at, [name, member]] of members.entries()) {
      yield `${at ? ',' : '{'}${JSON.stringify(name)}:`;
      yield* written(member);
    }
    yield '}';
  } else yield JSON.stringify(value);
}

/** `--search=2` is `--search 2`. */
const split = (arg: string) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)];

/** What is left of the time, once this program was started and the problem was read. */
function left({ timeLimitSeconds: limit, ...options }: ProtectOptions, startedAt: number): ProtectOptions {
  if (limit === undefined) return options;
  return { ...options, timeLimitSeconds: Math.max(0, limit - (performance.now() - startedAt) / 1000) };
}

/** Circles that name somebody of whom there is no cell: it may be meant, or a typing error that leaves them out. */
function nobodyIn({ cells, attackers = [] }: Problem): string[] {
  const known = new Set(
    cells.flatMap(({ owner, knowers = [] }) => (owner === undefined ? knowers : [owner, ...knowers])),
  );
  return attackers.flatMap(({ name, knows }) => {
    const strangers = knows.filter((party) => !known.has(party));
    return strangers.length ? [`note: ${name} knows cells of ${strangers.join(', ')}, and there are none`] : [];
  });
}

function whyNot(answer: Decision | Verdict): string {
  if (answer.status === 'protected') return '';
  if (answer.status === 'refused' && answer.cut) return 'time was too short to show it safe';
  if (answer.exposed.length === 0) return 'what was found does not hold its own check';
  return `${answer.exposed.length} pairs of cell and attacker are exposed`;
}

function runAudit(json: unknown) {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new ProblemMalformed('expected an object');
  const { decision, certificate, ...rest } = json as Record<string, unknown>;
  if (decision === undefined) throw new ProblemMalformed('member decision is missing');
  const problem = parseProblem(rest);
  // The whole answer of `protect` may stand as the decision: what is hidden counts, and its certificate is checked.
  const given = typeof decision === 'object' && decision !== null ? (decision as Record<string, unknown>) : {};
  const release = parseRelease({ suppressed: given.suppressed }, problem);
  const proof = certificate ?? given.certificate;
  return audit(problem, release, proof === undefined ? undefined : parseCertificate(proof));
}
