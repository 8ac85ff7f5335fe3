export * from './benchmark';
export * from './funnel';
export * from './history';
export * from './patterns';
export * from './present';
export * from './said';
export * from './why';
