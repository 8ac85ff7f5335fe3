import { addDays, addYears, type AuthorityCode } from '@hub/kernel';
import { beganOn, hasBegun, shares, type Agreement } from './agreement';
import {
  decide,
  decideAmong,
  parentOf,
  RETURN_DAYS,
  type AgreementRef,
  type Decision,
  type KeepQuestion,
} from './decide';

/**
 * Whether what was sent under an agreement may still be kept on that day, and by which clause. The versions of the
 * agreement are one agreement: the newest that names the authority and covers the table speaks for it, and where a later
 * one leaves either out, the authority's part ends on the day on which that one takes its place. Other agreements that bind the
 * authority over the same cells can only shorten; that one of them has ended, or that the authority has left it, says
 * nothing about what was sent under this one.
 * @param under       the agreement under which it was sent
 * @param agreements  every concluded one that may matter, that one among them
 * @param today       civil date of Europe/London
 */
export function decideKeeping(
  under: AgreementRef,
  agreements: readonly Agreement[],
  question: KeepQuestion,
  today: string,
): Decision {
  const { authority, period } = question;
  const covers = (agreement: Agreement): boolean => {
    const answer = decide(agreement, question, today);
    return agreement.parties.has(authority) && (answer.permitted || answer.code === 'RETENTION_ENDED');
  };
  const versions = agreements
    .filter((one) => {
      const { id, version } = one.document;
      return id === under.id && (version === under.version || hasBegun(one, today));
    })
    .sort((a, b) => a.document.version - b.document.version);
  const last = versions.findLastIndex(covers);
  // Nothing is let go because an agreement could not be found.
  if (last < 0) throw new Error('what was sent rests on no agreement');
  const [gaveWay] = versions
    .slice(last + 1)
    .map(beganOn)
    .sort();
  const named = gaveWay === undefined ? versions[last]! : leaving(versions[last]!, authority, gaveWay);
  const others = agreements.filter(
    ({ document: { id, effective }, parties }) =>
      id !== under.id && shares(parties.get(authority), today) && effective.from <= period.from,
  );
  return decideAmong(named, others, question, today);
}

/**
 * The first civil date, from today on, on which it may no longer be kept, if nobody takes a step meanwhile; and the
 * refusal of that day.
 */
export function keptUntil(
  under: AgreementRef,
  agreements: readonly Agreement[],
  question: KeepQuestion,
  today: string,
): { readonly goesOn: string; readonly because: Decision } {
  // The answer can only turn on these days.
  const asked = agreements.flatMap((one) => [one, ...[parentOf(one)].filter((above) => above !== undefined)]);
  const turning = asked.flatMap(({ document: { effective, retention }, parties, endedOn }) => [
    question.item === 'cells'
      ? addYears(question.period.until, retention.cellsYears)
      : addYears(question.receivedOn, retention.envelopesYears),
    ...[effective.from, effective.until, endedOn, parties.get(question.authority)?.withdrawnFrom]
      .filter((day) => day !== undefined)
      .flatMap((day) => [day, addDays(day, RETURN_DAYS)]),
  ]);
  for (const goesOn of [today, ...turning.filter((day) => day > today).sort()]) {
    const because = decideKeeping(under, agreements, question, goesOn);
    if (!because.permitted) return { goesOn, because };
  }
  throw new Error('an agreement keeps something for ever');
}

/** The agreement as it stands once the authority has left it, on that day or before. */
function leaving(agreement: Agreement, authority: AuthorityCode, from: string): Agreement {
  const [withdrawnFrom] = [from, agreement.parties.get(authority)?.withdrawnFrom ?? from].sort();
  return {
    ...agreement,
    parties: new Map([...agreement.parties, [authority, { status: 'withdrawn', withdrawnFrom }]]),
  };
}
