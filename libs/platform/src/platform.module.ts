import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { CLOCK, systemClock, type Clock } from '@hub/kernel';
import { CONFIG, type Config } from './config';
import type { Database } from './database';
import { eventLoopHealth } from './event-loop';
import { HealthController } from './health.controller';
import { HealthRegister } from './health';
import { LOGGER, makeLogger, type Logger } from './logger';
import { archiveHealth } from './archive-health';
import { MAILER, noMailer, smtpMailer } from './mail';
import { MetricsService } from './metrics.service';
import { databaseHealth, Opened } from './opened';
import { Pools } from './pools';
import { DeskStore, openDataSource, ReaderStore } from './store';
import { WorkerStore } from './background/relay';

/** The injection token of the prepared Database. */
export const DATABASE = Symbol('Database');

export interface PlatformOptions {
  readonly config: Config;
  readonly database: Database;
  /** Tables with rules, of every library. */
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  readonly clock?: Clock;
}

/** What every library stands on: configuration, clock, logger, and the pools that anybody may have. */
@Global()
@Module({})
export class PlatformModule {
  static of({ config, database, entities, clock = systemClock }: PlatformOptions): DynamicModule {
    const { smtpUrl, mailFrom, hubId, production } = config;
    const mailer = smtpUrl === null ? noMailer : smtpMailer(smtpUrl, mailFrom, hubId, production);
    return {
      module: PlatformModule,
      controllers: [HealthController],
      providers: [
        Pools,
        Opened,
        MetricsService,
        {
          provide: HealthRegister,
          inject: [ReaderStore, LOGGER],
          useFactory: (reader: ReaderStore, logger: Logger) => {
            const register = new HealthRegister();
            register.add('database', databaseHealth(reader, logger));
            register.add('event loop', eventLoopHealth(logger));
            if (config.walArchive) register.add('archive of the database', () => archiveHealth(reader));
            const mail = mailer.send
              ? 'a server is named; what it does not take the log says'
              : 'none leaves; reminders are kept and shown';
            register.add('mail', async () => ({ state: 'ok', text: `mail: ${mail}` }));
            return register;
          },
        },
        { provide: CONFIG, useValue: config },
        { provide: DATABASE, useValue: database },
        { provide: CLOCK, useValue: clock },
        { provide: MAILER, useValue: mailer },
        { provide: LOGGER, useValue: makeLogger(config.logLevel) },
        {
          provide: ReaderStore,
          inject: [Pools],
          useFactory: async (pools: Pools) =>
            new ReaderStore(pools.add(await openDataSource(database.urls.reader, 'reader', [...entities]))),
        },
        {
          provide: DeskStore,
          inject: [Pools],
          useFactory: async (pools: Pools) =>
            new DeskStore(pools.add(await openDataSource(database.urls.desk, 'desk', [...entities]))),
        },
        {
          provide: WorkerStore,
          inject: [Pools],
          useFactory: async (pools: Pools) =>
            new WorkerStore(pools.add(await openDataSource(database.urls.worker, 'worker', [...entities], 4))),
        },
      ],
      exports: [Pools, HealthRegister, CONFIG, DATABASE, CLOCK, LOGGER, MAILER, ReaderStore, DeskStore, WorkerStore],
    };
  }
}
