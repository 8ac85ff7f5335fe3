import { Global, Module } from '@nestjs/common';
import type { Handlers, WorkPart } from '@hub/platform';
import { AccessesResolver } from './accesses.resolver';
import { CompileService } from './compile.service';
import { protectAndCheck, PROTECTOR } from './protector';
import { PublicationsReader } from './publications.reader';
import { PublicationFilesResolver, PublicationsResolver } from './publications.resolver';
import { ReleaseService } from './release.service';

const COMPILE_HANDLERS = Symbol('CompileHandlers');

/** Background work of publications. */
@Module({
  providers: [
    CompileService,
    ReleaseService,
    { provide: PROTECTOR, useValue: protectAndCheck },
    {
      provide: COMPILE_HANDLERS,
      inject: [CompileService, ReleaseService],
      useFactory: (compile: CompileService, release: ReleaseService): Partial<Handlers> => ({
        'round.compile': (run) => compile.run(run),
        'round.release': (run) => release.run(run),
      }),
    },
  ],
  exports: [COMPILE_HANDLERS, CompileService],
})
class CompileModule {}

export const compileWork: WorkPart = { module: CompileModule, handlers: COMPILE_HANDLERS };

/** Frozen, numbered, superseded but never edited. */
@Global()
@Module({
  providers: [PublicationsReader, PublicationsResolver, PublicationFilesResolver, AccessesResolver],
  exports: [PublicationsReader],
})
export class PublicationsModule {}
