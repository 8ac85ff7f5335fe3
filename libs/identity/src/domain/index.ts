export * from './administration';
export * from './jws';
export * from './key';
export * from './key-history';
export * from './member';
