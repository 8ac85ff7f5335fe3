import { Global, Module } from '@nestjs/common';
import { loadCatalogue, loadNeighbours, loadRegistry } from './domain';
import { RegistryKeys } from './registry.service';

/** Injection tokens of what is read from contracts at start. */
export const CATALOGUE = Symbol('Catalogue');
export const REGISTRY = Symbol('Registry');
export const NEIGHBOUR_LISTS = Symbol('NeighbourLists');

/** Reference data that every library asks for. */
@Global()
@Module({
  providers: [
    RegistryKeys,
    { provide: CATALOGUE, useFactory: loadCatalogue },
    { provide: REGISTRY, useFactory: loadRegistry },
    { provide: NEIGHBOUR_LISTS, useFactory: loadNeighbours, inject: [REGISTRY] },
  ],
  exports: [RegistryKeys, CATALOGUE, REGISTRY, NEIGHBOUR_LISTS],
})
export class RegistryModule {}
