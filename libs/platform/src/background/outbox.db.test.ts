import { outboxContract, type Ground } from '../../../../test/support/outbox-contract';
import type { Runner } from './relay';
import { InProcessRunner } from './runners';

/** What an in-process runner holds is lost with its process; here a process is a runner that can be dropped. */
class Processes implements Ground {
  private readonly dropped = new Set<object>();
  private readonly places: { runner: InProcessRunner; renew: () => void }[] = [];

  runner(run: (id: string) => Promise<void>): Runner {
    const fresh = () => {
      const life = {};
      lives.push(life);
      return new InProcessRunner(async (id) => {
        if (!this.dropped.has(life)) await run(id);
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
      hand: (id) => place.runner.hand(id),
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
