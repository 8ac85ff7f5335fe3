import { Global, Module } from '@nestjs/common';
import { AgreementsService } from './agreements.service';

/** The one place that answers "may this happen?". */
@Global()
@Module({ providers: [AgreementsService], exports: [AgreementsService] })
export class AgreementsModule {}
