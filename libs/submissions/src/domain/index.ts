export * from './envelope';
export * from './jws';
export * from './key';
export * from './limits';
export * from './payload';
export * from './state';
export * from './validate';
