export * from './book';
export * from './coarser';
export * from './compile';
export * from './document';
export * from './dummy';
export * from './figure';
export * from './preview';
export * from './part';
