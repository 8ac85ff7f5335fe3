export * from './benchmarks.module';
export * from './benchmarks.service';
export * from './domain';
export type { Answer } from './look';
export { Commentary1795700000040 } from './migrations/1795700000040-commentary';
export { Endings1795600000501 } from './migrations/1795600000501-endings';
export { EndingSpan1795900000110 } from './migrations/1795900000110-ending-span';
export { Notes1795600000500 } from './migrations/1795600000500-notes';
export { PatternsService } from './patterns.service';
