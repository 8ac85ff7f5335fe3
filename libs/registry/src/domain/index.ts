export * from './catalogue';
export * from './dataset';
export * from './registry';
export * from './series';
