import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { MembersService, STRANGERS_LIMIT, theDoor, TokenVerifier, type Asked } from '@hub/identity';
import {
  armCrash,
  graphqlBody,
  listenOn,
  LOGGER,
  ProblemFilter,
  takeIn,
  trustedDocuments,
  type Config,
  type Logger,
} from '@hub/platform';
import { limits } from '@hub/submissions';
import { countAnswers } from './count-answers';
import { prepare } from './database';
import { drainable } from './drain';
import { HubModule } from './hub.module';

export interface RunningHub {
  readonly hubId: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** A running hub on `config.port`. Stops in order: no new requests, background work, pools, database. */
export async function startHub(config: Config): Promise<RunningHub> {
  const database = await prepare(config);
  let app: NestExpressApplication | undefined;
  try {
    app = await NestFactory.create<NestExpressApplication>(HubModule.of(config, database), {
      // Why it does not start is said once, by who started it.
      logger: false,
      bodyParser: false,
      abortOnError: false,
    });
    app.useLogger(['error', 'warn']);
    const logger = app.get<Logger>(LOGGER);
    app.disable('x-powered-by');
    app.set('etag', false);
    app.useGlobalFilters(new ProblemFilter(logger));
    // The door stands before whatever reads: a bad token is told before a byte of the body is taken.
    app.use(theDoor(app.get(TokenVerifier), app.get(MembersService), logger));
    // Escaped inside a GraphQL variable an envelope at its limit grows; the service measures the envelope itself. Who is no member
    // sends none, and what is read costs time.
    const members = Math.ceil(limits.envelopeBytes * 1.5);
    app.use(
      '/graphql',
      graphqlBody((request) => ((request as Asked).member ? members : STRANGERS_LIMIT)),
    );
    app.use('/graphql', trustedDocuments(config.trustedDocuments));
    const server = app.getHttpServer() as Server;
    takeIn(server, config.requestSeconds);
    const beginTheEnd = drainable(server);
    armCrash(config.crashAt);
    countAnswers(server);
    await app.init();
    await listenOn(server, 'PORT', config.port, '0.0.0.0');
    const address = server.address() as { port: number };
    return {
      hubId: config.hubId,
      url: `http://127.0.0.1:${address.port}`,
      stop: async () => {
        beginTheEnd();
        await app?.close();
        await database.stop();
      },
    };
  } catch (error) {
    // What went wrong is to be told, whatever the end of something half begun says.
    await app?.close().catch(() => undefined);
    await database.stop();
    throw error;
  }
}
