import 'reflect-metadata';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AgreementsModule } from '@hub/agreements';
import { exchangeWork } from '@hub/exchange';
import { LedgerModule } from '@hub/ledger';
import {
  endAtSignals,
  joinDatabase,
  PlatformModule,
  readConfig,
  whyNotStarted,
  WorkModule,
  type Config,
  type Database,
} from '@hub/platform';
import { compileWork } from '@hub/publications';
import { RegistryModule } from '@hub/registry';
import { retentionWork, roundWork } from '@hub/submissions';

/** A further process for background work: the same outbox, the same Redis, no API. */
@Module({})
class WorkerModule {
  static of(config: Config, database: Database): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.of({ config, database, entities: [] }),
        RegistryModule,
        AgreementsModule,
        LedgerModule,
        WorkModule.of(compileWork, retentionWork, roundWork, exchangeWork),
      ],
    };
  }
}

async function main(): Promise<void> {
  const endBy = endAtSignals();
  const config = readConfig(process.env, process.argv.slice(2));
  const database = await joinDatabase(config);
  const app = await NestFactory.createApplicationContext(WorkerModule.of(config, database), {
    logger: false,
    abortOnError: false,
  });
  app.useLogger(['error', 'warn']);
  endBy(async () => {
    await app.close();
    await database.stop();
  });
  process.stdout.write('worker takes work\n');
}

main().catch((error: unknown) => {
  process.stderr.write(`the worker did not start: ${whyNotStarted(error)}\n`);
  process.exit(1);
});
