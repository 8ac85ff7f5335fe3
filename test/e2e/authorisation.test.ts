import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getNamedType, isCompositeType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { AgreementDocument } from '@hub/agreements/domain';
import { keyProof, newKey, publicOf, signAgreement, signNotice } from '@hub/client';
import { roles, type Role } from '@hub/identity/domain';
import { innerId, newId, publicId } from '@hub/platform';
import { parsePeriod } from '@hub/kernel';
import { graphql, type GraphQLAnswer } from '../support/graphql';
import { calmHistory, EARLIER, layPublications } from '../support/lay';
import { brokenDown, categoriesOf, nameOf, quarterly, returnOf } from '../support/returns';
import { rootFolder } from '../support/root';
import {
  asOwner,
  BEFORE,
  PERIOD,
  rowsOf,
  twoRegions,
  type PublishedRegion,
  type TwoRegions,
} from '../support/two-regions';
import { argumentsBelow, fieldOf, objectsOf, partsOf, schemaOf, selectionOf, type Field } from '../support/walk';
import { day } from '../support/world';
import { mayReach, notYet, refusals, type Line } from './authorisation.table';
import { ISSUE_TEXT, layExchange, type ExchangeFixture } from './authorisation.exchange';

/**
 * Every field of the running hub's schema × every role and nobody × what is the caller's own, a neighbour's and another
 * region's: each cell is asked of the hub process and compared with the table. The cells come from the schema, the
 * exceptions from the table, and the default is no.
 */

/** How far away the target is: the caller's own, another authority's of the same region, or another region's. */
type Distance = 'own' | 'neighbour' | 'other region';

interface Caller {
  /** null: no token. */
  readonly role: Role | null;
  readonly home: PublishedRegion;
  readonly token: string | null;
  /** The organisation that the role is for. */
  readonly of: string;
}
interface Cell {
  readonly caller: Caller;
  readonly distance: Distance;
  readonly region: PublishedRegion;
  /** The authority that is asked about, where the field asks about one. */
  readonly authority: string;
}
interface Step {
  readonly name: string;
  /** `Figure.count` */
  readonly coordinate: string;
}

/** The quarters of which publications are laid; the rounds of the two after them are opened below. */
const LAID = EARLIER.slice(0, -1);

const below = argumentsBelow(PERIOD, LAID.at(-1)!);
const rootFields = Object.keys(refusals);
const observed = new Set<string>();

/** An erasure of an authority that is done, and the plan that it was asked for with. */
const erasures = new Map<string, { readonly plan: string; readonly id: string }>();

/** Of some authorities a return that no round has compiled. */
const withdrawable = new Map<string, string>();

/** Of each region: what its first board has raised, and what hangs on it. */
const exchanges = new Map<string, ExchangeFixture>();

/** Of each region an area of its first board. */
const areas = new Map<string, string>();
/** Of some authorities a comparability note. */
const notes = new Map<string, string>();
/** Commentary by who says it and the role that takes it back. */
const commentary = new Map<string, string>();

/** The published publication of each region. */
const publications = new Map<string, string>();
/** Of some authorities a return whose query was answered before; its version. */
const answered = new Map<string, string>();
const ANSWERED = 3;

const [toConfirm, toWithdraw] = ['c', 'd'].map((digit) => digit.repeat(64));
const nationalMap = readFileSync(join(rootFolder, 'contracts/national/children-in-need-referrals.json'), 'utf8');
const nationalCsv = readFileSync(join(rootFolder, 'test/figures/national/inner-london-referrals.csv'), 'utf8');

let two: TwoRegions;
let schema: GraphQLSchema;
let callers: Caller[];
/** Rounds without returns: one to close, one to check, one to publish, one with an exception, one that was held. */
const spare = new Map<
  string,
  { toClose: string; toCheck: string; toPublish: string; excused: string; toReopen: string }
>();
/** Of each region an earlier edition that may be withdrawn. */
const earlier = new Map<string, string>();
/** Of each region: a draft, one that waits for signatures, and the second version of one in force. */
const agreements = new Map<string, Record<'draft' | 'proposed' | 'inForce', AgreementDocument>>();
/** For some organisations the key that takes the place of theirs, and that may be revoked. */
const successors = new Map<string, string>();
/** For some organisations somebody in a role that may be ended, and an invitation that may be withdrawn. */
const appointed = new Map<string, { role: string; member: string; invitation: string }>();
/** For some authorities systems that a second approver has registered: one to confirm, one to withdraw. */
const systems = new Map<string, Record<'toConfirm' | 'toWithdraw', string>>();

