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
  private readonly checks: (() => Promise<Health>)[] = [];

  add(check: () => Promise<Health>): void {
    this.checks.push(check);
  }

  async readiness(): Promise<{ ready: boolean; lines: string[] }> {
    const all = await Promise.all(
      this.checks.map((check) =>
        check().catch((error: Error): Health => ({ state: 'missing', text: `${error.name}: does not answer` })),
      ),
    );
    return {
      ready: all.every(({ state }) => state !== 'missing'),
      lines: all.map(({ state, text }) => `${state} ${text}`),
    };
  }
}
