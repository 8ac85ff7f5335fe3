import { Controller, Get, Inject } from '@nestjs/common';
import { HUB_KEY, HubKeys, type HubKey } from '@hub/ledger';
import { CONFIG, type Config } from '@hub/platform';
import { REGISTRY, type Registry, CATALOGUE, type Catalogue } from '@hub/registry';
import { limits } from '@hub/submissions';

/** What a system has to know before it sends anything. */
@Controller('.well-known')
export class WellKnownController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(HUB_KEY) private readonly key: HubKey,
    private readonly keys: HubKeys,
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  @Get('hub.json')
  async hub() {
    return {
      hubId: this.config.hubId,
      issuer: this.config.issuer,
      audience: this.config.audience,
      ledgerKey: this.key.line,
      ledgerKeys: (await this.keys.list()).map(({ line, since }) => ({ line, since })),
      regions: this.config.regions ?? this.registry.regions.map(({ code }) => code),
      versions: {
        envelope: 1,
        leaf: 1,
        receipt: 'c2sp.org/tlog-proof@v1',
        datasets: this.catalogue.datasets.map(({ code, version }) => ({ code, version })),
      },
      limits,
    };
  }

  @Get('jwks.json')
  async jwks() {
    return { keys: (await this.keys.list()).map(({ jwk }) => jwk) };
  }
}