beforeAll(async () => {
  two = await twoRegions();
  const { world, northEast, westMidlands } = two;
  schema = await schemaOf(world.hub.url, await world.token('steward', 'hub'));

  const seats: Record<string, [chair: string, partner: string]> = {
    [northEast.code]: ['brd-tees', 'agy-cleveland-police'],
    [westMidlands.code]: ['brd-black-country', 'agy-west-midlands-police'],
  };
  callers = [];
  for (const home of [northEast, westMidlands]) {
    for (const role of roles) {
      const ofHub = role === 'steward' || role === 'auditor';
      if (ofHub && home !== northEast) continue;
      const [chair, partner] = seats[home.code]!;
      const of = ofHub
        ? 'hub'
        : ({ 'regional-lead': home.code, 'board-chair': chair, 'agency-partner': partner }[role as string] ??
          home.authorities[0]!);
      callers.push({ role, home, of, token: await world.token(role, of) });
    }
  }
  for (const [role, organisation, to] of [
    ['steward', 'hub', 'auditor'],
    ...[northEast, westMidlands].flatMap(({ code, authorities: [one, two] }) => [
      ['regional-lead', code, 'regional-lead'],
      ['authority-approver', one!, 'scrutineer'],
      ['authority-approver', two!, 'scrutineer'],
    ]),
  ] as [string, string, string][]) {
    const member = newId();
    await asOwner(
      world,
      `insert into identity.member (id, issuer, subject, name) values ($1::uuid, 'none', $1::text, 'A spare')`,
      [member],
    );
    await asOwner(world, 'insert into identity.member_role (member_id, role, organisation) values ($1, $2, $3)', [
      member,
      to,
      organisation,
    ]);
    const { inviteMember } = await world.ask<{ inviteMember: { id: string } }>(
      await world.token(role, organisation),
      `mutation ($of: ID!) { inviteMember(role: ${roleName(to)}, organisation: $of, name: "A spare") { id } }`,
      { of: organisation },
    );
    appointed.set(organisation, { role: roleName(to), member, invitation: inviteMember.id });
  }
  for (const organisation of [northEast, westMidlands].flatMap(({ authorities }) => authorities.slice(0, 2))) {
    const { toConfirm, toWithdraw } = await world.ask<Record<'toConfirm' | 'toWithdraw', { id: string }>>(
      await world.token('authority-approver-2', organisation),
      `mutation ($of: ID!, $one: String!, $two: String!) {
         toConfirm: registerSystem(organisation: $of, client: $one, name: "A system", until: "${day(30)}") { id }
         toWithdraw: registerSystem(organisation: $of, client: $two, name: "A system") { id } }`,
      { of: organisation, one: `one-${organisation}`, two: `two-${organisation}` },
    );
    systems.set(organisation, { toConfirm: toConfirm.id, toWithdraw: toWithdraw.id });
  }
  callers.push({ role: null, home: northEast, of: northEast.authorities[0]!, token: null });

  for (const { region, id } of await asOwner<{ region: string; id: string }>(
    world,
    `select g.code as region, p.id from release.publication p join registry.region g on g.id = p.region_id`,
  ))
    publications.set(region, publicId('pub', world.hubId, id));
  for (const region of [northEast, westMidlands]) {
    const authority = region.authorities[0]!;
    const lead = await world.token('regional-lead', region.code);
    const checked = await (
      await world.client('regional-lead', region.code)
    ).openRound({
      ...{ region: region.code, dataset: 'safeguarding-annual', period: '2017-FY' },
      ...{ opens: day(-20), due: day(10), closes: day(40), checkUntil: day(47), publishesAt: `${day(50)}T09:30:00Z` },
    });
    const [held, toClose, toCheck, toPublish, excused, toReopen] = [
      await world.openRound(region.code, 'safeguarding-annual', '2022-FY'),
      await world.openRound(region.code, 'safeguarding-annual', '2020-FY'),
      checked.id,
      await world.openRound(region.code, 'safeguarding-annual', '2021-FY'),
      await world.openRound(region.code, 'safeguarding-annual', '2018-FY'),
      await world.openRound(region.code, 'safeguarding-annual', '2016-FY'),
    ];
    for (const id of [toCheck, toPublish, excused])
      await world.ask(lead, 'mutation ($id: ID!) { closeRound(id: $id) { id } }', { id });
    await world.ask(
      lead,
      `mutation ($id: ID!, $authority: ID!) {
         grantException(round: $id, authority: $authority, until: "${day(1)}", reason: "A test.") { until } }`,
      { id: excused, authority },
    );
    // Nobody has sent anything, so that one is held, and `heldBecause` has something to say.
    for (const id of [held, toReopen])
      expect(await world.publish(region.code, id)).toEqual({ state: 'HELD', heldBecause: 'PUBLICATION_TOO_FEW' });
    // One is held as if a table could not be protected.
    await asOwner(
      world,
      `insert into rounds.held_table (round_id, region_id, indicator, dimension)
       select r.id, r.region_id, 'CP01', 'duration' from rounds.round r where r.id = $1`,
      [innerId('rnd', world.hubId, held)],
    );
    await asOwner(
      world,
      `insert into intake.held_cell (round_id, authority_id, series_id)
       select $1, a.id, s.id from registry.authority a, registry.series s where a.code = $2 and s.key = 'CP01#count'`,
      [innerId('rnd', world.hubId, held), authority],
    );
    spare.set(region.code, { toClose, toCheck, toPublish, excused, toReopen });
    const document = world.agreements.get(region.code)!;
    const few = { ...document, parties: document.parties.slice(0, 3) };
    const apart = {
      ...few,
      id: `${document.id}-apart`,
      tables: [{ ...document.tables[0]!, dataset: 'of-its-own' }],
      parties: few.parties.map((party) => ({ ...party, agencies: [seats[region.code]![1]] })),
    };
    const made = {
      draft: { ...few, id: `${document.id}-under`, parent: document.id },
      proposed: { ...few, id: `${document.id}-proposed` },
      inForce: { ...apart, version: 2 },
    };
    await world.ask(lead, 'mutation ($document: String!) { draftAgreement(document: $document) { id } }', {
      document: JSON.stringify(made.draft),
    });
    await world.propose(made.proposed);
    await world.conclude(apart);
    await world.conclude(made.inForce);
    world.agreements.set(region.code, document);
    agreements.set(region.code, made);
    for (const organisation of [authority, seats[region.code]![1]]) {
      const key = world.keys.get(organisation) ?? (await world.registerKey(organisation));
      const { kid } = await world.registerKey(organisation, 'EdDSA', key.kid);
      world.keys.set(organisation, key);
      successors.set(organisation, kid);
    }
    await eraseOnce(region);
    const rows = { authority, period: '2025-Q3', rows: rowsOf(1) };
    const sent = await world.send(
      authority,
      await world.sign(authority, world.payload(region.code, nameOf(quarterly), rows)),
    );
    expect(sent.status).toBe(201);
    withdrawable.set(authority, (sent.body as unknown as { id: string }).id);
    exchanges.set(region.code, await layExchange(two, region, seats[region.code]!, publications.get(region.code)!));
    earlier.set(region.code, await earlierEdition(world, publications.get(region.code)!));
    // Last, for a return is held against what is printed.
    const own = world.agreements.get(region.code)!;
    // Without who has sent nothing of the newest either, so that the region is held against its past.
    const calm = calmHistory(world.hubId, region.code, region.authorities, own, LAID, region.authorities.at(-1));
    await layPublications(world.ownerUrl, calm);
    const [area] = await asOwner<{ code: string }>(
      world,
      `select a.code from registry.organisation_area o join registry.authority a on a.id = o.authority_id
       where o.organisation = $1 order by a.code limit 1`,
      [seats[region.code]![0]],
    );
    areas.set(region.code, area!.code);
    await world.ask(lead, `mutation { endPattern${patternEnd(region)} { since } }`);
    await answerTwice(region, authority);
    for (const one of region.authorities) {
      const id = newId();
      notes.set(one, publicId('cmp', world.hubId, id));
      await layNote(id, one, `('RF01'), ('CP01'), ('CP07')`);
    }
    for (const of of [region.code, ...region.authorities.slice(0, 2)]) {
      // The first stays.
      for (const role of ['nobody', 'regional-lead', 'authority-analyst', 'authority-approver']) {
        const id = newId();
        commentary.set(`${of} ${role}`, publicId('com', world.hubId, id));
        await layCommentary(id, of, 'CP07', publications.get(region.code)!, region.authorities[0]!);
      }
      await layCommentary(newId(), of, 'RF01', publications.get(region.code)!, region.authorities[0]!);
    }
    // Seen by its authority and its leads; one that was sent, for sentAt too.
    await asOwner(
      world,
      `insert into rounds.notice (id, round_id, region_id, authority_id, kind, about, made_at, sent_at)
       select gen_random_uuid(), r.id, r.region_id, a.id, 'beforeDue', r.due, now(), now()
       from rounds.round r join registry.region g on g.id = r.region_id, registry.authority a
       where g.code = $1 and a.code = $2`,
      [region.code, authority],
    );
    // One that was refused, so that there is a reason to see; and what it might have opened.
    // Two that wait: one to be confirmed, one to be taken back.
    for (const digest of [toConfirm, toWithdraw])
      await asOwner(
        world,
        `insert into registry.national_release
           (id, title, dataset, dataset_version, period, release, facts, loaded_by, asked_at, digest, source)
         values (gen_random_uuid(), 'A release', 'safeguarding-annual', '1.0', '2022-FY', 'made-up', $2, gen_random_uuid(), now(), $1, 'DfE')
         on conflict do nothing`,
        [
          digest,
          JSON.stringify({
            release: 'made-up',
            title: 'A release',
            period: '2022-FY',
            threshold: 6,
            rounding: { authority: 0, sum: 10 },
            figures: [],
            sums: [],
          }),
        ],
      );
    await asOwner(
      world,
      `with release as (insert into registry.national_release
           (id, title, dataset, dataset_version, period, release, facts, loaded_by, asked_at, state, refused_because)
           values (gen_random_uuid(), 'A release', 'safeguarding-annual', '1.0', '2023-FY', 'made-up', '{}', gen_random_uuid(),
             now(), 'refused', 'NATIONAL_CONTRADICTS') returning id),
         opening as (insert into intake.opening (id, release_id, authority_id, period, found_at)
           select gen_random_uuid(), release.id, a.id, '2023-FY', now() from release, registry.authority a where a.code = $1
           returning id, authority_id)
       insert into intake.opened select o.id, o.authority_id, s.id, 3, 3 from opening o, registry.series s where s.key = 'RF01#count'`,
      [authority],
    );
    await asOwner(
      world,
      `insert into rounds.contact (authority_id, address, set_by, set_at)
       select id, 'data@council.example', gen_random_uuid(), now() from registry.authority where code = $1`,
      [authority],
    );
  }
}, 240_000);
afterAll(() => two?.stop());

