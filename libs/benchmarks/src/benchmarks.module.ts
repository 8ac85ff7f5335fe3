import { Module } from '@nestjs/common';
import { BenchmarksResolver } from './benchmarks.resolver';
import { BenchmarksService } from './benchmarks.service';

/** The regional views over publications. Reads protected figures and nothing else. */
@Module({ providers: [BenchmarksService, BenchmarksResolver] })
export class BenchmarksModule {}
