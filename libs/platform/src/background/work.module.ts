import {
  type DynamicModule,
  Global,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { HealthRegister } from '../health';
import { LOGGER, type Logger } from '../logger';
import type { Handlers } from './outbox';
import { Relay, runWork, WorkerStore } from './relay';
import { BullRunner, InProcessRunner } from './runners';

/** The injection token of the handlers, one for each kind of work. */
export const WORK_HANDLERS = Symbol('WorkHandlers');

/** How often pending work is looked for, and how long a piece stays handed out before it is handed out again. */
const pace = { everyMs: 500, leaseMs: 30_000 };

@Injectable()
class Work implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly relay: Relay;

  constructor(
    store: WorkerStore,
    @Inject(CONFIG) { redisUrl }: Config,
    @Inject(LOGGER) logger: Logger,
    @Inject(WORK_HANDLERS) handlers: Handlers,
    health: HealthRegister,
  ) {
    const run = runWork(store, handlers, pace, logger);
    const runner = redisUrl ? new BullRunner(redisUrl, run) : new InProcessRunner(run);
    health.add(() => runner.describe());
    this.relay = new Relay(store, runner, pace, logger);
  }

  onApplicationBootstrap(): void {
    this.relay.start();
  }
  /** Before the pools close. */
  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
  }
}

/** Background work: the relay, and Bull when there is a Redis. */
@Global()
@Module({})
export class WorkModule {
  /** @param handlersIn  the module that exports WORK_HANDLERS */
  static of(handlersIn: new () => unknown): DynamicModule {
    return { module: WorkModule, imports: [handlersIn], providers: [Work] };
  }
}