/** One more publication of the same round, as if it had been superseded. */
async function earlierEdition(world: TwoRegions['world'], like: string): Promise<string> {
  const id = newId();
  await asOwner(
    world,
    `insert into release.publication select region_id, $1, 9999, round_id, dataset, dataset_version, period, period_kind, period_from,
       period_until, edition, 'superseded', agreement_id, agreement_version, document, digest, published_at
     from release.publication where id = $2`,
    [id, innerId('pub', world.hubId, like)],
  );
  return publicId('pub', world.hubId, id);
}

/**
 * Two more versions of a return, each with a comment and the same answer to the same query: the second one's finding holds what
 * was answered before.
 */
async function answerTwice({ code }: PublishedRegion, authority: string): Promise<void> {
  const { world } = two;
  const confirmed = { rule: 'change-against-previous', answer: 'confirmed', text: 'A new front door.' };
  for (let version = 2; version <= ANSWERED; version++) {
    const plans = brokenDown(quarterly, 'CP01', 'duration', [100 + version, 4, 43, 20, 16, 13]);
    const rows = returnOf(quarterly, [{ indicator: 'RF01', count: 90 + version }, ...plans]);
    const envelope = await world.sign(authority, {
      ...world.payload(code, nameOf(quarterly), { authority, period: BEFORE, rows }),
      explanations: ['/rows/0', '/rows/2'].map((pointer) => ({ ...confirmed, pointer })),
      commentary: [{ indicator: 'RF01', text: 'A test.' }],
      reason: 'A test.',
    });
    expect((await world.send(authority, envelope)).body).toMatchObject({ version });
    answered.set(authority, envelope);
  }
}

