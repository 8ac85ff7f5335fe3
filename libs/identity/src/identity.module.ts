import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '@hub/platform';
import { KeysService } from './keys.service';
import { IdentityResolver } from './me.resolver';
import { MembersService } from './members.service';
import { RegionGate } from './region-gate';
import { TokenVerifier } from './tokens';

/** Who is calling, for whom, and with which key. */
@Global()
@Module({
  providers: [
    MembersService,
    KeysService,
    IdentityResolver,
    RegionGate,
    {
      provide: TokenVerifier,
      inject: [CONFIG],
      useFactory: ({ issuer, audience }: Config) => new TokenVerifier(issuer, audience),
    },
  ],
  exports: [MembersService, TokenVerifier, RegionGate],
})
export class IdentityModule {}
