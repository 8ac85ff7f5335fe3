import {
  type DynamicModule,
  Global,
  Inject,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type Provider,
  type Type,
} from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { HealthRegister } from '../health';
import { LOGGER, type Logger } from '../logger';
import { workTypes, type Handlers, type Lane } from './outbox';
import { Relay, runWork, WorkerStore, type Runners } from './relay';
import { BullRunner, InProcessRunner } from './runners';

/** What one library does of the background work: a module, and the token under which it exports its handlers. */
export interface WorkPart {
  readonly module: DynamicModule;
  readonly handlers: symbol;
}

/**
 * @param services  that do the work, in the order in which `handlersOf` takes them
 * @param besides  what else these need
 */
export function workPart<Services extends readonly unknown[]>(
  services: [...{ [I in keyof Services]: Type<Services[I]> }],
  handlersOf: (...services: Services) => Partial<Handlers>,
  besides: readonly Provider[] = [],
): WorkPart {
  const handlers = Symbol('Handlers');
  const all = [...services, ...besides, { provide: handlers, inject: services, useFactory: handlersOf as never }];
  return { handlers, module: { module: class {}, providers: all, exports: [handlers] } };
}

/** The injection token of all handlers together. */
const WORK_HANDLERS = Symbol('WorkHandlers');

/** How often pending work is looked for, and how long a piece stays handed out before it is handed out again. */
const pace = { everyMs: 500, leaseMs: 30_000 };

@Injectable()
class Work implements OnApplicationBootstrap, OnModuleDestroy {
  private relay: Relay | null = null;

  constructor(
    private readonly store: WorkerStore,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(WORK_HANDLERS) private readonly handlers: Handlers,
    private readonly health: HealthRegister,
  ) {}

  /** Once every part has begun and none has refused to: a queue on Redis hands over at once what waits there. */
  onApplicationBootstrap(): void {
    const { redisUrl } = this.config;
    const run = runWork(this.store, this.handlers, pace, this.logger);
    const runnerOf = (lane: Lane) => (redisUrl ? new BullRunner(redisUrl, run, lane) : new InProcessRunner(run));
    const runners: Runners = { work: runnerOf('work'), book: runnerOf('book'), mail: runnerOf('mail') };
    // All are on the same Redis, or in this process.
    this.health.add('background work', () => runners.work.describe());
    this.relay = new Relay(this.store, runners, pace, this.logger);
    this.relay.start();
  }
  /** Before the pools close. */
  async onModuleDestroy(): Promise<void> {
    await this.relay?.stop();
  }
}

/** Background work: the relay, and Bull when there is a Redis. */
@Global()
@Module({})
export class WorkModule {
  /**
   * @param parts  what each library does of the work
   * @throws Error at start where a kind of work has no handler: it would be tried again for ever
   */
  static of(...parts: readonly WorkPart[]): DynamicModule {
    const together = (...handlers: Partial<Handlers>[]): Handlers => {
      const all = Object.assign({}, ...handlers) as Handlers;
      const missing = workTypes.filter((type) => !all[type]);
      if (missing.length) throw new Error(`nobody does ${missing.join(', ')}`);
      return all;
    };
    return {
      module: WorkModule,
      imports: parts.map(({ module }) => module),
      providers: [
        Work,
        { provide: WORK_HANDLERS, inject: parts.map(({ handlers }) => handlers), useFactory: together },
      ],
    };
  }
}
