import { generateKeyPairSync } from 'node:crypto';
import { outerIntervals, protect, readersProof, tableAsPrinted, type ReadersProof } from '@hub/disclosure';
import { canonical, sha256 } from '@hub/kernel';
import {
  append,
  encodeLeaf,
  formatCheckpoint,
  formatReceipt,
  leafHash,
  signNote,
  verifierKeyLine,
  type Leaf,
} from '@hub/ledger/domain';
import { authorities, cells, dataset as byHand, policy, sentByHand } from '../domain/by-hand.builder';
import { compile, protectedFigures } from '../domain/compile';
import { freeze, type PublicationDocument } from '../domain/document';
import { toPrinted } from '../domain/figure';
import { checkPublication, proofIn, PublicationInvalid, type PublicationFiles } from './check';
import { figureId, tableOf } from './table';

const dataset = { ...byHand, rules: [] };
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const hubKey = verifierKeyLine('hub.example', publicKey);

/** The receipt of the only entry of a ledger. */
function receiptOf(leaf: Leaf): string {
  const bytes = encodeLeaf(leaf);
  const { root, inclusionProof } = append(0, [], leafHash(bytes));
  const checkpoint = signNote(formatCheckpoint({ origin: 'hub.example', size: 1, root }), 'hub.example', privateKey);
  return formatReceipt({ leaf: bytes, index: 0, proof: inclusionProof, checkpoint });
}
function leafOf(document: PublicationDocument): Leaf {
  const { hub, region, number, period, id, publishedAt } = document;
  const digest = freeze(document).digest.toString('hex');
  return {
    v: 1,
    kind: 'publication',
    event: 'published',
    hub,
    region,
    number,
    period,
    dataset: document.dataset,
    publication: id,
    digest,
    at: publishedAt,
  };
}

let document: PublicationDocument;
let proof: ReadersProof;
let files: PublicationFiles;

beforeAll(async () => {
  const compiled = compile({
    dataset,
    authorities,
    returns: new Map(authorities.map((authority) => [authority, cells(sentByHand[authority]!)])),
    policy,
    attackers: [],
    ignoreNationalMarks: false,
  });
  const decision = await protect(compiled.problem);
  if (decision.status !== 'protected') throw new Error('the returns made by hand cannot be protected');
  const draft: PublicationDocument = {
    v: 1,
    hub: 'hub.example',
    id: 'pub_hub.example_0197f4a0000070008000000000000001',
    region: 'E12000001',
    number: 7,
    dataset: { code: dataset.code, version: dataset.version },
    period: '2025-Q1',
    edition: 'provisional',
    publishedAt: '2025-07-31T09:00:00.000Z',
    agreement: { id: 'by-hand', version: 1 },
    handling: 'For members of the region.',
    threshold: 6,
    zeros: 'printed',
    authorities,
    submitted: authorities,
    series: protectedFigures(compiled, decision.published).map(({ key, region, figures }) => ({
      key,
      region: toPrinted(region),
      figures: figures.map(toPrinted),
    })),
  };
  const table = tableAsPrinted(tableOf(draft, dataset));
  proof = await readersProof(table);
  const between: Record<string, Record<string, readonly [number, number | null]>> = {};
  for (const [id, interval] of Object.entries(await outerIntervals(table))) {
    const [owner, ...key] = id.split('|');
    (between[key.join('|')] ??= {})[owner!] = interval;
  }
  document = { ...draft, between, proof: sha256(canonical(proof)).toString('hex') };
  files = { document: canonical(document), proof: canonical(proof), receipt: receiptOf(leafOf(document)) };
});

const faultOf = (changed: Partial<PublicationFiles>, keys: readonly string[] = [hubKey]): string => {
  try {
    checkPublication({ ...files, ...changed }, dataset, keys);
    return 'holds';
  } catch (error) {
    if (error instanceof PublicationInvalid) return error.fault;
    throw error;
  }
};
/** A hub that lies consistently: the document names the proof that goes with it, and the ledger has it. */
const forged = (text: Partial<PublicationDocument>, other: unknown = proof): PublicationFiles => {
  const lie = { ...document, ...text, proof: sha256(canonical(other)).toString('hex') };
  return { document: canonical(lie), proof: canonical(other), receipt: receiptOf(leafOf(lie)) };
};

test('a publication holds: digest, ledger entry, every equation, and every hidden figure shown to be one count or another', () => {
  const checked = checkPublication(files, dataset, [hubKey]);
  const { digest, entry, equations, hidden, tables, unshown } = checked;
  expect(digest).toBe(freeze(document).digest.toString('hex'));
  expect(entry?.publication).toBe(document.id);
  expect([equations > 10, hidden > 5, tables! > 0, unshown]).toEqual([true, true, true, []]);
});

test('without a key the ledger’s entry is not claimed to have been looked at', () => {
  expect(checkPublication(files, dataset, []).entry).toBeNull();
});

