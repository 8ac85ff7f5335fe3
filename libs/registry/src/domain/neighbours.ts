import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractsFolder } from '@hub/contracts';
import { parseStrictJson } from '@hub/kernel';
import type { Registry, Source } from './registry';

/** The years of the Department's models of statistical neighbours. */
export const neighbourModels = ['2025', '2021'] as const;
export type NeighbourModel = (typeof neighbourModels)[number];
export const NEWEST_MODEL: NeighbourModel = '2025';
/** How many each authority has. */
export const NEIGHBOURS = 10;

/** contracts/registry/neighbours.json as it stands. Of 2021 some lists are of authorities that are no more, or name one. */
export interface NeighbourLists {
  readonly v: 1;
  readonly sources: readonly Source[];
  readonly lists: readonly {
    readonly model: NeighbourModel;
    /** The newest code that it has had. */
    readonly authority: string;
    /** Nearest first. */
    readonly neighbours: readonly string[];
  }[];
}

/** Made by infra/make-neighbours.mjs. @throws Error when the file contradicts itself or the registry */
export function loadNeighbours(registry: Registry): Neighbours {
  const lists = parseStrictJson(readFileSync(join(contractsFolder, 'registry', 'neighbours.json'))) as NeighbourLists;
  const [fault] = neighbourFaults(lists, registry);
  if (fault) throw new Error(`contracts/registry/neighbours.json: ${fault}`);
  return new Neighbours(lists, registry);
}

/** Everything in which lists of neighbours contradict themselves or the registry, in words; nothing when they hold. */
export function neighbourFaults({ lists }: NeighbourLists, { authorities, links }: Registry): string[] {
  const known = new Map(authorities.map((one) => [one.code, one]));
  const recoded = new Set(links.filter(({ kind }) => kind === 'recoded').map(({ from }) => from));
  const isNewest = (code: string) => known.get(code)?.kind === 'authority' && !recoded.has(code);
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { model, authority, neighbours } of lists) {
    const whose = `the list of ${authority} in ${model}`;
    if (!neighbourModels.includes(model)) faults.push(`${whose} is of no model`);
    if (seen.has(whose)) faults.push(`${whose} stands twice`);
    seen.add(whose);
    if (new Set(neighbours).size !== NEIGHBOURS || neighbours.length !== NEIGHBOURS)
      faults.push(`${whose} has not ${NEIGHBOURS} neighbours`);
    if (neighbours.includes(authority)) faults.push(`${whose} names itself`);
    if (![authority, ...neighbours].every(isNewest)) faults.push(`${whose} has a code that is no authority's newest`);
  }
  for (const { code, kind, until } of authorities) {
    if (kind === 'authority' && until === null && !seen.has(`the list of ${code} in ${NEWEST_MODEL}`))
      faults.push(`${code} has no neighbours in ${NEWEST_MODEL}`);
  }
  return faults;
}

/** Who is whose statistical neighbour: authorities that are most like one, wherever in England they lie. */
export class Neighbours {
  private readonly lists: ReadonlyMap<string, readonly string[]>;
  private readonly after: ReadonlyMap<string, string>;

  constructor({ lists }: NeighbourLists, { links }: Pick<Registry, 'links'>) {
    this.lists = new Map(lists.map(({ model, authority, neighbours }) => [`${model} ${authority}`, neighbours]));
    this.after = new Map(links.filter(({ kind }) => kind === 'recoded').map(({ from, to }) => [from, to]));
  }

  /**
   * Under which of these codes the neighbours of an authority stand, nearest first: a body goes on under another code, and
   * returns of different years have different ones.
   * @param among  codes, such as those of a publication; those who are no neighbour are left out
   * @returns null where the model has no list: of a joint return, and in 2021 of who has been established since
   */
  among(authority: string, model: NeighbourModel, among: readonly string[]): string[] | null {
    const list = this.lists.get(`${model} ${this.newest(authority)}`);
    return list?.flatMap((one) => among.find((code) => this.newest(code) === one) ?? []) ?? null;
  }

  private newest(code: string): string {
    const next = this.after.get(code);
    return next === undefined ? code : this.newest(next);
  }
}
