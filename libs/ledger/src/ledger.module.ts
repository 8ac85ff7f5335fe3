import { Controller, Get, Global, Module, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Refusal } from '@hub/kernel';
import { CONFIG, DeskStore, type Config } from '@hub/platform';
import { isDecimal, parseTilePath } from './domain';
import { HUB_KEY, loadHubKey } from './hub-key';
import { HubKeys } from './hub-keys';
import { Ledger } from './ledger.service';

/** What is served under an address is always the same. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * What anybody may see of the ledger: sizes, roots and hashes, which tell nothing of an entry to who does not have it
 * already (decision 23). The paths below /ledger are those of C2SP tlog-tiles, entries apart.
 */
@Controller('ledger')
export class LedgerController {
  constructor(
    private readonly ledger: Ledger,
    private readonly store: DeskStore,
  ) {}

  @Get('checkpoint')
  async checkpoint(@Res() response: Response): Promise<void> {
    const note = await this.store.as(null, (tx) => this.ledger.checkpoint(tx));
    response.set('Cache-Control', 'no-cache').type('text/plain').send(note);
  }

  /** The checkpoint that was signed when there were so many entries. */
  @Get('checkpoint/:size')
  async checkpointAt(@Param('size') size: string, @Res() response: Response): Promise<void> {
    const note = isDecimal(size)
      ? await this.store.as(null, (tx) => this.ledger.checkpointAt(tx, Number(size)))
      : undefined;
    if (note === undefined) throw new Refusal('PATH_ABSENT');
    response.set('Cache-Control', FOR_EVER).type('text/plain').send(note);
  }

  @Get('tile/*path')
  async tile(@Req() request: Request, @Res() response: Response): Promise<void> {
    const tile = parseTilePath(request.path.slice('/ledger/tile/'.length));
    const hashes = tile && (await this.store.as(null, (tx) => this.ledger.tile(tx, tile)));
    if (!hashes) throw new Refusal('PATH_ABSENT');
    response.set('Cache-Control', FOR_EVER).type('application/octet-stream').send(hashes);
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
