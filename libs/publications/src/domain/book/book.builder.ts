import { protect, type Decision, type Problem, type ProtectOptions } from '@hub/disclosure';
import type { Dataset, Knowledge } from '@hub/registry/domain';
import { indicator } from '../by-hand.builder';
import type { Cells, CompileInput } from '../compile';
import { Book, type Release } from './book';
import { protectEdition, releaseOf, type EditionInput, type ProtectedEdition, type RefusedEdition } from './edition';

/** Figures by short keys, `RF01|age=young`; a text is the reason why there is no number. */
export const cellsOf = (short: Readonly<Record<string, number | 'notAvailable'>>): Cells =>
  new Map(
    Object.entries(short).map(([key, value]) => [
      key.includes('#') ? key : `${key}#count`,
      typeof value === 'number' ? { kind: 'value', value } : { kind: value },
    ]),
  );

/** Referrals by source over a period, and plans by age on its last day. */
export const byHand = (frequency: Dataset['frequency'], more: Partial<Dataset> = {}): Dataset => ({
  v: 1,
  code: `by-hand-${frequency}`,
  version: '1.0',
  title: 'Made by hand',
  frequency,
  dimensions: {
    source: { name: 'Source', categories: ['police', 'health', 'school'].map((code) => ({ code, name: code })) },
    age: { name: 'Age', categories: ['young', 'old'].map((code) => ({ code, name: code })) },
  },
  indicators: [
    indicator('RF01', { breakdowns: [{ dimension: 'source', exhaustive: true }] }),
    indicator('CP01', { basis: 'snapshot', breakdowns: [{ dimension: 'age', exhaustive: true }] }),
  ],
  rules: [],
  ...more,
});

/** A referral total of its three sources. */
export const referrals = (police: number, health: number, school: number): Cells =>
  cellsOf({
    RF01: police + health + school,
    'RF01|source=police': police,
    'RF01|source=health': health,
    'RF01|source=school': school,
  });

export const usualPolicy: CompileInput['policy'] = {
  threshold: 6,
  zeros: 'printed',
  protect: 'range',
  told: false,
  leastContributors: 1,
  leastBase: 0,
  surveyThreshold: 0,
};

/** A hub in memory: it publishes one edition after the other and keeps the book of them. */
export class HubInMemory {
  book = new Book();
  /** What has been published, as the store keeps it. */
  readonly releases: Release[] = [];
  readonly editions: { readonly input: EditionInput; readonly edition: ProtectedEdition }[] = [];

  constructor(
    private readonly protector: (problem: Problem, options: ProtectOptions) => Promise<Decision> = protect,
    /** Plants a fault: what the compile takes for the book. */
    private readonly seen: (book: Book) => Book = (book) => book,
  ) {}

  /** Publishes an edition, or says why not; the authorities are those that have sent something, unless given. */
  async publish(
    given: Pick<EditionInput, 'dataset' | 'period'> & {
      datasets?: readonly Dataset[];
      region?: string;
      returns: Readonly<Record<string, Cells>>;
      authorities?: readonly string[];
      policy?: Partial<CompileInput['policy']>;
      attackers?: readonly Knowledge[];
      before?: ReadonlyMap<string, Cells>;
      level?: EditionInput['level'];
    },
  ): Promise<ProtectedEdition | RefusedEdition> {
    const returns = new Map(Object.entries(given.returns));
    const input: EditionInput = {
      region: 'E12000001',
      attackers: [],
      ignoreNationalMarks: false,
      datasets: [],
      ...given,
      authorities: given.authorities ?? [...returns.keys()].sort(),
      returns,
      policy: { ...usualPolicy, ...given.policy },
    };
    const edition = await protectEdition(this.seen(this.book), input, this.protector);
    if (edition.status === 'protected') {
      this.editions.push({ input, edition });
      // As it would come back from the store.
      const stored = JSON.parse(JSON.stringify(releaseOf(String(this.editions.length), input, edition))) as never;
      this.releases.push(stored);
      this.book.add(stored);
    }
    return edition;
  }
}

/** An edition that was published. @throws Error when it was not */
export function published(edition: ProtectedEdition | RefusedEdition): ProtectedEdition {
  if (edition.status === 'protected') return edition;
  throw new Error(`refused: ${JSON.stringify(edition.exposed)}`);
}
