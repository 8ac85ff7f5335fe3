import { checkCertificate, protectInThread, type Decision, type Problem, type ProtectOptions } from '@hub/disclosure';

/** Protects a table and answers only what has been proved; replaced in tests alone. */
export type Protector = (problem: Problem, options?: Pick<ProtectOptions, 'start' | 'firstLook'>) => Promise<Decision>;
/** The injection token of the Protector. */
export const PROTECTOR = Symbol('Protector');

/** Longest wait for a region's protection, five times what a full quarter needs; it is then refused, never let through. */
const SECONDS = 150;

/**
 * Protects in a worker thread, so that requests go on meanwhile, and then checks the certificate by addition alone, with
 * code that shares nothing with the suppressor. What does not check is refused.
 */
export const protectAndCheck: Protector = async (problem, options) => {
  const decision = await protectInThread(problem, { timeLimitSeconds: SECONDS, ...options });
  if (decision.status !== 'protected') return decision;
  const verdict = checkCertificate(problem, decision, decision.certificate);
  return verdict.status === 'safe' ? decision : { status: 'refused', exposed: verdict.exposed };
};
