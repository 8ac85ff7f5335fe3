export * from './dataset';
export * from './registry';
