export * from './agreements';
export * from './all-pages';
export type * from './answers';
export * from './client-token';
export * from './hub-client';
export * from './hub-connection';
export * from './ledger';
export * from './patience';
export * from './problem';
export { camelCase } from '@hub/kernel';
export { columnLetters, makePayload, type Made, type MakeOptions, type TableFinding } from './table/make';
export { placesOf } from './table/columns';
export { alike, firstOf, namingPlaces } from './table/places';
export { pagesOfDatasets } from './table/pages';
export { templateOf, type PreviousRow, type TemplateOptions } from './table/template';
export {
  keyProof,
  newKey,
  NotSignable,
  parsePrivateJwk,
  publicOf,
  signEnvelope,
  type PrivateJwk,
  type SignOptions,
} from './signing';
export {
  auditLedger,
  LedgerBroken,
  ledgerOwner,
  ReceiptInvalid,
  verifyReceipt,
  verifyRecord,
  watchLedger,
  type Leaf,
} from '@hub/ledger/domain';
