import { Global, Module } from '@nestjs/common';
import { WORK_HANDLERS, WorkModule, type Handlers } from '@hub/platform';
import { CompileService } from './compile.service';
import { protectAndCheck, PROTECTOR } from './protector';
import { PublicationsReader } from './publications.reader';
import { PublicationsResolver } from './publications.resolver';

/** Background work of publications: one handler for each kind. */
@Module({
  providers: [
    CompileService,
    { provide: PROTECTOR, useValue: protectAndCheck },
    {
      provide: WORK_HANDLERS,
      inject: [CompileService],
      useFactory: (compile: CompileService): Handlers => ({ 'round.compile': (run) => compile.run(run) }),
    },
  ],
  exports: [WORK_HANDLERS, CompileService],
})
export class CompileModule {}

/** Frozen, numbered, superseded but never edited. */
@Global()
@Module({
  imports: [WorkModule.of(CompileModule)],
  providers: [PublicationsReader, PublicationsResolver],
  exports: [PublicationsReader],
})
export class PublicationsModule {}
