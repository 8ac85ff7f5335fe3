export * from './envelope';
export * from './limits';
export * from './payload';
export * from './retention';
export * from './state';
export * from './validate';
