import { outboxContract, type Ground } from '../../../../test/support/outbox-contract';
import type { Runner, RunRow } from './relay';
import { InProcessRunner } from './runners';

/** What an in-process runner holds is lost with its process; here a process is a runner that can be dropped. */
class Processes implements Ground {
  private readonly dropped = new Set<object>();
  private readonly places: { runner: InProcessRunner; renew: () => void }[] = [];

  runner(run: RunRow): Runner {
    const fresh = () => {
      const life = {};
      lives.push(life);
      return new InProcessRunner(async (id, fence) => {
        if (!this.dropped.has(life)) await run(id, fence);
      });
    };
    const lives: object[] = [];
    const place = {
      runner: fresh(),
      renew: () => {
        this.dropped.add(lives.at(-1)!);
        place.runner = fresh();
      },
    };
    this.places.push(place);
    return {
      hand: (id, fence) => place.runner.hand(id, fence),
      close: () => place.runner.close(),
      describe: () => place.runner.describe(),
    };
  }
  async lose(): Promise<void> {
    this.places.forEach(({ renew }) => renew());
  }
  async interrupt(): Promise<void> {
    await Promise.all(this.places.map(({ runner }) => runner.close()));
  }
  async restore(): Promise<void> {
    await this.lose();
  }
}

describe('background work in this process', () => outboxContract(new Processes()));
