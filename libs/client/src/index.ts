export * from './agreements';
export * from './hub-client';
export * from './ledger';
export * from './signing';
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
