export * from './hub-client';
export * from './signing';
export { ReceiptInvalid, verifyReceipt, type Leaf } from '@hub/ledger/domain';
