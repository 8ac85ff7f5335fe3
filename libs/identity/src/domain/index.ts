export * from './jws';
export * from './key';
export * from './member';
