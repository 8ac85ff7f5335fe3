export * from './domain';
export * from './exchange.module';
export * from './exchange-work';
export { Exchange1795500000600 } from './migrations/1795500000600-exchange';
export { NoticesOnce1795600000600 } from './migrations/1795600000600-notices-once';
