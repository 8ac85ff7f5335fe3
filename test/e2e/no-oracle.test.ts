import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, freshDatabase } from '../support/database';
import { graphql, post } from '../support/graphql';
import { brokenDown, nameOf, quarterly, returnOf } from '../support/returns';
import { NORTH_EAST, World, type Row } from '../support/world';

const [BEFORE, PERIOD] = ['2024-Q4', '2025-Q1'] as const;
const mine = 'E06000001';

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let world: World;
let others: readonly string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hub-no-oracle-'));
  database = await freshDatabase();
  world = await World.start({ dataFolder: folder, database });
  const { parties } = await world.concludeAgreement(NORTH_EAST);
  others = parties.map(({ authority }) => authority).filter((authority) => authority !== mine);
  for (const period of [BEFORE, PERIOD]) await world.openRound(NORTH_EAST, quarterly.code, period);
});
afterAll(async () => {
  await world.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
const rowsWith = (counts: readonly number[], survey: number): Row[] =>
  returnOf(quarterly, [
    ...brokenDown(quarterly, 'SF03', 'abuse', counts),
    // Within what is printed of England, or there were a query to answer.
    { indicator: 'SF04', count: Math.ceil(sum(counts) * 0.7), of: sum(counts) },
    { indicator: 'SV01', count: survey, of: survey + 3 },
  ]);
const payload = (authority: string, period: string, rows: readonly Row[]) =>
  world.payload(NORTH_EAST, nameOf(quarterly), { authority, period, rows });
const sent = async (authority: string, period: string, rows: readonly Row[]) => {
  const answer = await world.send(authority, await world.sign(authority, payload(authority, period, rows)));
  expect(answer.status).toBe(201);
};

/** What `round` says of each round of the region, without what time and versions change. */
const statusFor = (token: string) =>
  graphql(
    world.hub.url,
    token,
    `
      query ($code: ID!) {
        region(code: $code) {
          rounds(first: 2) {
            edges {
              node {
                returns {
                  authority {
                    code
                  }
                  state
                  late
                  counted
                  indicators
                }
                missing {
                  code
                }
                mine {
                  version
                  late
                  check {
                    figures {
                      count
                      value
                    }
                    answers {
                      text
                    }
                    changes {
                      after
                    }
                  }
                  indicators {
                    indicator {
                      code
                    }
                    state
                    counted
                    expected
                  }
                }
              }
            }
          }
        }
      }
    `,
    { code: NORTH_EAST },
  );

/** Good and bad returns of mine, each signed once: what is asked is the same bytes each time. */
async function questions(): Promise<ReadonlyMap<string, string>> {
  const good = payload(mine, PERIOD, rowsWith([30, 21, 12, 18, 4, 2], 40));
  const row = (i: number, change: object) => ({
    ...good,
    rows: good.rows.map((one, j) => (i === j ? { ...one, ...change } : one)),
  });
  const bodies: Readonly<Record<string, unknown>> = {
    good,
    'a jump that is not explained': payload(mine, PERIOD, rowsWith([300, 21, 12, 18, 4, 2], 40)),
    'much larger than any other': payload(mine, PERIOD, rowsWith([300_000, 21, 12, 18, 4, 2], 40)),
    'all nil': payload(mine, PERIOD, rowsWith([0, 0, 0, 0, 0, 0], 0)),
    'parts that do not sum': row(1, { count: 31 }),
    negative: row(1, { count: -1 }),
    'several faults': row(2, { count: 'x', indicator: 'ZZ99' }),
    'no round': { ...good, period: '2024-Q1' },
    'no agreement': { ...good, agreement: { id: 'none', version: 1 } },
    'the return of another': { ...good, authority: others[0] },
    'another dataset version': { ...good, dataset: { ...good.dataset, version: '9.9' } },
  };
  const envelopes = await Promise.all(
    Object.entries(bodies).map(async ([name, body]) => [name, await world.sign(mine, body)] as const),
  );
  return new Map([...envelopes, ['an unknown signature', envelopes[0]![1].replace(/"payload":"./, '"payload":"A')]]);
}

/** Every answer about my returns as it came, but for the number of the answer itself. */
async function answers(asked: ReadonlyMap<string, string>): Promise<Record<string, unknown>> {
  const token = await world.token('authority-system', mine);
  const said: Record<string, unknown> = { 'status of my returns': JSON.stringify(await statusFor(token)) };
  for (const [name, envelope] of asked) {
    const check = await graphql(
      world.hub.url,
      token,
      'mutation ($e: String!) { checkSubmission(envelope: $e) { accepted findings { severity rule pointer message expected found } } }',
      { e: envelope },
    );
    said[`check ${name}`] = JSON.stringify(check);
    if ((check.data as { checkSubmission?: { accepted: boolean } } | null)?.checkSubmission?.accepted) continue;
    const { status, text, headers } = await post(world.hub.url, token, envelope);
    const instance = /"instance":"[^"]*"/;
    expect(text).toMatch(instance);
    said[`submit ${name}`] = [status, headers.get('content-length'), text.replace(instance, '')].join(' ');
  }
  return said;
}

test('what I am told of my return is the same, byte for byte, whatever the others have sent', async () => {
  await sent(mine, BEFORE, rowsWith([29, 20, 14, 18, 4, 2], 38));
  const asked = await questions();

  const alone = await answers(asked);
  // The questions are worth asking: some are accepted, some have findings, some are refused.
  expect(JSON.parse(alone['check good'] as string)).toMatchObject({ data: { checkSubmission: { accepted: true } } });
  expect(alone['status of my returns']).toContain('"state":"REPORTED","counted":true');
  expect(alone['submit a jump that is not explained']).toContain('query-unanswered');
  expect(alone['submit parts that do not sum']).toContain('parts-do-not-sum');
  expect(Object.keys(alone).length).toBeGreaterThan(20);

  for (const authority of others) {
    await sent(authority, BEFORE, rowsWith([1, 0, 0, 0, 0, 0], 1));
    await sent(authority, PERIOD, rowsWith([2, 1, 0, 0, 0, 0], 0));
  }
  expect(await answers(asked)).toEqual(alone);

  // A lead, who works for one of the authorities, sees who has sent; not that most of it is nil.
  const lead = await world.token('regional-lead', NORTH_EAST);
  const led = JSON.stringify(await statusFor(lead));
  expect(led).toContain('"counted":3,"indicators":51');

  let n = 1;
  for (const authority of others) {
    n = (n * 7919) % 10_007;
    const wild = rowsWith([n * 90_000, 7, n, 0, n * 3, 1], n);
    for (const period of [BEFORE, PERIOD]) await sent(authority, period, wild);
  }
  const [{ cells }] = (await ask(world.ownerUrl, 'select count(*)::int as cells from intake.cell')) as [
    { cells: number },
  ];
  expect(cells).toBeGreaterThan(1000);
  expect(await answers(asked)).toEqual(alone);
  expect(JSON.stringify(await statusFor(lead))).toBe(led);
});

test('nor does a good return, once sent, say more when others are there', async () => {
  const rows = rowsWith([28, 20, 14, 18, 4, 2], 38);
  const answer = await world.send(mine, await world.sign(mine, payload(mine, PERIOD, rows)));
  expect(answer.status).toBe(201);
  expect(Object.keys(answer.body).sort()).toEqual(['digest', 'findings', 'id', 'receipt', 'state', 'version']);
  expect(answer.body).toMatchObject({ version: 1, state: 'accepted', findings: [] });
});
