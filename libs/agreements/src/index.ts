export * from './agreements.module';
export { PurposeName } from './agreement.view';
export * from './agreements.service';
export * from './domain';
export { Successors1795400000035 } from './migrations/1795400000035-successors';
export { AgreementLife1795400000014 } from './migrations/1795400000014-agreement-life';
export { Audience1795400000021 } from './migrations/1795400000021-audience';
export { SignaturesShown1795400000030 } from './migrations/1795400000030-signatures-shown';
export { Agreements1795400000004 } from './migrations/1795400000004-agreements';
