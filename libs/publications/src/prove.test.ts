import { protect, readersProof, tableAsPrinted, type PrintedTable, type ReadersProof } from '@hub/disclosure';
import { canonical, sha256 } from '@hub/kernel';
import { checkOwn, checkPublication, proofIn, tableOf } from './checker';
import { compile, protectedFigures, toPrinted, type Cells, type PublicationDocument } from './domain';
import { authorities, cells, dataset as byHand, policy, sentByHand } from './domain/by-hand.builder';
import { proveToReaders } from './prove';

/*
 * Invariance: what a reader may see is held fixed, the hidden counts are changed to every table that a proof names, and what
 * the reader is shown stays the same, byte for byte.
 */

const dataset = { ...byHand, rules: [] };
const inProcess = (tables: readonly PrintedTable[]) => Promise.all(tables.map((table) => readersProof(table)));
type Counts = Record<string, number>;
const sent: readonly Counts[] = authorities.map((authority) => sentByHand[authority]!);
const compiledOf = (counts: readonly Counts[]) => {
  const returns = new Map<string, Cells>(authorities.map((authority, i) => [authority, cells(counts[i]!)]));
  const compiled = compile({ dataset, authorities, returns, policy, attackers: [], ignoreNationalMarks: false });
  return { returns, compiled };
};

let suppressed: readonly string[];
beforeAll(async () => {
  const decision = await protect(compiledOf(sent).compiled.problem);
  if (decision.status !== 'protected') throw new Error('the returns made by hand cannot be protected');
  suppressed = decision.suppressed;
});

/** What leaves of these returns when these cells are hidden. */
async function published(counts: readonly Counts[]) {
  const { returns, compiled } = compiledOf(counts);
  const hidden = new Set(suppressed);
  const printed = compiled.problem.cells.filter(({ id }) => !hidden.has(id)).map(({ id, value }) => [id, value]);
  const document = {
    v: 1,
    hub: 'hub-local',
    id: 'pub_1',
    region: 'E12000001',
    number: 1,
    dataset: { code: dataset.code, version: dataset.version },
    period: '2025-Q1',
    publishedAt: '2025-08-01T00:00:00.000Z',
    zeros: policy.zeros,
    authorities,
    submitted: authorities,
    series: protectedFigures(compiled, Object.fromEntries(printed) as Counts).map(({ key, region, figures }) => ({
      key,
      region: toPrinted(region),
      figures: figures.map(toPrinted),
    })),
  } as unknown as PublicationDocument;
  const proofs = await proveToReaders(tableAsPrinted(tableOf(document, dataset)), returns, inProcess);
  if ('fault' in proofs) throw new Error(proofs.fault);
  return { document, proofs, text: canonical(document) };
}

/** The returns with the hidden counts of a table that the proof names; those of nobody else but in it. */
function fillings({ base, tables }: ReadersProof): Counts[][] {
  return [{}, ...tables].map((changes: Counts) => {
    const filled = structuredClone(sent) as Counts[];
    for (const [id, count] of Object.entries(base)) {
      const [authority, ...key] = id.split('|');
      const place = (authorities as readonly string[]).indexOf(authority!);
      if (place >= 0) filled[place]![key.join('|').replace('#count', '')] = count + (changes[id] ?? 0);
    }
    return filled;
  });
}

test('everybody’s proof, and what checking says, stay the same whatever is hidden', async () => {
  const first = await published(sent);
  // The tables of the own proofs fit the print too.
  const all = [first.proofs.everybody!, ...first.proofs.own.values()].flatMap((text) => fillings(proofIn(text!)));
  const said = ({ document, proofs: { everybody } }: typeof first) => {
    const whole = { ...document, proof: sha256(everybody!).toString('hex') };
    return JSON.stringify(
      checkPublication({ document: canonical(whole), proof: everybody, receipt: null }, dataset, []),
    );
  };
  let others = 0;
  for (const counts of all) {
    const other = await published(counts);
    expect(other.text).toBe(first.text);
    expect(other.proofs.everybody).toBe(first.proofs.everybody);
    expect(said(other)).toBe(said(first));
    others += Number(JSON.stringify(counts) !== JSON.stringify(sent));
  }
  expect(others).toBeGreaterThan(5);
});

test('an authority’s own proof stays the same whatever the others hide, and differs with its own counts', async () => {
  const first = await published(sent);
  for (const [i, authority] of authorities.entries()) {
    const own = first.proofs.own.get(authority)!;
    const all = fillings(proofIn(own));
    expect(all.length).toBeGreaterThan(1);
    for (const counts of all) {
      expect(counts[i]).toEqual(sent[i]);
      const other = await published(counts);
      expect(other.text).toBe(first.text);
      expect(other.proofs.own.get(authority)).toBe(own);
    }
    const series = new Map(Object.entries(sent[i]!).map(([key, count]) => [`${key}#count`, count]));
    const { hidden, unshown, asSent } = checkOwn(first.document, dataset, authority, series, own);
    expect([hidden > 2, unshown, asSent > 0]).toEqual([true, [], true]);
    // Another's own proof is not one for this authority.
    const foreign = first.proofs.own.get(authorities[(i + 1) % 3]!)!;
    expect(() => checkOwn(first.document, dataset, authority, series, foreign)).toThrow(
      'the own proof does not add up',
    );
    const printed = first.document.series.find(({ figures }) => typeof figures[i] === 'number' && figures[i] > 0)!;
    const wrong = new Map(series).set(printed.key, series.get(printed.key)! + 1);
    expect(() => checkOwn(first.document, dataset, authority, wrong, own)).toThrow('is not what was sent');
  }
  expect(new Set(first.proofs.own.values()).size).toBe(3);
});

test('a proof that does not add up is a fault, and one that is not found is said to be none', async () => {
  const { document } = await published(sent);
  const { returns } = compiledOf(sent);
  const careless = async (tables: readonly PrintedTable[]) =>
    (await inProcess(tables)).map((proof) => ({
      ...proof,
      tables: proof.tables.map((table) => ({
        ...table,
        ...Object.fromEntries(
          Object.keys(table)
            .slice(0, 1)
            .map((id) => [id, 7]),
        ),
      })),
    }));
  expect(await proveToReaders(tableAsPrinted(tableOf(document, dataset)), returns, careless)).toEqual({
    fault: expect.any(String) as string,
  });
  const none = await proveToReaders(tableAsPrinted(tableOf(document, dataset)), returns, (tables) =>
    Promise.resolve(tables.map(() => null)),
  );
  expect(none).toEqual({ everybody: null, own: new Map(authorities.map((one) => [one, null])) });
});
