export * from './agreements';
export * from './hub-client';
export * from './ledger';
export * from './signing';
export { pagesOfDatasets } from './table/pages';
export { csvCell, templateOf, type PreviousRow, type TemplateOptions } from './table/template';
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
