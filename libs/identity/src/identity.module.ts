import { Global, Module } from '@nestjs/common';
import { CONFIG, HealthRegister, type Config } from '@hub/platform';
import { CirclesResolver } from './circles.resolver';
import { CirclesService } from './circles.service';
import { KeysService } from './keys.service';
import { IdentityResolver, SigningKeyResolver } from './me.resolver';
import { MembersResolver } from './members.resolver';
import { MembersService } from './members.service';
import { MembershipService } from './membership.service';
import { RegionGate } from './region-gate';
import { SystemsResolver } from './systems.resolver';
import { SystemsService } from './systems.service';
import { TokenVerifier } from './tokens';

/** Who is calling, for whom, and with which key. */
@Global()
@Module({
  providers: [
    MembersService,
    KeysService,
    MembershipService,
    IdentityResolver,
    SigningKeyResolver,
    MembersResolver,
    CirclesService,
    CirclesResolver,
    SystemsService,
    SystemsResolver,
    RegionGate,
    {
      provide: TokenVerifier,
      inject: [CONFIG, HealthRegister],
      useFactory: ({ issuer, audience }: Config, health: HealthRegister) => {
        const tokens = new TokenVerifier(issuer, audience);
        health.add('token issuer', async () => {
          if (!issuer) return { state: 'degraded', text: 'token issuer: none; every token is refused' };
          return (await tokens.reachable())
            ? { state: 'ok', text: 'token issuer: answers' }
            : { state: 'degraded', text: 'token issuer: does not answer; known keys go on' };
        });
        return tokens;
      },
    },
  ],
  exports: [MembersService, TokenVerifier, RegionGate],
})
export class IdentityModule {}
