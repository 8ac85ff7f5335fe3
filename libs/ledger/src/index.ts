export * from './domain';
export * from './hub-key';
export * from './hub-keys';
export * from './ledger.module';
export * from './ledger.service';
export { Ledger1795400000006 } from './migrations/1795400000006-ledger';
export { HubKeys1795400000010 } from './migrations/1795400000010-hub-keys';
export { LedgerTiles1795400000040 } from './migrations/1795400000040-ledger-tiles';
