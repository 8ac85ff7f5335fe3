import { Global, Module } from '@nestjs/common';
import { AgreementDesk } from './agreement-desk.service';
import { AgreementsReader } from './agreements.reader';
import { AgreementsResolver, RegionAuthoritiesResolver } from './agreements.resolver';
import { AgreementsService } from './agreements.service';

/** The one place that answers "may this happen?", and the steps of an agreement's life. */
@Global()
@Module({
  providers: [AgreementsService, AgreementDesk, AgreementsReader, AgreementsResolver, RegionAuthoritiesResolver],
  exports: [AgreementsService],
})
export class AgreementsModule {}
