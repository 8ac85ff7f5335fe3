import { Module } from '@nestjs/common';
import { BenchmarksModule } from '@hub/benchmarks';
import { BorderResolver } from './border.resolver';
import { BorderService } from './border.service';
import { ContactResolver } from './contact.resolver';
import { EvidenceService } from './evidence.service';
import { IssuesResolver } from './issues.resolver';
import { IssuesService } from './issues.service';
import { ItemsResolver } from './items.resolver';
import { ItemsService } from './items.service';
import { MeetingsResolver } from './meetings.resolver';
import { MeetingsService } from './meetings.service';
import { PackWriter } from './pack-writer';
import { PatternFinder } from './pattern-finder';
import { Seats } from './seats';
import { Words } from './words';

/** What boards do together: issues, and what hangs on them. */
@Module({
  imports: [BenchmarksModule],
  providers: [
    Seats,
    Words,
    EvidenceService,
    IssuesService,
    ItemsService,
    IssuesResolver,
    ItemsResolver,
    ContactResolver,
    PatternFinder,
    BorderService,
    BorderResolver,
    PackWriter,
    MeetingsService,
    MeetingsResolver,
  ],
})
export class ExchangeModule {}
