import { nearest, Refusal } from '@hub/kernel';
import type { PublicationHead } from '@hub/publications';
import type { Indicator } from '@hub/registry';

/** What is asked for and is not there, as a refusal that tells what was probably meant and repeats nothing. */

/** @param known  among which it was looked for */
export function indicatorAbsent(asked: string, known: readonly Indicator[]): Refusal {
  // Longer texts are nobody's mistyped code.
  const text = asked.slice(0, 80).toLowerCase();
  const byCode = nearest(
    text.toUpperCase(),
    known.map(({ code }) => code),
  );
  const byName = nearest(
    text,
    known.map(({ name }) => name.toLowerCase()),
  );
  const meant = byCode ?? known.find(({ name }) => name.toLowerCase() === byName)?.code;
  return new Refusal('INDICATOR_ABSENT', meant ? { nearest: meant } : {});
}

/**
 * Which authorities a region has in a period is a fact of the registry. One of another region is as absent as one that never was.
 * @throws Refusal AUTHORITY_ABSENT where none of the publications has such a one, though there are some
 */
export function assertAuthority(
  authority: string | null,
  heads: readonly Pick<PublicationHead, 'authorities'>[],
): void {
  if (authority === null || !heads.length) return;
  if (!heads.some(({ authorities }) => authorities.includes(authority))) throw new Refusal('AUTHORITY_ABSENT');
}