/** How the pattern of one category in an area of the region's first board is said to end. */
function patternEnd({ code }: PublishedRegion): string {
  const [category] = categoriesOf(quarterly, 'CP01', 'duration');
  return `(region: "${code}", period: "${PERIOD}", indicator: "CP01", authority: "${areas.get(code)}",
    breakdown: [{ dimension: "duration", category: "${category}" }], end: NONE, reason: "Understood.")`;
}

/** Notes of an authority about some indicators, the first by that id; they end with the period that is asked for. */
async function layNote(id: string, authority: string, indicators: string): Promise<void> {
  await asOwner(
    two.world,
    `insert into remarks.note (id, authority_id, indicator, kind, period_from, from_date, period_until, until_date, text, written_by, written_at)
     select case when row_number() over () = 1 then $1::uuid else gen_random_uuid() end, a.id, i, 'break', '2024-Q1', '2024-04-01',
       $3, '2030-04-01', 'A new system.', m.id, now()
     from registry.authority a, (values ${indicators}) said(i), (select id from identity.member limit 1) m where a.code = $2`,
    [id, authority, PERIOD],
  );
}

/** What an authority or a lead says of an indicator, with a figure of the region's first authority. */
async function layCommentary(
  id: string,
  of: string,
  indicator: string,
  publication: string,
  authority: string,
): Promise<void> {
  const figures = [{ publication: innerId('pub', two.world.hubId, publication), series: 'RF01#count', authority }];
  await asOwner(
    two.world,
    `insert into remarks.commentary (id, authority_id, region_id, indicator, period, from_date, until_date, text, figures, written_by, written_at)
     select $1, (select a.id from registry.authority a where a.code = $2), (select g.id from registry.region g where g.code = $2),
       $7, $3, $4, $5, 'There were {a}.', $6, m.id, now() from (select id from identity.member limit 1) m`,
    [id, of, PERIOD, parsePeriod(PERIOD).from, parsePeriod(PERIOD).until, JSON.stringify(figures), indicator],
  );
}

/** One return of the region's first authority is sent and erased; of the second there is nothing to erase. */
async function eraseOnce({ code, authorities }: PublishedRegion): Promise<void> {
  const { world } = two;
  const [first, second] = authorities as [string, string];
  const period = '2025-Q3';
  await world.openRound(code, quarterly.code, period);
  const payload = world.payload(code, nameOf(quarterly), { authority: first, period, rows: rowsOf(0) });
  expect((await world.send(first, await world.sign(first, payload))).status).toBe(201);
  for (const authority of [first, second]) {
    const token = await world.token('authority-approver', authority);
    const { erasurePlan } = await world.ask<{ erasurePlan: { id: string } }>(
      token,
      'query ($authority: ID!, $period: String) { erasurePlan(authority: $authority, period: $period) { id } }',
      { authority, period },
    );
    const { eraseReturns } = await world.ask<{ eraseReturns: { id: string } }>(
      token,
      `mutation ($authority: ID!, $period: String, $plan: ID!) {
         eraseReturns(authority: $authority, period: $period, plan: $plan) { id } }`,
      { authority, period, plan: erasurePlan.id },
    );
    erasures.set(authority, { plan: erasurePlan.id, id: eraseReturns.id });
    for (let state = ''; state !== 'DONE';) {
      ({ state } = (
        await world.ask<{ erasure: { state: string } }>(token, 'query ($id: ID!) { erasure(id: $id) { state } }', {
          id: eraseReturns.id,
        })
      ).erasure);
    }
  }
}

test('every field of the schema has a line in the table, and every line a field', () => {
  const fields = reachable().map(({ coordinate }) => coordinate);
  expect(fields.filter((field) => !mayReach[field])).toEqual([]);
  expect(Object.keys(mayReach).filter((line) => !fields.includes(line))).toEqual([]);
  const roots = fields.filter((field) => /^(Query|Mutation)\./.test(field) && field !== 'Query._service');
  expect([...roots].sort()).toEqual([...rootFields].sort());
});

test('the text of the schema is open, and nothing else is without a token', async () => {
  const { data, errors } = await graphql<{ _service: { sdl: string } }>(
    two.world.hub.url,
    null,
    '{ _service { sdl } }',
  );
  expect(errors).toBeUndefined();
  expect(data?._service.sdl).toContain('type Query');
  const open = Object.entries(mayReach).filter(([, [who]]) => who === 'and without a token');
  expect(open.map(([field]) => field)).toEqual(['Query._service', '_Service.sdl']);
});

test.each(rootFields)(
  '%s',
  async (root) => {
    const wrong: string[] = [];
    const cells = cellsOf(root);
    for (let i = 0; i < cells.length; i += 6) {
      const answers = cells
        .slice(i, i + 6)
        .map(async (cell) => wrong.push(...judge(root, cell, await ask(root, cell))));
      await Promise.all(answers);
    }
    expect(wrong).toEqual([]);
    expect(cells.length).toBeGreaterThan(18);
  },
  240_000,
);

