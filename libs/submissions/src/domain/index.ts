export * from './envelope';
export * from './jws';
export * from './key';
export * from './limits';
