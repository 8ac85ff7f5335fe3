export * from './benchmarks.module';
export * from './benchmarks.service';
export * from './domain';
