export * from './administration';
export * from './client-id';
export * from './jws';
export * from './key';
export * from './key-history';
export * from './member';
