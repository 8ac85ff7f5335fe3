import { NotStrictJson, parseStrictJson } from '@hub/kernel';
import { audit, type Verdict } from './audit';
import { loadSolver } from './highs';
import { ProblemMalformed, parseCertificate, parseProblem, parseRelease, type Problem } from './problem';
import { protect, type Decision, type ProtectOptions } from './protect';

/** What a run of the command leaves: 0 done or safe, 1 refused or exposed, 2 wrong usage or malformed input. */
export interface CommandResult {
  readonly exitCode: 0 | 1 | 2;
  readonly stdout: string;
  readonly stderr: string;
}

const USAGE = `usage: hub disclosure protect [--time-limit S] [--search S] [--json]   a problem on stdin, the decision on stdout
       hub disclosure audit [--json]                                     a problem with a decision on stdin, the verdict on stdout
`;

const wrong = (message: string): CommandResult => ({ exitCode: 2, stdout: '', stderr: `${message}\n` });

const SECONDS = { '--time-limit': 'timeLimitSeconds', '--search': 'searchSeconds' } as const;

/** The options of `protect`, each given at most once; undefined where the arguments are wrong. */
function optionsOf(action: string, args: readonly string[]): ProtectOptions | undefined {
  const options: { timeLimitSeconds?: number; searchSeconds?: number } = {};
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--json') continue;
    const name = Object.hasOwn(SECONDS, args[i]!) ? SECONDS[args[i] as keyof typeof SECONDS] : undefined;
    if (name === undefined || action !== 'protect' || options[name] !== undefined) return undefined;
    const text = args[++i] ?? '';
    if (!/^\d+(\.\d+)?$/.test(text) || Number(text) <= 0 || Number(text) > 86_400) return undefined;
    options[name] = Number(text);
  }
  return options;
}

/**
 * `hub disclosure protect|audit`: JSON in, one JSON document out, whether or not `--json` is given.
 * @param args   what follows `hub disclosure`: the action and its options
 * @param stdin  the whole of standard input
 */
export async function runDisclosureCommand(args: readonly string[], stdin: string): Promise<CommandResult> {
  const [action = '', ...rest] = args;
  if (action !== 'protect' && action !== 'audit') return wrong(USAGE.trimEnd());
  const options = optionsOf(action, rest);
  if (!options) return wrong(USAGE.trimEnd());
  try {
    // Loading takes a while, and goes on beside the reading; where it fails, that is said when the solver is wanted.
    if (action === 'protect') loadSolver().catch(() => undefined);
    const json = parseStrictJson(stdin);
    // A decision or certificate beside a problem is not part of it; `protect` makes its own, and reads the problem itself.
    const answer = action === 'protect' ? await protect(json as Problem, options) : await runAudit(json);
    const isGood = answer.status === 'protected' || answer.status === 'safe';
    const stderr = isGood ? '' : `${answer.status}: ${whyNot(answer)}\n`;
    return { exitCode: isGood ? 0 : 1, stdout: `${JSON.stringify(answer)}\n`, stderr };
  } catch (error) {
    if (error instanceof ProblemMalformed) return wrong(`malformed problem: ${error.message}`);
    if (error instanceof NotStrictJson)
      return wrong(`malformed problem: ${error.message}${error.pointer ? ` (at ${error.pointer})` : ''}`);
    throw error;
  }
}

function whyNot(answer: Decision | Verdict): string {
  if (answer.status === 'protected') return '';
  if (answer.status === 'refused' && answer.cut) return 'time was too short to show it safe';
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
