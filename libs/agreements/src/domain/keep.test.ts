import * as fc from 'fast-check';
import { parsePeriod } from '@hub/kernel';
import { anAgreement, hartlepool, middlesbrough, redcar } from '../agreement.builder';
import { decideKeeping, keptUntil, take, withdraw, type Agreement, type AgreementDocument } from './index';

const { documentBetween, inForce } = anAgreement;
/** In force from 2022-04-01 until 2030-04-01; cells 7 years, envelopes 2, deleted at the end. */
const agreed = (change: Partial<AgreementDocument> = {}, ...parties: Parameters<typeof documentBetween>[0][number][]) =>
  inForce(documentBetween(parties.length ? parties : [hartlepool, middlesbrough], change));
const home = agreed();
const returned = agreed({ retention: { cellsYears: 7, envelopesYears: 2, atEnd: 'return' } });
const under = { id: 'example-benchmarking', version: 1 };

const cells = {
  door: 'keep',
  item: 'cells',
  authority: hartlepool,
  dataset: { code: 'safeguarding-annual', version: '1.0' },
  period: parsePeriod('2024-FY'), // until 2025-04-01
  receivedOn: '2025-06-10',
} as const;
const envelopes = { ...cells, item: 'envelopes' } as const;
type Asked = typeof cells | typeof envelopes;

const answer = (agreements: readonly Agreement[], question: Asked, today: string, of = under): string => {
  const one = decideKeeping(of, agreements, question, today);
  return `${one.permitted ? 'keep' : one.code} ${one.agreement.id} ${one.agreement.version} ${one.clause}`;
};
const name = 'example-benchmarking';

test.each<[rule: string, question: Asked, today: string, expected: string]>([
  ['cells are kept for their years after the period', cells, '2032-03-31', `keep ${name} 1 /retention/cellsYears`],
  ['and go on the day after', cells, '2032-04-01', `RETENTION_ENDED ${name} 1 /retention/cellsYears`],
  ['envelopes for theirs after the receipt', envelopes, '2027-06-09', `keep ${name} 1 /retention/envelopesYears`],
  ['and go on the day after', envelopes, '2027-06-10', `RETENTION_ENDED ${name} 1 /retention/envelopesYears`],
])('%s', (_rule, question, today, expected) => {
  const long = agreed({ effective: { from: '2022-04-01', until: '2040-04-01' } });
  expect(answer([long], question, today)).toBe(expected);
});

