export * from './compile.service';
export * from './domain';
export * from './protector';
export * from './publications.module';
export * from './publications.reader';
export * from './publications.resolver';
export { OneRegion1795400000022 } from './migrations/1795400000022-one-region';
export { Release1795400000007 } from './migrations/1795400000007-release';
