import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { parseStrictJson } from '@hub/kernel';
import type { Source } from './registry';

/** What the Department has published for England: counts, rounded as published. */
export interface EnglandFigures {
  readonly v: 1;
  readonly sources: readonly Source[];
  readonly figures: readonly {
    readonly indicator: string;
    readonly period: string;
    readonly count: number;
    /** What it is divided by: the children of a rate, the denominator of a percentage. */
    readonly of: number;
  }[];
}

/** Made by infra/make-england.mjs. */
export function loadEngland(): EnglandFigures {
  return parseStrictJson(readFileSync(join(contractsFolder, 'registry', 'england-figures.json'))) as EnglandFigures;
}
