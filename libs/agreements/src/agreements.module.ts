import { Global, Module } from '@nestjs/common';
import { AgreementDesk } from './agreement-desk.service';
import { AgreementsReader } from './agreements.reader';
import { AgreementsResolver, RegionAuthoritiesResolver } from './agreements.resolver';
import { AgreementsService } from './agreements.service';

/** The one place that answers "may this happen?": in every process. */
@Global()
@Module({ providers: [AgreementsService], exports: [AgreementsService] })
export class AgreementsModule {}

/** The steps of an agreement's life, and who may read it: where members are asked for, which a worker does not know. */
@Module({ providers: [AgreementDesk, AgreementsReader, AgreementsResolver, RegionAuthoritiesResolver] })
export class AgreementDeskModule {}
