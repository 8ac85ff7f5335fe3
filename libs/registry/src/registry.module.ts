import { Global, Module } from '@nestjs/common';
import { loadCatalogue, loadRegistry } from './domain';
import { RegistryKeys } from './registry.service';

/** Injection tokens of what is read from contracts at start. */
export const CATALOGUE = Symbol('Catalogue');
export const REGISTRY = Symbol('Registry');

/** Reference data that every library asks for. */
@Global()
@Module({
  providers: [
    RegistryKeys,
    { provide: CATALOGUE, useFactory: loadCatalogue },
    { provide: REGISTRY, useFactory: loadRegistry },
  ],
  exports: [RegistryKeys, CATALOGUE, REGISTRY],
})
export class RegistryModule {}
