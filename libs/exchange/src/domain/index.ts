export * from './cover';
export * from './evidence';
export * from './issue';
export * from './item';
export * from './sight';
export * from './notice';
export * from './pack';
export * from './patterns';
