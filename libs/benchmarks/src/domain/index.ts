export * from './benchmark';
export * from './present';