test('every field that the table grants to somebody was seen by somebody', () => {
  const granted = Object.keys(mayReach).filter((field) => mayReach[field]![0] !== 'and without a token');
  expect(granted.filter((field) => !observed.has(field) && !notYet[field])).toEqual([]);
  expect(Object.keys(notYet).filter((field) => observed.has(field))).toEqual([]);
});

/** A role as the schema writes it. */
const roleName = (role: string): string => role.replaceAll('-', '_').toUpperCase();

/** Every field that a client can name: those of the operations, and of every type that they lead to. */
function reachable(): Step[] {
  const found = new Map<string, Step>();
  const visit = (type: GraphQLObjectType) => {
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      if (found.has(coordinate)) continue;
      found.set(coordinate, { name: field.name, coordinate });
      objectsOf(field).forEach(visit);
    }
  };
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].forEach(
    (type) => type && visit(type),
  );
  return [...found.values()];
}

/** Every way down from a root field, as the steps that it takes. */
function paths(root: string): Step[][] {
  const all: Step[][] = [];
  const walk = (field: Field, steps: Step[]) => {
    all.push(steps);
    for (const type of objectsOf(field)) {
      for (const one of Object.values(type.getFields())) {
        walk(one, [...steps, { name: one.name, coordinate: `${type.name}.${one.name}` }]);
      }
    }
  };
  const field = fieldOf(schema, root);
  walk(field, [{ name: field.name, coordinate: root }]);
  return all;
}

const asksAboutRegion = (root: string): boolean => mayReach[root]![1] === 'in their own region';

function cellsOf(root: string): Cell[] {
  const { northEast, westMidlands } = two;
  const place = mayReach[root]![1];
  return callers.flatMap((caller): Cell[] => {
    const { home } = caller;
    const other = home === northEast ? westMidlands : northEast;
    const own = { caller, distance: 'own', region: home, authority: home.authorities[0]! } as const;
    const far = { caller, distance: 'other region', region: other, authority: other.authorities[0]! } as const;
    if (place === 'about themselves') return [own];
    const near = { caller, distance: 'neighbour', region: home, authority: home.authorities[1]! } as const;
    if (place === 'of what they administer') {
      // What a lead or a steward administers is their own region or hub, and everybody else's is an authority.
      if (caller.role === 'steward') return [{ ...own, authority: caller.of }, far];
      if (caller.role === 'regional-lead')
        return [
          { ...own, authority: caller.of },
          { ...far, authority: other.code },
        ];
      return [own, near, far];
    }
    // An agency's own is the agency's, and a lead's the region; an authority there is a neighbour.
    const [named] = mayReach[root]!;
    const isTheirs =
      caller.role === 'agency-partner' || (caller.role === 'regional-lead' && named.includes(caller.role));
    if (place === 'of their own organisation' && isTheirs) return [{ ...own, authority: caller.of }, near, far];
    return asksAboutRegion(root) ? [own, far] : [own, near, far];
  });
}

