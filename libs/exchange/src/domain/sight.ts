import type { Role } from '@hub/identity/domain';
import type { Life } from './issue';
import { isTold, type ItemFacts } from './item';

/** Who looks, for one organisation. The database asks the same by itself (migrations); each wall holds without the other. */
export interface Reader {
  readonly member: string;
  readonly of: string;
  readonly roles: readonly Role[];
  /** Their boards: the one for which they act, or those over the area of their authority. */
  readonly boards: readonly string[];
  /** Boards whose shared issues an agreement lets them read (`boardsSeen`). */
  readonly sees: readonly string[];
}

/** How somebody comes to see an issue: as its board, as one whom it names, as one with whom it is shared. */
export type Sight = 'own' | 'named' | 'shared';

/** Roles that answer for those whom an issue names. */
export const answering: readonly Role[] = ['authority-approver', 'agency-partner'];
/** Roles to which a shared issue is shown, where an agreement's audience names them. */
const informed: readonly Role[] = ['board-chair', 'elected-member', 'scrutineer'];
/** Roles that may act in the exchange at all. */
export const exchangeRoles: readonly Role[] = [...informed, ...answering];

const holdsOne = (reader: Reader, among: readonly Role[]) => reader.roles.some((role) => among.includes(role));

/**
 * How the reader sees the issue; null: for them there is none. A draft is its author's alone. From the moment when it asks for
 * replies those whom it names read it; once it is shared, the boards that it is shared with, or all that an agreement covers
 * together with the raising one, and beside them their elected members and scrutineers.
 */
export function sightOf(life: Life, reader: Reader): Sight | null {
  if (life.board === reader.of && reader.roles.includes('board-chair')) {
    return life.state === 'draft' && life.author !== reader.member ? null : 'own';
  }
  if (
    life.sharedOn !== null &&
    holdsOne(reader, informed) &&
    reader.sees.includes(life.board) &&
    (life.network || reader.boards.some((board) => board === life.board || life.recipients.includes(board)))
  ) {
    return 'shared';
  }
  const isNamed = life.named.some(({ organisation }) => organisation === reader.of);
  return isNamed && life.replyBy !== null && holdsOne(reader, answering) ? 'named' : null;
}

/**
 * Those whom the issue names, as far as this reader may know: its own board all; one of them itself, those who have answered,
 * and everybody once the date has passed; others see it only after that.
 */
export function namesShown(life: Life, reader: Reader, sight: Sight, today: string): string[] {
  const isOver = sight !== 'named' || (life.replyBy !== null && life.replyBy < today);
  return life.named
    .filter(({ organisation, repliedAt }) => isOver || repliedAt !== null || organisation === reader.of)
    .map(({ organisation }) => organisation);
}

/**
 * Whether the reader sees an item of an issue. What is addressed to somebody they see, whether they see the issue or not; who
 * is named sees nothing beyond that; a note is for those who were there.
 * @param attended  meetings at which the member was present
 */
export function seesItem(
  item: ItemFacts,
  sight: Sight | null,
  reader: Pick<Reader, 'of'>,
  attended: readonly string[],
  today: string,
): boolean {
  if (item.kind === 'note') return item.meeting !== null && attended.includes(item.meeting);
  if (item.by === reader.of || item.to === reader.of) return true;
  if (sight === 'own') return true;
  return sight === 'shared' && isTold(item, today);
}
