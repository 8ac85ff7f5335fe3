import { Module } from '@nestjs/common';
import { BenchmarkViews } from './benchmark.views';
import { BenchmarksResolver, FunnelResolver } from './benchmarks.resolver';
import { BenchmarksService } from './benchmarks.service';
import { CatalogueResolver } from './catalogue.resolver';
import { ChartsResolver } from './charts.resolver';
import { ChartsService } from './charts.service';
import { EnglandResolver } from './england.resolver';
import { LooksService } from './looks.service';
import { MondayResolver } from './monday.resolver';
import { MondayService } from './monday.service';
import { NeighboursResolver } from './neighbours.resolver';
import { PatternListResolver, PatternsResolver } from './patterns.resolver';
import { PatternsService } from './patterns.service';
import { CommentaryResolver } from './remarks/commentary.resolver';
import { CommentaryService } from './remarks/commentary.service';
import { EndingsResolver } from './remarks/endings.resolver';
import { EndingsService } from './remarks/endings.service';
import { NotesResolver } from './remarks/notes.resolver';
import { NotesService } from './remarks/notes.service';
import { WhyResolver } from './why.resolver';
import { WhyService } from './why.service';

/** The regional views over publications. Reads protected figures and nothing else. */
@Module({
  providers: [
    LooksService,
    BenchmarksService,
    BenchmarkViews,
    BenchmarksResolver,
    FunnelResolver,
    PatternsService,
    PatternsResolver,
    PatternListResolver,
    CatalogueResolver,
    ChartsService,
    ChartsResolver,
    EnglandResolver,
    MondayService,
    MondayResolver,
    CommentaryService,
    CommentaryResolver,
    EndingsService,
    EndingsResolver,
    NeighboursResolver,
    NotesService,
    NotesResolver,
    WhyService,
    WhyResolver,
  ],
  exports: [BenchmarksService, PatternsService],
})
export class BenchmarksModule {}