async function ask(
  root: string,
  { caller, distance, region, authority }: Cell,
): Promise<GraphQLAnswer<Record<string, unknown>>> {
  const { world } = two;
  const submission = region.submissions.get(authority);
  const key = world.keys.get(authority)!;
  const { toClose, toCheck, toPublish, excused, toReopen } = spare.get(region.code)!;
  const permitted = grants(mayReach[root]!, caller.role, distance);
  const document = world.agreements.get(region.code)!;
  const { draft, inForce } = agreements.get(region.code)!;
  const issues = exchanges.get(region.code)!;
  const as = `as: "${caller.of}"`;
  // Somebody else's organisation, for what is asked of no issue.
  const theirs = `as: "${distance === 'own' ? caller.of : issues.board}"`;
  const mailbox = `as: "${distance === 'own' ? caller.of : authority}"`;
  const hand = caller.role === 'agency-partner' ? 'agency' : caller.role === 'board-chair' ? 'board' : 'authority';
  const given: Record<string, () => Promise<string> | string> = {
    'Query.me': () => '',
    'Query.region': () => `(code: "${region.code}")`,
    'Query._entities': () => `(representations: [{ __typename: "Region", code: "${region.code}" }])`,
    'Query.submission': () => `(id: "${submission!.id}")`,
    'Query.ownFigures': () =>
      `(authority: "${authority}", dataset: "safeguarding-quarterly", indicators: ["RF01", "CP01", "CP07"], until: "${PERIOD}", back: 1)`,
    'Query.ownSubmissions': () => `(authority: "${authority}", first: 3)`,
    'Query.round': () => `(id: "${region.openRound}")`,
    'Query.publication': () => `(id: "${publications.get(region.code)}")`,
    // The same envelope again: known already, so nothing changes.
    // Withdrawn already for the second who asks: nothing changes.
    'Mutation.withdrawSubmission': () =>
      `(id: "${permitted ? withdrawable.get(authority) : submission!.id}", reason: "A test.")`,
    'Mutation.submit': () => `(envelope: ${JSON.stringify(submission!.envelope)})`,
    'Mutation.checkSubmission': () => `(envelope: ${JSON.stringify(answered.get(authority) ?? submission!.envelope)})`,
    'Query.signingKeys': () => `(organisation: "${authority}")`,
    'Query.accesses': () => `(authority: "${authority}")`,
    'Query.retentionPlan': () => `(authority: "${authority}")`,
    'Query.erasurePlan': () => `(authority: "${authority}")`,
    'Query.erasure': () => `(id: "${erasures.get(authority)?.id}")`,
    'Query.withdrawalPlan': () => {
      const { id, version } = world.agreements.get(region.code)!;
      return `(agreement: "${id}", version: ${version}, authority: "${authority}", from: "${day(60)}")`;
    },
    // The same order again: nothing changes.
    'Mutation.eraseReturns': () =>
      `(authority: "${authority}", period: "2025-Q3", plan: "${erasures.get(authority)?.plan}")`,
    // The same key again: nothing changes.
    'Mutation.registerKey': async () => {
      const proof = await keyProof({ key, authority, aud: world.hubId });
      return `(authority: "${authority}", jwk: ${JSON.stringify(JSON.stringify(publicOf(key)))}, proof: ${JSON.stringify(proof)})`;
    },
    'Mutation.approveKey': () => `(kid: "${key.kid}")`,
    'Mutation.revokeKey': () => `(kid: "${permitted ? successors.get(authority) : key.kid}", reason: "A test.")`,
    'Query.members': () => `(organisation: "${authority}")`,
    'Query.invitations': () => `(organisation: "${authority}")`,
    'Query.circles': () => '',
    'Query.nationalReleases': () => '',
    'Query.openedCounts': () => `(authority: "${authority}")`,
    'Mutation.inviteMember': () =>
      `(role: ${appointed.get(authority)!.role}, organisation: "${authority}", name: "Somebody", until: "${day(9)}")`,
    // A role that begins some day, so that nobody is somebody else meanwhile.
    'Mutation.acceptInvitation': async () => {
      const [of] = two.northEast.authorities as [string];
      const { inviteMember } = await world.ask<{ inviteMember: { code: string } }>(
        await world.token('authority-approver', of),
        `mutation ($of: ID!) { inviteMember(role: SCRUTINEER, organisation: $of, name: "X", from: "${day(30)}") { code } }`,
        { of },
      );
      return `(code: "${inviteMember.code}")`;
    },
    'Mutation.withdrawInvitation': () => `(id: "${appointed.get(authority)!.invitation}")`,
    'Mutation.endRole': () => {
      const { role, member } = appointed.get(authority)!;
      return `(member: "${member}", role: ${role}, organisation: "${authority}", on: "${day(1)}")`;
    },
    'Query.systemAccounts': () => `(organisation: "${authority}")`,
    // The same client again: nothing changes.
    'Mutation.registerSystem': () => `(organisation: "${authority}", client: "three", name: "A system")`,
    'Mutation.confirmSystem': () => `(id: "${systems.get(authority)!.toConfirm}")`,
    'Mutation.withdrawSystem': () => `(id: "${systems.get(authority)!.toWithdraw}")`,
    'Mutation.declareCircle': () =>
      `(name: "An agency", authorities: ["E09000001", "E09000002"], series: ["RF05#count"], from: "${day(0)}")`,
    'Mutation.withdrawPublication': () => `(id: "${earlier.get(region.code)}", because: FIGURES_WRONG)`,
    'Mutation.confirmNationalRelease': () => `(digest: "${toConfirm}")`,
    'Mutation.withdrawNationalRelease': () => `(digest: "${toWithdraw}")`,
    'Mutation.loadNationalRelease': () =>
      `(map: ${JSON.stringify(nationalMap)}, csv: ${JSON.stringify(nationalCsv)}, period: "2019-FY")`,
    'Mutation.openRound': () =>
      `(region: "${region.code}", dataset: "safeguarding-annual", period: "2019-FY",
        opens: "${day(-1)}", due: "${day(10)}", closes: "${day(20)}")`,
    'Mutation.closeRound': () => `(id: "${toClose}")`,
    'Query.agreement': () => `(id: "${document.id}")`,
    'Query.agreementSignatures': () => `(id: "${document.id}")`,
    'Query.agreements': () => `(region: "${region.code}")`,
    // The same document again: nothing changes.
    'Mutation.draftAgreement': () => `(document: ${JSON.stringify(JSON.stringify(document))})`,
    'Mutation.proposeAgreement': () => `(id: "${draft.id}", version: 1)`,
    // The agreement of the own region: what is asked is for whom one may sign. Signed already, so nothing changes.
    'Mutation.signAgreement': async () => {
      const own = world.agreements.get(caller.home.code)!;
      return `(id: "${own.id}", version: 1, signature: ${JSON.stringify(await signAgreement({ document: own, key }))})`;
    },
    'Mutation.withdrawFromAgreement': async () => {
      const { id, version } = agreements.get(caller.home.code)!.proposed;
      const from = day(1);
      const notice = await signNotice({ agreement: { id, version }, authority, from, key });
      return `(id: "${id}", version: ${version}, authority: "${authority}", from: "${from}",
        notice: ${JSON.stringify(notice)})`;
    },
    'Mutation.suspendAgreement': () => `(id: "${inForce.id}", version: 2, reason: "A test.")`,
    'Mutation.resumeAgreement': () => `(id: "${inForce.id}", version: 2, reason: "A test.")`,
    'Mutation.terminateAgreement': () => `(id: "${inForce.id}", version: 2, reason: "A test.")`,
    'Query.border': () => `(${theirs})`,
    'Query.meetings': () => `(${theirs}, first: 2)`,
    'Query.meeting': () => `(${as}, id: "${issues.meeting}")`,
    'Mutation.callMeeting': () => `(${theirs}, title: "Another", on: "${day(9)}", boards: ["${issues.second}"])`,
    'Mutation.attendMeeting': () => `(${as}, id: "${issues.meeting}")`,
    'Mutation.freezePack': () => `(${as}, id: "${issues.meeting}")`,
    'Mutation.recordDecision': () => `(${as}, meeting: "${issues.meeting}", text: "${ISSUE_TEXT}")`,
    'Mutation.addNote': () => `(${as}, meeting: "${issues.meeting}", text: "${ISSUE_TEXT}")`,
    'Query.issue': () => `(${as}, id: "${issues.seen}")`,
    'Query.issues': () => `(${theirs}, first: 4)`,
    'Query.issueItems': () => `(${theirs}, kind: ACTION, first: 20)`,
    'Query.noticeAddress': () => `(${mailbox})`,
    'Mutation.setNoticeAddress': () => `(${mailbox}, address: "data@council.example")`,
    'Mutation.raiseIssue': () => `(${theirs}, input: ${issues.input})`,
    'Mutation.amendIssue': () => `(${as}, id: "${issues.toAmend}", input: ${issues.input})`,
    'Mutation.stepIssue': () => `(${as}, id: "${issues.toStep}", step: TO_OWN_BOARD)`,
    'Mutation.reviewIssue': () => `(${as}, id: "${issues.seen}", next: "${day(30)}")`,
    // The same board again.
    'Mutation.shareIssue': () => `(${as}, id: "${issues.seen}", boards: ["${issues.second}"])`,
    'Mutation.replyToIssue': () => `(${as}, id: "${issues.asked}", text: "${ISSUE_TEXT}")`,
    'Mutation.challengeAgency': () =>
      `(${as}, issue: "${issues.seen}", agency: "${issues.agency}", question: "${ISSUE_TEXT}", due: "${day(3)}")`,
    'Mutation.answerChallenge': () => `(${as}, id: "${issues.toAnswer}", text: "${ISSUE_TEXT}")`,
    'Mutation.judgeChallenge': () => `(${as}, id: "${issues.toJudge}", satisfied: true, text: "${ISSUE_TEXT}")`,
    'Mutation.setAction': () =>
      `(${as}, issue: "${issues.seen}", owner: "${issues.board}", role: "The chair", text: "${ISSUE_TEXT}", due: "${day(3)}")`,
    'Mutation.reportAction': () =>
      `(${as}, id: "${issues.actions[hand === 'agency' ? 'agency' : 'authority']}", state: ON_TRACK, text: "${ISSUE_TEXT}")`,
    'Mutation.withdrawWords': () => `(${as}, id: "${issues.toWithdraw[hand]}")`,
    'Mutation.approveWords': () => `(${as}, id: "${issues.toApprove[hand]}")`,
    'Mutation.endPattern': () => patternEnd(region),
    'Query.comparabilityNotes': () => `(authority: "${authority}")`,
    'Mutation.writeComparabilityNote': () =>
      `(input: { authority: "${authority}", indicator: "RF02", kind: BREAK, from: "2024-Q1", text: "A new system." })`,
    'Mutation.writeCommentary': () =>
      `(input: { of: "${authority}", indicator: "RF02", period: "${PERIOD}", text: "There were {a}.",
         figures: [{ publication: "${publications.get(region.code)}", series: "RF01#count", authority: "${region.authorities[0]!}" }] })`,
    'Mutation.withdrawCommentary': () =>
      `(id: "${commentary.get(`${authority} ${permitted ? caller.role : 'nobody'}`) ?? commentary.get(`${region.code} nobody`)}")`,
    // The same end again: nothing changes.
    'Mutation.endComparabilityNote': () => `(id: "${notes.get(authority)}", until: "${PERIOD}")`,
    'Query.proposedDates': () => '(dataset: "safeguarding-quarterly", period: "2026-Q2")',
    'Query.reminderAddress': () => `(authority: "${authority}")`,
    'Mutation.setReminderAddress': () => `(authority: "${authority}", address: "data@council.example")`,
    'Mutation.checkRound': () => `(id: "${toCheck}")`,
    'Mutation.confirmReturn': () => `(round: "${region.openRound}", authority: "${authority}", version: ${ANSWERED})`,
    'Mutation.publishRound': () => `(id: "${toPublish}")`,
    'Mutation.openEdition': () =>
      `(round: "${toReopen}", edition: PROVISIONAL, due: "${day(10)}", closes: "${day(20)}")`,
    // As they are: nothing moves.
    'Mutation.moveRoundDates': () =>
      `(round: "${region.openRound}", opens: "${day(-20)}", due: "${day(10)}", closes: "${day(40)}")`,
    'Mutation.grantException': () =>
      `(round: "${excused}", authority: "${authority}", until: "${day(2)}", reason: "A test.")`,
  };
  const argumentsOf = given[root];
  if (!argumentsOf) throw new Error(`${root} is new: say in the test with which arguments it is asked`);
  const field = fieldOf(schema, root);
  const operation = root.startsWith('Mutation.') ? 'mutation' : 'query';
  const arguments__ = await argumentsOf();
  const answers: GraphQLAnswer<Record<string, unknown>>[] = [];
  for (let part = 0; part < partsOf(field); part++) {
    const query = `${operation} { ${field.name}${arguments__}${selectionOf(field, below, part)} }`;
    answers.push(await graphql(world.hub.url, caller.token, query));
  }
  return answers.reduce(together);
}

