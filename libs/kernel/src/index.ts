export * from './canonical';
export * from './clock';
export * from './codes';
export * from './keep';
export * from './nearest';
export * from './period';
export { holdsSmallNumber, personIn } from './personal';
export * from './refusal';
export { NotStrictJson, parseStrictJson, pointerOf } from './strict-json';
