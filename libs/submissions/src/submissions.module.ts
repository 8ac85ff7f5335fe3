import { Module } from '@nestjs/common';
import { DATABASE, openDataSource, Pools, type Database } from '@hub/platform';
import { IntakeStore } from './intake.store';
import { ErasureResolver } from './retention/erasure.resolver';
import { ErasureService } from './retention/erasure.service';
import { HeldResolver } from './held.resolver';
import { HeldService } from './held.service';
import { OwnFiguresResolver } from './own-figures.resolver';
import { OwnFiguresService } from './own-figures.service';
import { OwnPastReader } from './own-past';
import { OpenedResolver } from './opened.resolver';
import { OpenedService } from './opened.service';
import { OwnReturnFieldsResolver, OwnReturnsResolver } from './own-returns.resolver';
import { OwnReturnsService } from './own-returns.service';
import { OwnSubmissionsResolver } from './own-submissions.resolver';
import { OwnSubmissionsService } from './own-submissions.service';
import { PrintedFigures } from './printed-figures';
import { ReturnJudge } from './return-judge';
import { PublishedReturnsResolver } from './published-returns.resolver';
import { RoundFieldsResolver, RoundsResolver } from './rounds.resolver';
import { RemindersResolver } from './reminders.resolver';
import { RemindersService } from './reminders.service';
import { RoundsService } from './rounds.service';
import { SubmissionsController } from './submissions.controller';
import { SubmissionsResolver } from './submissions.resolver';
import { SubmissionsService } from './submissions.service';

/** Envelope, signature, validation, versions, receipts, rounds. */
@Module({
  controllers: [SubmissionsController],
  providers: [
    SubmissionsService,
    PrintedFigures,
    OwnPastReader,
    ReturnJudge,
    SubmissionsResolver,
    RoundsService,
    OwnReturnsService,
    OwnReturnsResolver,
    OwnReturnFieldsResolver,
    OwnFiguresService,
    OwnFiguresResolver,
    OwnSubmissionsService,
    OwnSubmissionsResolver,
    RoundsResolver,
    RoundFieldsResolver,
    RemindersService,
    RemindersResolver,
    PublishedReturnsResolver,
    HeldService,
    HeldResolver,
    OpenedService,
    OpenedResolver,
    ErasureService,
    ErasureResolver,
    {
      provide: IntakeStore,
      inject: [Pools, DATABASE],
      useFactory: async (pools: Pools, database: Database) =>
        new IntakeStore(pools.add(await openDataSource(database.urls.intake, 'intake'))),
    },
  ],
  exports: [SubmissionsService],
})
export class SubmissionsModule {}
