export * from './catalogue';
export * from './circles';
export * from './dataset';
export * from './names';
export * from './registry';
export * from './series';
