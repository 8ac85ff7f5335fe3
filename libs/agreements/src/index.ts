export * from './agreements.module';
export * from './agreements.service';
export * from './domain';
export { Agreements1795400000004 } from './migrations/1795400000004-agreements';
