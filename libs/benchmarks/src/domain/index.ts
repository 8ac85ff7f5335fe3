export * from './benchmark';
export * from './present';
export * from './why';
