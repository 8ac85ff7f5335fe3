export * from './catalogue';
export * from './changes';
export * from './circles';
export * from './dataset';
export * from './lint';
export * from './names';
export * from './registry';
export * from './series';