/** Two answers about the same thing as one; where it is refused the second says what the first does. */
function together(
  one: GraphQLAnswer<Record<string, unknown>>,
  other: GraphQLAnswer<Record<string, unknown>>,
): GraphQLAnswer<Record<string, unknown>> {
  const merged = (a: unknown, b: unknown): unknown =>
    Array.isArray(a) && Array.isArray(b)
      ? a.map((each: unknown, i) => merged(each, b[i]))
      : a !== null && b !== null && typeof a === 'object' && typeof b === 'object'
        ? {
            ...a,
            ...Object.fromEntries(
              Object.entries(b).map(([key, value]) => [
                key,
                key in a ? merged((a as Record<string, unknown>)[key], value) : value,
              ]),
            ),
          }
        : b;
  return one.errors ? one : { ...other, data: merged(one.data, other.data) as Record<string, unknown> };
}

function grants([who, place]: Line, role: Role | null, distance: Distance): boolean {
  if (role === null || who === 'and without a token') return who === 'and without a token';
  const near = {
    'about themselves': distance === 'own',
    'of their own authority': distance === 'own',
    'of their own organisation': distance === 'own',
    'of what they administer': distance === 'own',
    'in their own region': distance !== 'other region',
    'anywhere, for it says nothing of anybody': true,
  }[place];
  return near && who.includes(role);
}

