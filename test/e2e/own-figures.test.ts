import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadCatalogue, newestDataset } from '@hub/registry/domain';
import { innerId } from '@hub/platform';
import { CountingProxy } from '../support/counting-proxy';
import { graphql } from '../support/graphql';
import { categoriesOf, nameOf, quarterly } from '../support/returns';
import { rootFolder } from '../support/root';
import { asOwner, PERIOD as PUBLISHED, twoRegions, type TwoRegions } from '../support/two-regions';
import { NORTH_EAST, WEST_MIDLANDS, type Row } from '../support/world';

/** An authority's own measures, by team: sent without a round, read back by those who act for it, and by nobody else. */

const dataset = newestDataset(loadCatalogue(), 'local-measures');
const commentary = [{ indicator: 'LM01', text: 'Re-referrals. Team 1: assessment, team 2: duty.' }];
/** They have ended, as an own dataset asks. */
const [BEFORE, PERIOD, NEXT] = ['2024-Q3', '2024-Q4', '2025-Q1'] as const;
const QUERY = `query ($authority: ID!, $dataset: String, $indicators: [String!], $dimension: String, $category: String,
    $until: String, $back: Int, $after: String) {
  ownFigures(authority: $authority, dataset: $dataset, indicators: $indicators, dimension: $dimension, category: $category,
      until: $until, back: $back, after: $after) {
    edges { cursor node { authority { code } handling dataset indicator { code } unit comments { since text }
      lines { category points { period version kind count of value countChange valueChange } } } }
    pageInfo { hasNextPage endCursor } } }`;

