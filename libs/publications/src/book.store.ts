import type { Tx } from '@hub/platform';
import { Book, sumsOf, type KnownSum, type NationalRelease, type Release } from './domain';

/**
 * Every release that the hub still has the proof of, the older ones first, and what was loaded of national ones.
 * @param besides  sums of one that is being loaded
 */
export async function bookIn(tx: Tx, besides: readonly KnownSum[] = []): Promise<Book> {
  const releases = (await tx.query(
    `select publication_id as id, problem, decision -> 'suppressed' as suppressed, attackers
     from proof.certificate where attackers is not null order by at, publication_id`,
  )) as Release[];
  const national = (await tx.query(
    `select facts from registry.national_release where state = 'loaded' order by id`,
  )) as { facts: NationalRelease }[];
  return new Book(releases, [...national.flatMap(({ facts }) => sumsOf(facts)), ...besides]);
}