test('a whole publication without a receipt does not hold: whoever altered it would leave the receipt out', () => {
  expect(faultOf({ receipt: null })).toBe('receipt');
  const { proof: _, ...altered } = { ...document, number: document.number + 1 };
  expect(faultOf({ document: canonical(altered), proof: null, receipt: null })).toBe('receipt');
});

test('a document that is not in its only form is none', () => {
  for (const text of ['', '{}', ` ${files.document}`, `${files.document}\n`, files.document.replace('"v":1', '"v":2')])
    expect([text.slice(0, 9), faultOf({ document: text })]).toEqual([text.slice(0, 9), 'document']);
});

test('a changed figure is not what the ledger has recorded', () => {
  const other = canonical({ ...document, handling: 'For everybody.' });
  expect(faultOf({ document: other })).toBe('entry');
  const another = { ...leafOf(document), event: 'withdrawn', because: 'figuresWrong' } as Leaf;
  expect(faultOf({ receipt: receiptOf(another) })).toBe('entry');
  expect(faultOf({ receipt: files.receipt!.replace('index 0', 'index 1') })).toBe('receipt');
  expect(faultOf({}, [verifierKeyLine('hub.example', generateKeyPairSync('ed25519').publicKey)])).toBe('receipt');
});

test('a hub that lies consistently is caught by adding up: any printed figure changed', () => {
  const faults = new Set<string>();
  document.series.forEach((one, s) => {
    [one.region, ...one.figures].forEach((printed, i) => {
      if (typeof printed !== 'number') return;
      const changed = {
        ...one,
        ...(i === 0 ? { region: printed + 1 } : { figures: one.figures.with(i - 1, printed + 1) }),
      };
      const fault = faultOf(forged({ series: document.series.with(s, changed) }));
      expect([one.key, i, fault]).not.toEqual([one.key, i, 'holds']);
      faults.add(fault);
    });
  });
  expect([...faults].sort()).toEqual(['adding-up', 'equation']);
});

test('any number of the proof changed, left out or added is caught by adding up alone', () => {
  const fault = (other: unknown) => faultOf(forged({}, other));
  for (const [id, count] of Object.entries(proof.base)) {
    expect([id, fault({ ...proof, base: { ...proof.base, [id]: count + 1 } })]).toEqual([id, 'adding-up']);
    const { [id]: _, ...rest } = proof.base;
    expect([id, fault({ ...proof, base: rest })]).toEqual([id, 'adding-up']);
  }
  proof.tables.forEach((table, t) => {
    for (const [id, change] of Object.entries(table)) {
      for (const other of [change + 1, -2 * change, 0])
        expect([id, fault({ ...proof, tables: proof.tables.with(t, { ...table, [id]: other }) })]).toEqual([
          id,
          'adding-up',
        ]);
    }
  });
  expect(fault({ ...proof, unshown: [Object.keys(proof.base)[0]] })).toBe('adding-up');
  expect(fault({ ...proof, base: { ...proof.base, 'region|RF01#count': 3 } })).toBe('adding-up');
  for (const malformed of [
    [],
    { ...proof, v: 2 },
    { ...proof, more: 1 },
    { ...proof, base: { ...proof.base, [Object.keys(proof.base)[0]!]: '7' } },
    { ...proof, tables: {} },
    { ...proof, unshown: [1] },
  ])
    expect(fault(malformed)).toBe('proof');
});

test('the proof is the one that the document names, and there is none where it names none', () => {
  expect(faultOf({ proof: null })).toBe('proof');
  expect(faultOf({ proof: canonical({ ...proof, tables: [...proof.tables, proof.tables[0]] }) })).toBe('proof');
  const { proof: _, ...before } = document;
  const old = { document: canonical(before), receipt: receiptOf(leafOf(before)) };
  expect(faultOf(old)).toBe('proof');
  const checked = checkPublication({ ...old, proof: null }, dataset, [hubKey]);
  expect([checked.tables, checked.unshown.length]).toEqual([null, checked.hidden]);
  expect(() => proofIn('{"v":1}')).toThrow(PublicationInvalid);
});

test('an interval that leaves out a possible count is caught, and one beside a figure that is printed', () => {
  const [series, figures] = Object.entries(document.between!)[0]!;
  const [owner, [least]] = Object.entries(figures)[0]!;
  const moved = { ...document.between, [series]: { ...figures, [owner]: [least + 1, least + 1] as const } };
  expect(proof.base[figureId(owner, series)]).toBeDefined();
  expect(faultOf(forged({ between: moved }))).toBe('between');
  expect(faultOf(forged({ between: { ...document.between, 'SV01#count': { region: [1, 2] } } }))).toBe('between');
});

test('figures that are not those of the dataset are named as such', () => {
  expect(faultOf(forged({ series: document.series.slice(1) }))).toBe('shape');
  expect(faultOf(forged({ submitted: ['E06000099'] }))).toBe('shape');
  expect(faultOf(forged({ dataset: { code: 'by-hand', version: '2.0' } }))).toBe('shape');
});
