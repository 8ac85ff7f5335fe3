export * from './agreement';
export * from './decide';
export * from './document';
export * from './keep';
export * from './narrow';
export * from './plain-english';
export * from './part';
export * from './signature';
