import { Controller, Get, Global, Module, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CONFIG, DeskStore, type Config } from '@hub/platform';
import { HUB_KEY, loadHubKey } from './hub-key';
import { HubKeys } from './hub-keys';
import { Ledger } from './ledger.service';

/** What anybody may see of the ledger: sizes and roots, which tell nothing of a leaf. */
@Controller('ledger')
export class LedgerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly store: DeskStore,
  ) {}

  @Get('checkpoint')
  async checkpoint(@Res() response: Response): Promise<void> {
    response.type('text/plain').send(await this.store.as(null, (tx) => this.ledger.checkpoint(tx)));
  }
}

@Global()
@Module({
  controllers: [LedgerController],
  providers: [
    Ledger,
    HubKeys,
    { provide: HUB_KEY, inject: [CONFIG], useFactory: (config: Config) => loadHubKey(config) },
  ],
  exports: [Ledger, HubKeys, HUB_KEY],
})
export class LedgerModule {}
