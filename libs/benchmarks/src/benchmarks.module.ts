import { Module } from '@nestjs/common';
import { BenchmarksResolver, FunnelResolver, PatternsResolver } from './benchmarks.resolver';
import { BenchmarksService } from './benchmarks.service';
import { ChartsResolver } from './charts.resolver';
import { ChartsService } from './charts.service';
import { WhyResolver } from './why.resolver';
import { WhyService } from './why.service';

/** The regional views over publications. Reads protected figures and nothing else. */
@Module({
  providers: [
    BenchmarksService,
    BenchmarksResolver,
    FunnelResolver,
    PatternsResolver,
    ChartsService,
    ChartsResolver,
    WhyService,
    WhyResolver,
  ],
})
export class BenchmarksModule {}
