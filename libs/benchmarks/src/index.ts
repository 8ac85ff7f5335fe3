export * from './benchmarks.module';
export * from './benchmarks.service';
export * from './domain';
export { Endings1795600000501 } from './migrations/1795600000501-endings';
export { Notes1795600000500 } from './migrations/1795600000500-notes';
