export * from './domain';
export * from './round.entity';
export * from './rounds.service';
export { retentionWork } from './retention/retention.module';
export * from './retention/retention.service';
export * from './submissions.module';
export * from './submissions.service';
export { RoundsIntake1795400000005 } from './migrations/1795400000005-rounds-intake';
export { Retention1795400000013 } from './migrations/1795400000013-retention';
