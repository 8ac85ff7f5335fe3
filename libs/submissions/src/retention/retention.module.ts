import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, londonDate, type Clock } from '@hub/kernel';
import { appendDailyWork, LOGGER, toLog, WorkerStore, workPart, type Logger } from '@hub/platform';
import { RetentionService } from './retention.service';

const HOUR_MS = 3_600_000;

/** Asks once a day for what is due to be let go. Every process that does work asks; the first of the day is heard. */
@Injectable()
class Daily implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private asking: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: WorkerStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const ask = () => void (this.asking = this.ask());
    this.timer = setInterval(ask, HOUR_MS);
    ask();
  }

  private async ask(): Promise<void> {
    const now = this.clock.now();
    await this.store
      .as(null, (tx) => appendDailyWork(tx, 'retention.keep', londonDate(now), now))
      .catch((error: unknown) => this.logger.error(toLog(error), 'retention could not be asked for; trying again'));
  }

  /** Before the pools close. */
  async onModuleDestroy(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.asking;
  }
}

/** Background work of retention. */
export const retentionWork = workPart(
  [RetentionService],
  (retention) => ({
    'retention.keep': (run) => retention.keep(run),
    'retention.erase': (run) => retention.erase(run),
  }),
  [Daily],
);
