export * from './compile.service';
export * from './domain';
export * from './protector';
export * from './publications.module';
export * from './publications.reader';
export * from './publications.resolver';
export { Release1795400000007 } from './migrations/1795400000007-release';
