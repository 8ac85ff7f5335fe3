/** A published figure that an issue rests on: which, and of which frozen document. It holds no number of its own. */
export interface Evidence {
  /** As the API names it. */
  readonly publication: string;
  /** Inner id of the publication. */
  readonly id: string;
  readonly region: string;
  readonly series: string;
  readonly period: string;
  /** Null: the region. */
  readonly authority: string | null;
}
