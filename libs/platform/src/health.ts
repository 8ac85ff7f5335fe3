import { Injectable } from '@nestjs/common';

/**
 * One dependency in one line: `ok`; `degraded`, when the hub does without; `missing`, when it cannot. Anybody may ask for it: it names no
 * setting, no machine and no moment.
 */
export interface Health {
  readonly state: 'ok' | 'degraded' | 'missing';
  readonly text: string;
}

/** Where each library says how its dependencies are. */
@Injectable()
export class HealthRegister {
  private readonly checks = new Map<string, () => Promise<Health>>();

  /** @param name  what does not answer where the check fails */
  add(name: string, check: () => Promise<Health>): void {
    this.checks.set(name, check);
  }

  async readiness(): Promise<{ ready: boolean; lines: string[] }> {
    const all = await Promise.all(
      [...this.checks].map(([name, check]) =>
        check().catch((): Health => ({ state: 'missing', text: `${name}: does not answer` })),
      ),
    );
    return {
      ready: all.every(({ state }) => state !== 'missing'),
      lines: all.map(({ state, text }) => `${state} ${text}`),
    };
  }
}
