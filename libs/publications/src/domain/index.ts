export * from './compile';
export * from './document';
export * from './figure';
