export * from './canonical';
export * from './clock';
export * from './codes';
export * from './keep';
export * from './nearest';
export * from './period';
export * from './refusal';
export * from './strict-json';
