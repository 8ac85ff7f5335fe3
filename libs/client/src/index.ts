export * from './agreements';
export * from './hub-client';
export * from './signing';
export { ReceiptInvalid, verifyReceipt, verifyRecord, type Leaf } from '@hub/ledger/domain';
