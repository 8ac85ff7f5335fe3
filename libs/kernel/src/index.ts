export * from './canonical';
export * from './clock';
export * from './codes';
export * from './keep';
export * from './nearest';
export * from './period';
export { holdsSmallNumber, personIn } from './personal';
export * from './refusal';
export * from './strict-json';
