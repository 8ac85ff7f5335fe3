import { Global, Module } from '@nestjs/common';
import { workPart } from '@hub/platform';
import { AccessesResolver } from './accesses.resolver';
import { BookService } from './book.service';
import { CompileReader } from './compile.reader';
import { CompileService } from './compile.service';
import { NationalResolver } from './national.resolver';
import { NationalService } from './national.service';
import { protectAndCheck, PROTECTOR } from './protector';
import { PublicationsReader } from './publications.reader';
import { PublicationFilesResolver, PublicationsResolver } from './publications.resolver';
import { PublicationDocuments } from './reading/documents';
import { PinnedFigures } from './reading/pinned';
import { Withdrawals } from './reading/withdrawals';
import { ReleaseService } from './release.service';
import { WithdrawalResolver } from './withdrawal.resolver';
import { WithdrawalService } from './withdrawal.service';

/** Background work of publications. */
export const compileWork = workPart(
  [CompileService, ReleaseService, BookService],
  (compile, release, book) => ({
    'round.compile': (run) => compile.run(run),
    'round.release': (run) => release.run(run),
    'book.load': (run) => book.load(run),
    'opening.tell': (run) => book.tell(run),
  }),
  [CompileReader, { provide: PROTECTOR, useValue: protectAndCheck }],
);

/** Frozen, numbered, superseded but never edited. */
@Global()
@Module({
  providers: [
    Withdrawals,
    PublicationDocuments,
    PublicationsReader,
    PinnedFigures,
    PublicationsResolver,
    PublicationFilesResolver,
    AccessesResolver,
    NationalService,
    NationalResolver,
    WithdrawalService,
    WithdrawalResolver,
  ],
  exports: [PublicationsReader, PinnedFigures],
})
export class PublicationsModule {}
