export * from './agreements.module';
export * from './agreements.service';
export * from './domain';
export { AgreementLife1795400000014 } from './migrations/1795400000014-agreement-life';
export { Agreements1795400000004 } from './migrations/1795400000004-agreements';
