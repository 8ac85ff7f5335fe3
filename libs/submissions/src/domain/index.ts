export * from './envelope';
export * from './limits';
export * from './payload';
export * from './queries';
export * from './retention';
export * from './rules';
export * from './state';
export * from './validate';
