import { Global, Module } from '@nestjs/common';
import type { Handlers, WorkPart } from '@hub/platform';
import { AccessesResolver } from './accesses.resolver';
import { CompileService } from './compile.service';
import { protectAndCheck, PROTECTOR } from './protector';
import { PublicationsReader } from './publications.reader';
import { PublicationFilesResolver, PublicationsResolver } from './publications.resolver';

const COMPILE_HANDLERS = Symbol('CompileHandlers');

/** Background work of publications. */
@Module({
  providers: [
    CompileService,
    { provide: PROTECTOR, useValue: protectAndCheck },
    {
      provide: COMPILE_HANDLERS,
      inject: [CompileService],
      useFactory: (compile: CompileService): Partial<Handlers> => ({ 'round.compile': (run) => compile.run(run) }),
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
