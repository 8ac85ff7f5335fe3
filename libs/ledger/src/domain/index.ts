export * from './audit';
export * from './leaf';
export * from './merkle';
export * from './note';
export * from './receipt';
export * from './tiles';
