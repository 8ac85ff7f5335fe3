import { Module } from '@nestjs/common';
import { ContactResolver } from './contact.resolver';
import { EvidenceService } from './evidence.service';
import { IssuesResolver } from './issues.resolver';
import { IssuesService } from './issues.service';
import { ItemsResolver } from './items.resolver';
import { ItemsService } from './items.service';
import { Seats } from './seats';
import { Words } from './words';

/** What boards do together: issues, and what hangs on them. */
@Module({
  providers: [
    Seats,
    Words,
    EvidenceService,
    IssuesService,
    ItemsService,
    IssuesResolver,
    ItemsResolver,
    ContactResolver,
  ],
})
export class ExchangeModule {}
