import type { Tx } from '@hub/platform';
import type { Circle } from '@hub/registry';
import { Book, sumsOf, touching, type Head, type KnownSum, type NationalRelease, type Release } from './domain';

/**
 * Every release that the hub still has the proof of, the older ones first, and what was loaded of national ones.
 * @param besides  sums of one that is being loaded
 */
export async function bookIn(tx: Tx, besides: readonly KnownSum[]): Promise<Book> {
  return new Book(await releasesIn(tx, null), [...(await sumsIn(tx)), ...besides]);
}

/**
 * Of the book what can have a bearing on some authorities and regions: what holds their counts, or those of others that stand in one
 * release or one sum with them, and so on. Nine regions that share nobody are nine books.
 * @returns `all`: whose counts the whole book holds
 */
export async function bookTouching(tx: Tx, places: readonly string[]): Promise<{ book: Book; all: readonly string[] }> {
  const heads = (await tx.query(
    `select publication_id as id, places, returns is null as national from proof.certificate where attackers is not null`,
  )) as Head[];
  const sums = await sumsIn(tx);
  const { releases, near } = touching(places, heads, sums);
  const book = new Book(
    await releasesIn(tx, releases),
    sums.filter(({ parts }) => parts.some((authority) => near.has(authority))),
  );
  return { book, all: [...new Set(heads.flatMap((one) => one.places ?? []))] };
}

/** @param ids  null: all of them */
const releasesIn = (tx: Tx, ids: readonly string[] | null): Promise<Release[]> =>
  tx.query(
    `select publication_id as id, problem, decision -> 'suppressed' as suppressed, attackers
     from proof.certificate where attackers is not null and ($1::uuid[] is null or publication_id = any($1))
     order by at, publication_id`,
    [ids],
  ) as Promise<Release[]>;

const sumsIn = async (tx: Tx): Promise<KnownSum[]> => (await nationalReleasesIn(tx)).flatMap(sumsOf);

/** What was loaded of what others print. */
export async function nationalReleasesIn(tx: Tx): Promise<NationalRelease[]> {
  const national = (await tx.query(
    `select facts from registry.national_release where state = 'loaded' order by id`,
  )) as { facts: NationalRelease }[];
  return national.map(({ facts }) => facts);
}

/** Who is declared to know the figures of several on that day. */
export const circlesOn = (tx: Tx, today: string): Promise<Circle[]> =>
  tx.query('select kind, authorities, series from registry.circles_on($1)', [today]) as Promise<Circle[]>;
