import { camelCase } from '@hub/kernel';
import type {
  AgreementAnswer,
  ErasureAnswer,
  KeyAnswer,
  PublicationStanding,
  ReturnKeptAnswer,
  ReturnsAsked,
  RoundAnswer,
  WithdrawalAnswer,
} from './answers';
import { wordOf } from './words';

// What the graph is asked for of each thing, and how its answer is said: words as files write them (`wordOf`), codes for authorities.

export const ROUND =
  'id dataset period edition state opens due lateSince closes checkUntil publishesAt beingChecked heldBecause missing { code }';
export const PLACE = 'indicator { code name } dimension category';

export const EXCEPTION = 'authority { code name } until reason grantedAt';
export interface RoundNode extends Omit<RoundAnswer, 'missing'> {
  readonly missing: readonly { readonly code: string }[] | null;
}
export const roundOf = ({ edition, state, missing, ...node }: RoundNode): RoundAnswer => ({
  ...node,
  edition: wordOf(edition),
  state: wordOf(state),
  missing: missing && missing.map(({ code }) => code),
});
export const AGREEMENT = `id version title state regions parties { authority { code name } status withdrawnFrom }
  missingSignatures { code } effectiveFrom effectiveUntil reviewDate reviewDue digest parent supersededFrom`;
type Party = AgreementAnswer['parties'][number];
export interface AgreementNode extends Omit<AgreementAnswer, 'parties' | 'missingSignatures'> {
  readonly parties: readonly (Pick<Party, 'status' | 'withdrawnFrom'> & {
    readonly authority: { readonly code: string; readonly name: string | null };
  })[];
  readonly missingSignatures: readonly { readonly code: string }[];
}
export const agreementOf = ({ state, parties, missingSignatures, ...node }: AgreementNode): AgreementAnswer => ({
  ...node,
  state: wordOf(state),
  parties: parties.map(({ authority: { code, name }, status, withdrawnFrom }) => ({
    authority: code,
    name,
    status: wordOf(status),
    withdrawnFrom,
  })),
  missingSignatures: missingSignatures.map(({ code }) => code),
});
export const WITHDRAWAL = 'at because inWords replacedBy';
export const withdrawalOf = (one: WithdrawalAnswer): WithdrawalAnswer => ({ ...one, because: wordOf(one.because) });
export const STANDING = `id state endedAt supersededBy withdrawal { ${WITHDRAWAL} }`;
export const standingOf = ({ state, withdrawal, ...rest }: PublicationStanding) => ({
  ...rest,
  state: wordOf(state),
  withdrawal: withdrawal && withdrawalOf(withdrawal),
});
export const KEPT =
  'submission dataset period version envelopeOn cellsOn purges { what agreement version clause purgedAt receipt }';
export const keptOf = ({ purges, ...kept }: ReturnKeptAnswer): ReturnKeptAnswer => ({
  ...kept,
  purges: purges.map(({ what, ...purge }) => ({ ...purge, what: what.map(camelCase) })),
});
export const ERASURE = 'id state askedAt doneAt receipts';
export const erasureOf = (erasure: ErasureAnswer): ErasureAnswer => ({ ...erasure, state: wordOf(erasure.state) });
export const returnsAsked = ({ authority, dataset, period }: ReturnsAsked) => ({
  authority,
  dataset: dataset ?? null,
  period: period ?? null,
});
export const keyOf = <Key extends KeyAnswer>(key: Key): Key => ({ ...key, state: wordOf(key.state) });