const takesLong = new Set(
  'checkSubmission draftAgreement loadNationalRelease signAgreement submit'.split(' ').map((one) => `Mutation.${one}`),
);

/** Everything in which the answer differs from the table, in words. */
function judge(
  root: string,
  { caller, distance }: Cell,
  { data, errors = [] }: GraphQLAnswer<Record<string, unknown>>,
): string[] {
  const who = `${caller.role ?? 'nobody'} of ${caller.home.code}, ${distance}`;
  const wrong: string[] = [];
  const [line, [first]] = [mayReach[root]!, paths(root)[0] as [Step]];
  const rootGranted = grants(line, caller.role, distance);
  if (rootGranted) {
    wrong.push(
      ...errors.map(({ path, extensions }) => `${who}: ${path?.join('.')} is refused with ${extensions.code}`),
    );
  } else {
    const { noToken, role, elsewhere } = refusals[root]!;
    const roleGranted = caller.role !== null && line[0] !== 'and without a token' && line[0].includes(caller.role);
    const expected = caller.role === null ? noToken : roleGranted ? elsewhere : role;
    const codes = errors.map(({ extensions }) => extensions.code);
    // A document is more than is read without a token: nothing has looked at it.
    if (takesLong.has(root) && caller.role === null && codes.join() === 'REQUEST_TOO_LARGE' && !data) return [];
    if (codes.join() !== (expected ?? ''))
      wrong.push(`${who}: refused with ${codes.join() || 'no error'}, not ${expected}`);
    if (errors.some(({ path }) => path?.[0] !== first.name)) wrong.push(`${who}: the error is not at ${first.name}`);
  }
  for (const path of paths(root)) {
    const granted = path.every(({ coordinate }) => grants(mayReach[coordinate]!, caller.role, distance));
    const there = at(data, path);
    const name = path.map(({ name }) => name).join('.');
    if (!granted && there.length) wrong.push(`${who}: ${name} was shown`);
    if (granted && there.length) observed.add(path.at(-1)!.coordinate);
    // Granted, and an object: something must be there to look under.
    const last = fieldAt(path);
    const always =
      isCompositeType(getNamedType(last.type)) && !path.some(({ coordinate }) => mayBeEmpty.has(coordinate));
    if (granted && always && !there.length) wrong.push(`${who}: ${name} is missing`);
  }
  return wrong;
}

/** Lists that may rightly be empty for one who may see them; that somebody sees what is in them is asked in the end. */
const mayBeEmpty = new Set([
  'Publication.withdrawal',
  'Publication.revisions',
  'Submission.findings',
  'Benchmark.england',
  'Figure.population',
  'Submission.refreshed',
  'Check.findings',
  'Agreement.missingSignatures',
  'Round.exceptions',
  'Round.notices',
  'Round.heldHelp',
  'Round.heldCells',
  'Why.parts',
  'BorderSide.agencies',
  'BorderSide.due',
  'BorderSide.issues',
  'BorderSide.patterns',
  'Meeting.items',
  'Meeting.pack',
  'Meeting.present',
  'Issue.evidence',
  'Issue.items',
  'Issue.leadArea',
  'Issue.recipients',
  'IssueItem.to',
  'Evidence.authority',
  'Pattern.yearBefore',
]);

const fieldAt = (path: readonly Step[]): Field => fieldOf(schema, path.at(-1)!.coordinate);

/** The values at the end of the path, through lists, without nulls. */
function at(data: unknown, path: readonly Step[]): unknown[] {
  let values: unknown[] = [data];
  for (const { name } of path) {
    values = values
      .map((value) => (value as Record<string, unknown> | null)?.[name])
      .flat(Infinity)
      .filter((value) => value !== null && value !== undefined);
  }
  return values;
}

test('a key that a stranger registers for somebody else is refused', async () => {
  const { world, northEast } = two;
  const [own, neighbour] = northEast.authorities as [string, string];
  const key = await newKey(`stranger-${Date.now()}`, 'EdDSA');
  const { data, errors } = await graphql(
    world.hub.url,
    await world.token('authority-approver', own),
    'mutation ($authority: ID!, $jwk: String!, $proof: String!) { registerKey(authority: $authority, jwk: $jwk, proof: $proof) { kid } }',
    {
      authority: neighbour,
      jwk: JSON.stringify(publicOf(key)),
      proof: await keyProof({ key, authority: neighbour, aud: world.hubId }),
    },
  );
  expect(data).toEqual({ registerKey: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['KEY_FOREIGN']);
});
