export * from './domain';
export * from './door';
export * from './identity.module';
export * from './me.resolver';
export * from './members.service';
export * from './region-gate';
export * from './signing-key.entity';
export * from './tokens';
export { Identity1795400000003 } from './migrations/1795400000003-identity';
