export * from './domain';
export * from './field-words';
export * from './registry.module';
export * from './registry.service';
export * from './registry.view';
export * from './sync';
export { Circles1795400000012 } from './migrations/1795400000012-circles';
export { Knowledge1795400000025 } from './migrations/1795400000025-knowledge';
export { Registry1795400000002 } from './migrations/1795400000002-registry';
