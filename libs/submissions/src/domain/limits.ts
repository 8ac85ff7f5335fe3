/** What the hub takes, said to everybody in /.well-known/hub.json. */
export const limits = {
  envelopeBytes: 4_194_304,
  jsonDepth: 32,
  rows: 20_000,
  pageSize: 100,
  /** `iat` may be this old: 14 days, so that a hub that was down can be caught up with. */
  iatPastSeconds: 14 * 24 * 3600,
  /** `iat` may be this far ahead: clocks differ. */
  iatFutureSeconds: 5 * 60,
} as const;

export type Limits = { readonly [Name in keyof typeof limits]: number };
