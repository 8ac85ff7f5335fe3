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
import { PackFigures } from './pack-figures';
import { PackWriter } from './pack-writer';
import { PatternFinder } from './pattern-finder';
import { Records } from './records';
import { Seats } from './seats';
import { Views } from './views';
import { Words } from './words';

/** What boards do together: issues, and what hangs on them. */
@Module({
  imports: [BenchmarksModule],
  providers: [
    Seats,
    Words,
    Records,
    Views,
    EvidenceService,
    IssuesService,
    ItemsService,
    IssuesResolver,
    ItemsResolver,
    ContactResolver,
    PatternFinder,
    BorderService,
    BorderResolver,
    PackFigures,
    PackWriter,
    MeetingsService,
    MeetingsResolver,
  ],
})
export class ExchangeModule {}