test('with the agreement all goes, at once or after the days in which it can be fetched', () => {
  expect(answer([home], cells, '2030-03-31')).toMatch(/^keep/);
  expect(answer([home], cells, '2030-04-01')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
  expect(answer([returned], cells, '2030-04-30')).toMatch(/^keep/);
  expect(answer([returned], cells, '2030-05-01')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
});

test('with the withdrawal of the authority its own goes, and nobody else’s', () => {
  const left = withdraw(home, hartlepool, '2026-01-10', '2025-12-01');
  expect(answer([left], cells, '2026-01-09')).toMatch(/^keep/);
  expect(answer([left], cells, '2026-01-10')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
  expect(decideKeeping(under, [left], { ...cells, authority: middlesbrough }, '2026-01-10').permitted).toBe(true);
});

test('a suspension lets nothing go', () => {
  expect(answer([take(home, 'suspend')], cells, '2026-01-10')).toMatch(/^keep/);
});

describe('the versions of an agreement are one agreement', () => {
  const FROM = '2026-04-01';
  const superseded: Agreement = { ...home, successorFrom: FROM };
  const next = (change: Partial<AgreementDocument>, ...parties: Parameters<typeof agreed>[1][]) =>
    agreed({ version: 2, effective: { from: FROM, until: '2034-04-01' }, ...change }, ...(parties as [never]));

  test('the newest that has begun speaks for it, on whichever version it was sent', () => {
    const two = next({ retention: { cellsYears: 3, envelopesYears: 1, atEnd: 'delete' } });
    for (const agreements of [
      [superseded, two],
      [two, superseded],
    ]) {
      expect(answer(agreements, envelopes, '2026-06-10')).toBe(`RETENTION_ENDED ${name} 2 /retention/envelopesYears`);
      expect(answer(agreements, cells, '2028-03-31')).toBe(`keep ${name} 2 /retention/cellsYears`);
      expect(answer(agreements, cells, '2028-04-01')).toBe(`RETENTION_ENDED ${name} 2 /retention/cellsYears`);
    }
  });

  test('not before it begins', () => {
    const two = next({ retention: { cellsYears: 1, envelopesYears: 1, atEnd: 'delete' } });
    expect(answer([superseded, two], cells, '2026-03-31')).toBe(`keep ${name} 1 /retention/cellsYears`);
    expect(answer([superseded, two], cells, '2026-04-01')).toBe(`RETENTION_ENDED ${name} 2 /retention/cellsYears`);
  });

  test('a later one keeps what the first alone would have let go at its end', () => {
    expect(answer([superseded, next({})], cells, '2031-01-01')).toBe(`keep ${name} 2 /retention/cellsYears`);
  });

  test('its end, or the withdrawal from it, is the end', () => {
    const ended: Agreement = { ...take(next({}), 'terminate'), endedOn: '2027-02-03' };
    expect(answer([superseded, ended], cells, '2027-02-02')).toMatch(/^keep/);
    expect(answer([superseded, ended], cells, '2027-02-03')).toBe(`RETENTION_ENDED ${name} 2 /retention/atEnd`);
    const left = withdraw(next({}), hartlepool, '2027-05-05', '2027-05-05');
    expect(answer([superseded, left], cells, '2027-05-04')).toMatch(/^keep/);
    expect(answer([superseded, left], cells, '2027-05-05')).toBe(`RETENTION_ENDED ${name} 2 /retention/atEnd`);
  });

  test.each([
    ['the authority', next({}, middlesbrough as never, redcar as never)],
    ['the table', next({ tables: [{ ...home.document.tables[0]!, dataset: 'safeguarding-quarterly' }] })],
    ['the version of the dataset', next({ tables: [{ ...home.document.tables[0]!, versions: { from: '2.0' } }] })],
  ])('one that leaves %s out ends its part on its first day', (_what, two) => {
    expect(answer([superseded, two], cells, '2026-03-31')).toMatch(/^keep/);
    expect(answer([superseded, two], cells, FROM)).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
    const fetched = { ...returned, successorFrom: FROM };
    expect(answer([fetched, two], cells, '2026-04-30')).toMatch(/^keep/);
    expect(answer([fetched, two], cells, '2026-05-01')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
  });

  test('one that was ended before it began leaves all as it was', () => {
    for (const change of [{}, { parties: agreed({}, middlesbrough, redcar).document.parties }]) {
      const cancelled: Agreement = { ...take(next(change), 'terminate'), endedOn: '2026-03-31' };
      expect(answer([home, cancelled], cells, '2027-01-01')).toBe(`keep ${name} 1 /retention/cellsYears`);
    }
  });

  test('one that is signed late leaves out from the day of the last signature, so there is time to fetch', () => {
    const two = { ...next({}, middlesbrough as never, redcar as never), concludedOn: '2026-07-01' };
    const fetched = { ...returned, successorFrom: '2026-07-01' };
    expect(answer([fetched, two], cells, '2026-06-30')).toMatch(/^keep/);
    expect(answer([fetched, two], cells, '2026-07-30')).toMatch(/^keep/);
    expect(answer([fetched, two], cells, '2026-07-31')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
  });

  test('of several that leave it out, the one that begins first', () => {
    const out = (version: number, from: string) =>
      next({ version, effective: { from, until: '2034-04-01' } }, middlesbrough as never, redcar as never);
    const all = [{ ...returned, successorFrom: '2026-05-01' }, out(2, '2026-06-01'), out(3, '2026-05-01')];
    expect(answer(all, cells, '2026-05-30')).toMatch(/^keep/);
    for (const day of ['2026-05-31', '2026-06-15']) {
      expect(answer(all, cells, day)).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
    }
  });

  test('of a withdrawal and a version that leaves the authority out, the earlier counts', () => {
    const two = next({}, middlesbrough as never, redcar as never);
    const leftOn = (day: string) => ({
      ...withdraw(superseded, hartlepool, day, '2026-01-10'),
      document: returned.document,
    });
    expect(answer([leftOn('2026-03-20'), two], cells, '2026-04-18')).toMatch(/^keep/);
    expect(answer([leftOn('2026-03-20'), two], cells, '2026-04-19')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
    expect(answer([leftOn('2026-04-20'), two], cells, '2026-04-30')).toMatch(/^keep/);
    expect(answer([leftOn('2026-04-20'), two], cells, '2026-05-01')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
  });
});

describe('another agreement over the same cells', () => {
  const short = { retention: { cellsYears: 1, envelopesYears: 1, atEnd: 'delete' as const } };
  const network = agreed({ id: 'network', ...short });

  test('shortens what is kept, while it binds the authority', () => {
    expect(answer([home, network], cells, '2026-03-31')).toMatch(/^keep/);
    expect(answer([home, network], cells, '2026-04-01')).toBe('RETENTION_ENDED network 1 /retention/cellsYears');
    expect(answer([network, home], cells, '2026-04-01')).toBe('RETENTION_ENDED network 1 /retention/cellsYears');
  });

  test('also from the very first day of the period', () => {
    const begins = agreed({ id: 'network', ...short, effective: { from: cells.period.from, until: '2030-04-01' } });
    expect(answer([home, begins], cells, '2026-04-01')).toBe('RETENTION_ENDED network 1 /retention/cellsYears');
  });

  test.each<[string, Agreement]>([
    ['that has ended', { ...take(network, 'terminate'), endedOn: '2025-12-01' }],
    ['that is suspended', take(network, 'suspend')],
    ['that the authority has left', withdraw(network, hartlepool, '2026-01-10', '2026-01-10')],
    ['of others', agreed({ id: 'network', ...short }, middlesbrough, redcar)],
    [
      'that begins after the period',
      agreed({ id: 'network', ...short, effective: { from: '2025-04-01', until: '2030-04-01' } }),
    ],
    [
      'about another dataset',
      agreed({ id: 'network', ...short, tables: [{ ...home.document.tables[0]!, dataset: 'x' }] }),
    ],
  ])('%s says nothing', (_what, other) => {
    expect(answer([home, other], cells, '2026-06-01')).toBe(`keep ${name} 1 /retention/cellsYears`);
  });

  test('does not keep what the one it was sent under lets go', () => {
    const left = withdraw(home, hartlepool, '2026-01-10', '2026-01-10');
    const long = agreed({ id: 'network' });
    expect(answer([left, long], cells, '2026-01-10')).toBe(`RETENTION_ENDED ${name} 1 /retention/atEnd`);
    expect(answer([left, long], cells, '2026-01-10', { id: 'network', version: 1 })).toBe(
      'keep network 1 /retention/cellsYears',
    );
  });
});

test('nothing is let go because the agreement could not be found', () => {
  expect(() => decideKeeping({ id: 'other', version: 1 }, [home], cells, '2040-01-01')).toThrow('no agreement');
  expect(() => decideKeeping(under, [], cells, '2040-01-01')).toThrow('no agreement');
});

describe('the day on which it goes', () => {
  const goes = (agreements: readonly Agreement[], question: Asked, today = '2025-07-01') => {
    const { goesOn, because } = keptUntil(under, agreements, question, today);
    return `${goesOn} ${because.clause}`;
  };
  const two = agreed({ version: 2, effective: { from: '2026-04-01', until: '2040-04-01' } }, middlesbrough, redcar);

  test.each<[string, readonly Agreement[], Asked, string]>([
    [
      'its years',
      [agreed({ effective: { from: '2022-04-01', until: '2040-04-01' } })],
      cells,
      '2032-04-01 /retention/cellsYears',
    ],
    ['the years of envelopes', [home], envelopes, '2027-06-10 /retention/envelopesYears'],
    ['the end of the agreement', [home], cells, '2030-04-01 /retention/atEnd'],
    ['the end of the days to fetch it in', [returned], cells, '2030-05-01 /retention/atEnd'],
    ['the withdrawal', [withdraw(home, hartlepool, '2026-02-03', '2026-01-01')], cells, '2026-02-03 /retention/atEnd'],
    [
      'a withdrawal with days to fetch it in',
      [withdraw(returned, hartlepool, '2026-02-03', '2026-01-01')],
      cells,
      '2026-03-05 /retention/atEnd',
    ],
    [
      'a version that leaves the authority out',
      [{ ...home, successorFrom: '2026-04-01' }, two],
      cells,
      '2026-04-01 /retention/atEnd',
    ],
    [
      'the same with days to fetch it in',
      [{ ...returned, successorFrom: '2026-04-01' }, two],
      cells,
      '2026-05-01 /retention/atEnd',
    ],
  ])('is that of %s', (_what, agreements, question, expected) => {
    expect(goes(agreements, question)).toBe(expected);
    // By one day exactly.
    const day = expected.slice(0, 10);
    const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
    expect(decideKeeping(under, agreements, question, before).permitted).toBe(true);
    expect(decideKeeping(under, agreements, question, day).permitted).toBe(false);
  });

  const above = agreed({ id: 'overarching' });
  const standingUnder = (parent: Agreement): Agreement => ({ ...agreed({ parent: 'overarching' }), parent });
  test.each<[string, readonly Agreement[], string]>([
    [
      'the withdrawal from the one above',
      [standingUnder(withdraw(above, hartlepool, '2026-02-03', '2026-01-01'))],
      '2026-02-03',
    ],
    [
      'the days to fetch it in after an end by decision',
      [{ ...take(returned, 'terminate'), endedOn: '2025-06-20' }],
      '2025-07-20',
    ],
  ])('is also that of %s', (_what, agreements, expected) => {
    expect(goes(agreements, cells)).toBe(`${expected} /retention/atEnd`);
  });

  test('is the first on which it may not be kept, however the agreements lie', () => {
    const date = (day: number) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);
    const from = fc.integer({ min: -900, max: 200 });
    const optional = fc.option(fc.integer({ min: -30, max: 300 }), { nil: undefined });
    const some = (id: string, version: number) =>
      fc
        .record({
          from,
          lasts: fc.integer({ min: 100, max: 1000 }),
          cellsYears: fc.integer({ min: 1, max: 2 }),
          atEnd: fc.constantFrom('delete', 'return'),
          left: optional,
          ended: optional,
          names: fc.boolean(),
          above: fc.boolean(),
          leftAbove: optional,
        })
        .map((one): Agreement => {
          const start = version === 1 && id === name ? -800 : one.from;
          const document = documentBetween(
            one.names || version === 1 ? [hartlepool, middlesbrough] : [middlesbrough, redcar],
            {
              id,
              version,
              ...(one.above ? { parent: 'overarching' } : {}),
              retention: { cellsYears: one.cellsYears, envelopesYears: 1, atEnd: one.atEnd as 'delete' },
              effective: { from: date(start), until: date(Math.max(start, 0) + one.lasts) },
            },
          );
          const gone = (agreement: Agreement, day: number | undefined): Agreement =>
            day === undefined || !agreement.parties.has(hartlepool)
              ? agreement
              : {
                  ...agreement,
                  parties: new Map([
                    ...agreement.parties,
                    [hartlepool, { status: 'withdrawn', withdrawnFrom: date(day) }],
                  ]),
                };
          const signed = gone(inForce(document), one.left);
          return {
            ...(one.ended === undefined || one.ended > 0
              ? signed
              : { ...take(signed, 'terminate'), endedOn: date(one.ended) }),
            parent: one.above
              ? gone(
                  agreed({
                    id: 'overarching',
                    effective: { from: '2000-01-01', until: '2100-01-01' },
                    dpia: { reference: 'D', reviewDate: '2099-01-01' },
                  }),
                  one.leftAbove,
                )
              : null,
          };
        });
    const several = fc
      .tuple(
        some(name, 1),
        fc.option(some(name, 2), { nil: undefined }),
        fc.option(some('network', 1), { nil: undefined }),
      )
      .map((all) => all.filter((one) => one !== undefined));
    const clauses = new Set<string>();
    fc.assert(
      fc.property(several, fc.constantFrom<Asked>(cells, envelopes), (agreements, item) => {
        const question = {
          ...item,
          period: { ...cells.period, from: date(-400), until: date(-330) },
          receivedOn: date(-300),
        };
        const { goesOn, because } = keptUntil({ id: name, version: 1 }, agreements, question, date(0));
        let day = 0;
        while (decideKeeping({ id: name, version: 1 }, agreements, question, date(day)).permitted) day++;
        expect(goesOn).toBe(date(day));
        clauses.add(`${because.agreement.id} ${because.agreement.version} ${because.clause}`);
      }),
      { numRuns: 500, seed: 5 },
    );
    expect(clauses.size).toBeGreaterThan(6); // of eight: of three agreements: the years of cells and of envelopes; of the two versions: their end
  });

  test('lies ahead: a gap between two versions that has passed lets nothing go', () => {
    const until = (day: string) => ({ effective: { from: '2022-04-01', until: day } });
    const later = agreed({ version: 2, effective: { from: '2026-04-01', until: '2040-04-01' } });
    const both = [{ ...agreed(until('2026-03-01')), successorFrom: '2026-04-01' }, later];
    expect(goes(both, cells, '2026-02-01')).toBe('2026-03-01 /retention/atEnd');
    expect(goes(both, cells, '2026-05-01')).toBe('2032-04-01 /retention/cellsYears');
  });

  test('is today where it should have gone already', () => {
    expect(goes([home], cells, '2031-01-01')).toBe('2031-01-01 /retention/atEnd');
  });
});