interface Point {
  period: string;
  version: number | null;
  kind: string | null;
  count: number | null;
  of: number | null;
  value: number | null;
  countChange: number | null;
  valueChange: number | null;
}
interface Series {
  authority: { code: string };
  handling: string;
  dataset: string;
  indicator: { code: string };
  unit: string;
  comments: { since: string; text: string }[];
  lines: { category: string | null; points: Point[] }[];
}
interface Answer {
  ownFigures: { edges: { cursor: string; node: Series }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

let two: TwoRegions;
let proxy: CountingProxy;
let own: string;
let neighbour: string;
let third: string;

const rate = (count: number, of: number, team?: string, indicator = 'LM01'): Row => ({
  indicator,
  ...(team ? { breakdown: { team } } : {}),
  count,
  of,
});
const send = async (authority: string, period: string, rows: readonly Row[], more: object = {}) => {
  const payload = two.world.payload(NORTH_EAST, nameOf(dataset), { authority, period, rows: [...rows] });
  return two.world.send(authority, await two.world.sign(authority, { ...payload, commentary, ...more }));
};
const ask = async (role: string, of: string, asked: Record<string, unknown>, first = 20) =>
  graphql<Answer>(
    two.world.hub.url,
    await two.world.token(role, of),
    QUERY.replace('after: $after', `first: ${first}, after: $after`),
    asked,
  );
/** What is shown, or why nothing is. */
const shown = async (role: string, of: string, asked: Record<string, unknown>) => {
  const { data, errors } = await ask(role, of, asked);
  return errors?.[0]?.extensions.code ?? data!.ownFigures.edges.map(({ node }) => node);
};
const accesses = async (authority: string) => {
  const { accesses: found } = await two.world.ask<{ accesses: { edges: { node: Record<string, unknown> }[] } }>(
    await two.world.token('authority-analyst', authority),
    'query ($of: ID!) { accesses(authority: $of, first: 100) { edges { node { action subject role organisation } } } }',
    { of: authority },
  );
  return found.edges.map(({ node }) => node).filter(({ action }) => action === 'OWN');
};

beforeAll(async () => {
  two = await twoRegions(async ({ urls }) => {
    proxy = await CountingProxy.before(urls.intake);
    return { DATABASE_INTAKE_URL: proxy.url };
  });
  [own, neighbour, third] = two.northEast.authorities as [string, string, string];
  const agreement = two.world.agreements.get(NORTH_EAST)!;
  const quarters = agreement.tables.find((table) => table.dataset === quarterly.code)!;
  const tables = [{ ...quarters, dataset: dataset.code }];
  await two.world.conclude({ ...agreement, id: 'north-east-own', tables });
  const sent = [
    // Before there were teams.
    await send(own, BEFORE, [rate(6, 40)], { dataset: { code: dataset.code, version: '1.0' } }),
    await send(own, PERIOD, [rate(9, 40), rate(5, 10, 't01'), rate(4, 30, 't02')]),
    await send(own, NEXT, [rate(8, 40), rate(2, 12, 't01'), rate(6, 28, 't02'), rate(1, 2, undefined, 'LM02')], {
      commentary: [...commentary, { indicator: 'LM02', text: 'Visits.' }],
    }),
    await send(neighbour, NEXT, [rate(77, 99), rate(77, 99, 't01')]),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
}, 240_000);
afterAll(async () => {
  await two?.stop();
  await proxy?.stop();
});

test('an analyst sees every team over the quarters, with the total, values and changes, and how to handle them', async () => {
  const found = (await shown('authority-analyst', own, { authority: own, back: 2 })) as Series[];
  expect(found.map(({ indicator }) => indicator.code)).toEqual(['LM01', 'LM02']);
  const [one] = found;
  expect(one).toMatchObject({ authority: { code: own }, dataset: 'local-measures', unit: '%' });
  expect(one!.handling).toMatch(/^Raw figures of your own authority, small numbers and all.*Do not share/);
  expect(one!.comments).toEqual([{ since: BEFORE, text: commentary[0]!.text }]);
  const numbers = ({ period, version, kind, ...point }: Point) => [period, version, kind, ...Object.values(point)];
  expect(one!.lines.map(({ category, points }) => [category, ...points.map(numbers)])).toEqual([
    [
      null,
      [BEFORE, 1, 'VALUE', 6, 40, 15, null, null],
      [PERIOD, 1, 'VALUE', 9, 40, 22.5, 3, 7.5],
      [NEXT, 1, 'VALUE', 8, 40, 20, -1, -2.5],
    ],
    [
      't01',
      [BEFORE, 1, null, null, null, null, null, null],
      [PERIOD, 1, 'VALUE', 5, 10, 50, null, null],
      [NEXT, 1, 'VALUE', 2, 12, 16.7, -3, -33.3],
    ],
    [
      't02',
      [BEFORE, 1, null, null, null, null, null, null],
      [PERIOD, 1, 'VALUE', 4, 30, 13.3, null, null],
      [NEXT, 1, 'VALUE', 6, 28, 21.4, 2, 8.1],
    ],
  ]);
});

test('takes as many statements for three returns as for one', async () => {
  const statements = async (back: number) => {
    proxy.statements = 0;
    const found = (await shown('authority-analyst', own, { authority: own, indicators: ['LM01'], back })) as Series[];
    const returns = found[0]!.lines[0]!.points.filter(({ version }) => version !== null);
    return [returns.length, proxy.statements];
  };
  const [one, of] = await statements(0);
  expect(of).toBeGreaterThan(4);
  expect([one, await statements(2)]).toEqual([1, [3, of]]);
});

describe('what the own authority has sent', () => {
  interface Sent {
    id: string;
    receivedAt: string;
    dataset: string;
    period: string;
    version: number;
    digest: string;
  }
  interface Listed {
    ownSubmissions: { edges: { node: Sent }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  }
  const list = async (role: string, of: string, asked: Record<string, unknown>, first = 100) =>
    graphql<Listed>(
      two.world.hub.url,
      await two.world.token(role, of),
      `query ($authority: ID!, $dataset: String, $period: String, $kid: String, $after: String) {
         ownSubmissions(authority: $authority, dataset: $dataset, period: $period, kid: $kid, first: ${first}, after: $after) {
           edges { node { id receivedAt dataset period version digest kids } } pageInfo { hasNextPage endCursor } } }`,
      { authority: own, ...asked },
    );
  const sent = async (asked: Record<string, unknown>, role = 'authority-approver') =>
    (await list(role, own, asked)).data!.ownSubmissions.edges.map(({ node }) => node);

  test('is shown newest first, all of it, by dataset, period and key, to those who act for it', async () => {
    const all = await sent({});
    expect(all.slice(0, 3).map(({ dataset: code, period }) => [code, period])).toEqual([
      [dataset.code, NEXT],
      [dataset.code, PERIOD],
      [dataset.code, BEFORE],
    ]);
    const at = all.map(({ receivedAt }) => receivedAt);
    expect(at).toEqual([...at].sort().reverse());
    for (const role of ['authority-system', 'authority-analyst']) expect(await sent({}, role)).toEqual(all);
    const [count] = await asOwner<{ n: number }>(
      two.world,
      'select count(*)::int as n from intake.submission b join registry.authority a on a.id = b.authority_id where a.code = $1',
      [own],
    );
    expect(all).toHaveLength(count!.n);
    expect(all.length).toBeGreaterThan(3);
    expect(await sent({ dataset: dataset.code, period: PERIOD })).toEqual([all[1]]);
    expect(await sent({ kid: two.world.keys.get(own)!.kid })).toEqual(all);
    // A neighbour's key has signed nothing here, and a name that is none neither.
    for (const kid of [two.world.keys.get(neighbour)!.kid, "x' or true --"]) expect(await sent({ kid })).toEqual([]);
    // The rest of each is what its id gives.
    const { submission } = await two.world.ask<{ submission: { version: number; digest: string } }>(
      await two.world.token('authority-analyst', own),
      'query ($id: ID!) { submission(id: $id) { version digest } }',
      { id: all[0]!.id },
    );
    expect(submission).toEqual({ version: all[0]!.version, digest: all[0]!.digest });
  });

  test('comes page by page, each in as many statements whatever it holds', async () => {
    const all = await sent({});
    const paged: Sent[] = [];
    for (let after: string | null = null, more = true; more;) {
      const { ownSubmissions }: Listed = (await list('authority-analyst', own, { after }, 2)).data!;
      paged.push(...ownSubmissions.edges.map(({ node }) => node));
      ({ endCursor: after, hasNextPage: more } = ownSubmissions.pageInfo);
    }
    expect(paged).toEqual(all);
    const statements = async (first: number) => {
      proxy.statements = 0;
      expect((await list('authority-analyst', own, {}, first)).data!.ownSubmissions.edges).toHaveLength(first);
      return proxy.statements;
    };
    const one = await statements(1);
    expect(one).toBeGreaterThan(0);
    expect(await statements(4)).toBe(one);
  });

  test('is shown to nobody else, and what is asked for and is none is refused by its code', async () => {
    const refused = async (role: string, of: string, asked: Record<string, unknown> = {}) => {
      const { data, errors } = await list(role, of, asked);
      expect(data).toEqual({ ownSubmissions: null });
      expect(JSON.stringify(errors)).not.toContain('zz');
      return errors![0]!.extensions.code;
    };
    for (const other of [neighbour, two.westMidlands.authorities[0]!])
      expect(await refused('authority-approver', other)).toBe('ORGANISATION_ABSENT');
    for (const [role, of] of [
      ['regional-lead', WEST_MIDLANDS],
      ['board-chair', 'brd-tees'],
      ['agency-partner', 'agy-cleveland-police'],
      ['elected-member', own],
      ['steward', 'hub'],
    ] as const)
      expect([role, await refused(role, of)]).toEqual([role, 'NOT_FOR_THIS_ROLE']);
    expect(await refused('authority-analyst', own, { dataset: 'zz' })).toBe('DATASET_ABSENT');
    expect(await refused('authority-analyst', own, { period: 'zz' })).toBe('PERIOD_MALFORMED');
    expect(await refused('authority-analyst', own, { after: 'zz' })).toBe('REQUEST_MALFORMED');
    expect(await refused('authority-analyst', own, { kid: 'zz\u0000' })).toBe('REQUEST_MALFORMED');
  });
});

test('systems, analysts and approvers of the authority see the same, page by page too; others are refused', async () => {
  const all = await shown('authority-analyst', own, { authority: own });
  for (const role of ['authority-system', 'authority-approver'])
    expect(await shown(role, own, { authority: own })).toEqual(all);
  const paged: Series[] = [];
  for (let after: string | null = null, more = true; more;) {
    const { ownFigures }: Answer = (await ask('authority-analyst', own, { authority: own, after }, 1)).data!;
    paged.push(...ownFigures.edges.map(({ node }) => node));
    ({ endCursor: after, hasNextPage: more } = ownFigures.pageInfo);
  }
  expect(paged).toEqual(all);

  const asked = { authority: own };
  expect(await shown('authority-analyst', neighbour, asked)).toBe('ORGANISATION_ABSENT');
  expect(await shown('authority-approver', two.westMidlands.authorities[0]!, asked)).toBe('ORGANISATION_ABSENT');
  for (const [role, of] of [
    ['regional-lead', NORTH_EAST],
    ['board-chair', 'brd-tees'],
    ['agency-partner', 'agy-cleveland-police'],
    ['elected-member', own],
    ['scrutineer', own],
    ['steward', 'hub'],
  ] as const)
    expect([role, await shown(role, of, asked)]).toEqual([role, 'NOT_FOR_THIS_ROLE']);
  expect((await graphql(two.world.hub.url, null, QUERY, asked)).errors?.[0]?.extensions.code).toBe('TOKEN_MISSING');
  // One that never was is as absent as somebody else's.
  for (const authority of ['E06000099', WEST_MIDLANDS, "' or true --"])
    expect(await shown('authority-analyst', own, { authority })).toBe('ORGANISATION_ABSENT');
});

test('a lead whom an authority employs sees that one’s figures and nobody else’s', async () => {
  const lead = ['regional-lead', NORTH_EAST] as const;
  await asOwner(
    two.world,
    `insert into identity.member_role (member_id, role, organisation)
     select id, 'authority-analyst', $2 from identity.member where subject = $1`,
    [lead.join('@'), third],
  );
  expect((await send(third, NEXT, [rate(3, 30)])).status).toBe(201);
  const found = (await shown(...lead, { authority: third })) as Series[];
  expect(found[0]!.lines.map(({ points }) => points.at(-1)!.count)).toEqual([3]);
  for (const other of [own, neighbour]) expect(await shown(...lead, { authority: other })).toBe('ORGANISATION_ABSENT');
});

test('what is asked for and is none is refused by its code, and repeats nothing', async () => {
  const refused = async (asked: Record<string, unknown>, first = 20) => {
    const { errors, data } = await ask('authority-analyst', own, { authority: own, ...asked }, first);
    expect(data?.ownFigures ?? null).toBeNull();
    expect(JSON.stringify(errors)).not.toContain('zz');
    return [errors?.[0]?.extensions.code, errors?.[0]?.extensions['facts']];
  };
  expect(await refused({ dataset: 'local-measurezz' })).toEqual(['DATASET_ABSENT', { nearest: 'local-measures' }]);
  expect(await refused({ indicators: ['LM99'] })).toEqual([
    'INDICATOR_ABSENT',
    { nearest: 'LM09', names: 'LM09 Own measure 9' },
  ]);
  expect(await refused({ indicators: ['LM01'], dimension: 'zz' })).toEqual(['INDICATOR_ABSENT', undefined]);
  expect(await refused({ dimension: 'team', category: 't61' })).toEqual(['INDICATOR_ABSENT', undefined]);
  expect(await refused({ category: 't01' })).toEqual(['INDICATOR_ABSENT', undefined]);
  // By team, of an indicator that has none.
  const plans = { dataset: quarterly.code, indicators: ['CP01'] };
  expect(await refused({ ...plans, dimension: 'team' })).toEqual(['INDICATOR_ABSENT', undefined]);
  expect((await refused({ until: 'zz' }))[0]).toBe('PERIOD_MALFORMED');
  expect(await refused({ until: '2026-07' })).toEqual(['PERIOD_MALFORMED', { expected: 'a quarter' }]);
  for (const back of [-1, 12])
    expect(await refused({ back })).toEqual(['REQUEST_MALFORMED', { expected: 'back from 0 to 11' }]);
  // More than a request may ask for.
  expect((await refused({}, 101))[0]).toBe('QUERY_TOO_LARGE');
  expect((await refused({ after: 'zz' }))[0]).toBe('REQUEST_MALFORMED');
  expect(await refused({}, 0)).toEqual(['REQUEST_MALFORMED', { expected: 'first from 1 to 100' }]);
  // Of another dataset, of an indicator that is none, of one that was not asked for: from the start again, pages would never end.
  const ofThisList = ['REQUEST_MALFORMED', { expected: 'a cursor of this list' }];
  const at = (cursor: string) => ({ after: Buffer.from(cursor).toString('base64url') });
  expect(await refused(at(`${quarterly.code} LM01`))).toEqual(ofThisList);
  expect(await refused(at('local-measures LM99'))).toEqual(ofThisList);
  expect(await refused({ ...at('local-measures LM02'), indicators: ['LM01'] })).toEqual(ofThisList);
});

test('a return with a team that is none, or teams above their total, is refused whole', async () => {
  const rulesOf = async (rows: readonly Row[]) => {
    const { status, body } = await send(own, PERIOD, rows);
    const { findings } = body as unknown as { findings: { severity: string; rule: string }[] };
    return [status, ...findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)];
  };
  expect(await rulesOf([rate(9, 40), rate(1, 10, 't61')])).toEqual([422, 'unknown-category']);
  expect(await rulesOf([rate(9, 40), rate(10, 10, 't01')])).toEqual([422, 'parts-do-not-sum']);
  expect(await rulesOf([rate(9, 10, 't01')])).toEqual([422, 'row-missing']);
  const [one] = (await shown('authority-analyst', own, { authority: own, until: PERIOD, back: 0 })) as Series[];
  expect(one!.lines.map(({ points }) => [points[0]!.version, points[0]!.count])).toEqual([
    [1, 9],
    [1, 5],
    [1, 4],
  ]);
});

test('one team, one quarter; a collection of the region as well, by its own breakdown', async () => {
  const asked = { authority: own, indicators: ['LM01'], dimension: 'team', category: 't02', until: PERIOD, back: 0 };
  const [team] = (await shown('authority-analyst', own, asked)) as Series[];
  expect(team!.lines.map(({ category, points }) => [category, ...points.map(({ count }) => count)])).toEqual([
    [null, 9],
    ['t02', 4],
  ]);
  const plans = { authority: own, dataset: quarterly.code, indicators: ['CP01'], until: PUBLISHED, back: 1 };
  const [byDuration] = (await shown('authority-analyst', own, plans)) as Series[];
  expect(byDuration!.lines.map(({ category }) => category)).toEqual([
    null,
    ...categoriesOf(quarterly, 'CP01', 'duration'),
  ]);
  expect(byDuration!.lines.every(({ points }) => points[1]!.count !== null)).toBe(true);
});

test('who looked stands in the access log of the authority, for itself alone; where nothing was, nothing stands', async () => {
  const before = (await accesses(own)).length;
  await shown('authority-approver', own, { authority: own });
  await shown('authority-analyst', own, { authority: own, until: '2023-Q1', back: 0 });
  await shown('authority-analyst', neighbour, { authority: own });
  const now = await accesses(own);
  expect(now).toHaveLength(before + 1);
  expect(now[0]).toEqual({
    action: 'OWN',
    subject: `local-measures ${NEXT}`,
    role: 'AUTHORITY_APPROVER',
    organisation: own,
  });
  // The check of a round shows the same raw figures, and is the same look.
  const check = `{ region(code: "${NORTH_EAST}") { rounds { edges { node { dataset period mine { check { figures { count } } } } } } } }`;
  interface Round {
    dataset: string;
    period: string;
    mine: { check: object | null }[] | null;
  }
  const { region } = await two.world.ask<{ region: { rounds: { edges: { node: Round }[] } } }>(
    await two.world.token('authority-analyst', own),
    check,
  );
  const looked = region.rounds.edges.flatMap(({ node }) =>
    (node.mine ?? []).flatMap((mine) => (mine.check ? [`${node.dataset} ${node.period}`] : [])),
  );
  expect(looked).toContain(`${quarterly.code} ${PUBLISHED}`);
  const added = (await accesses(own)).slice(0, -now.length);
  expect(added.map(({ subject }) => subject).sort()).toEqual(looked.sort());
  expect(added[0]).toMatchObject({ action: 'OWN', role: 'AUTHORITY_ANALYST', organisation: own });
  expect((await accesses(neighbour)).every(({ organisation }) => organisation === neighbour)).toBe(true);
});

test('a later version takes the place of one, what is withdrawn is gone, and of deleted counts the version is left', async () => {
  const versions = async () => {
    const found = (await shown('authority-analyst', own, {
      authority: own,
      indicators: ['LM01'],
      back: 2,
    })) as Series[];
    return found[0]!.lines[0]!.points.map(({ version, count }) => [version, count]);
  };
  const again = await send(own, PERIOD, [rate(7, 40)], { reason: 'Two were counted twice.' });
  expect(again.status).toBe(201);
  expect(await versions()).toEqual([
    [1, 6],
    [2, 7],
    [1, 8],
  ]);
  const { id } = again.body as unknown as { id: string };
  const inner = innerId('sub', two.world.hubId, id);
  await asOwner(two.world, 'delete from intake.cell where submission_id = $1', [inner]);
  expect(await versions()).toEqual([
    [1, 6],
    [2, null],
    [1, 8],
  ]);
  await two.world.ask(
    await two.world.token('authority-approver', own),
    'mutation ($id: ID!) { withdrawSubmission(id: $id, reason: "Counted twice.") { id } }',
    { id },
  );
  expect(await versions()).toEqual([
    [1, 6],
    [null, null],
    [1, 8],
  ]);
});

test('the how-to is true', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-own-'));
  try {
    const authority = two.northEast.authorities[3]!;
    const write = (name: string, content: string) => writeFileSync(join(folder, name), content);
    write('system.json', JSON.stringify(two.world.keys.get(authority)!));
    for (const role of ['system', 'analyst'])
      write(`${role}.token`, await two.world.token(`authority-${role}`, authority));
    write('hub', `#!/bin/sh\nexec '${process.execPath}' '${join(rootFolder, 'dist/apps/cli/src/main.js')}' "$@"\n`);
    chmodSync(join(folder, 'hub'), 0o755);
    const page = readFileSync(join(rootFolder, 'docs/how-to/own-figures-by-team.md'), 'utf8');
    const [, text] = /^LM01,,,.*"(.+)"$/m.exec(page)!;
    const before = [rate(6, 38), rate(4, 20, 't01'), rate(2, 18, 't02')];
    const said = { commentary: [{ indicator: 'LM01', text }] };
    expect((await send(authority, PERIOD, before, said)).status).toBe(201);
    const blockOf = (language: string) => new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)![1]!;
    const env = {
      PATH: `${folder}:${process.env.PATH}`,
      HOME: folder,
      HUB: two.world.hub.url,
      HUB_ID: two.world.hubId,
      AUTHORITY: authority,
      AGREEMENT: 'north-east-own@1',
    };
    const run = promisify(execFile);
    await run('bash', ['--norc', '-euo', 'pipefail', '-c', blockOf('bash')], { cwd: folder, env });
    expect(readFileSync(join(folder, 'figures.txt'), 'utf8')).toBe(blockOf('text'));
    const analyst = await two.world.token('authority-analyst', authority);
    const { ownFigures } = await two.world.ask<Answer>(analyst, blockOf('graphql'), { authority });
    expect(ownFigures.edges[0]!.node.lines.map(({ points }) => points.at(-1)!.count)).toEqual([9, 5, 4, 0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
