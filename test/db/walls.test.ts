import { Client } from 'pg';
import { logins, newId, type Login } from '@hub/platform';
import { ask, asSuperuser, freshDatabase } from '../support/database';

/**
 * The walls of the database, each tried over a real login with its own password (SET ROLE does not count), by the member
 * who may and by members who may not, on rows that the owner laid in for two regions.
 */
const NORTH_EAST = 'E12000001';
const WEST_MIDLANDS = 'E12000005';
const HARTLEPOOL = 'E06000001';
const MIDDLESBROUGH = 'E06000002';
const BIRMINGHAM = 'E08000025';
const regionOf: Record<string, string> = {
  [HARTLEPOOL]: NORTH_EAST,
  [MIDDLESBROUGH]: NORTH_EAST,
  [BIRMINGHAM]: WEST_MIDLANDS,
};
const authorities = Object.keys(regionOf);
const regions = [NORTH_EAST, WEST_MIDLANDS];

const today = `(now() at time zone 'Europe/London')::date`;
/** Who asks: role, organisation and, where it is not for ever, from when to when. */
const people = {
  leadNorthEast: ['regional-lead', NORTH_EAST],
  leadWestMidlands: ['regional-lead', WEST_MIDLANDS],
  systemHartlepool: ['authority-system', HARTLEPOOL],
  analystHartlepool: ['authority-analyst', HARTLEPOOL],
  approverHartlepool: ['authority-approver', HARTLEPOOL],
  systemMiddlesbrough: ['authority-system', MIDDLESBROUGH],
  systemBirmingham: ['authority-system', BIRMINGHAM],
  approverBirmingham: ['authority-approver', BIRMINGHAM],
  electedHartlepool: ['elected-member', HARTLEPOOL],
  chairTees: ['board-chair', 'brd-walls-tees'],
  policeWestMidlands: ['agency-partner', 'agy-walls-police'],
  steward: ['steward', 'hub'],
  stewardNorthEast: ['steward', NORTH_EAST],
  auditorHartlepool: ['auditor', HARTLEPOOL],
  formerLead: ['regional-lead', NORTH_EAST, `daterange('2020-01-01', ${today})`],
  formerSystem: ['authority-system', HARTLEPOOL, `daterange('2020-01-01', ${today})`],
  formerApprover: ['authority-approver', HARTLEPOOL, `daterange('2020-01-01', ${today})`],
  comingLead: ['regional-lead', NORTH_EAST, `daterange(${today} + 1, null)`],
  roleless: [],
} as const satisfies Record<string, readonly string[]>;
type Person = keyof typeof people;
/** Open invitations: to which role, by whom. */
const invitations: readonly [role: string, organisation: string, by: Person][] = [
  ['regional-lead', NORTH_EAST, 'steward'],
  ['authority-approver', HARTLEPOOL, 'leadNorthEast'],
  ['board-chair', 'brd-walls-tees', 'leadNorthEast'],
  ['authority-analyst', HARTLEPOOL, 'approverHartlepool'],
  ['scrutineer', BIRMINGHAM, 'approverBirmingham'],
];
/** `nobody` asks without a member; `unknown` is a member that the hub has never heard of. */
type Asker = Person | 'nobody' | 'unknown';
const everybody = [...(Object.keys(people) as Person[]), 'nobody', 'unknown'] as const;

const ids = {} as Record<Person, string>;
const region = {} as Record<string, number>;
const authority = {} as Record<string, number>;
const rounds = {} as Record<string, string>;
const emptyRounds = {} as Record<string, string>;
const submissions = {} as Record<string, string>;
/** A submission of each authority without cells and receipt. */
const bare = {} as Record<string, string>;
/** Returns that wait for their approver, with an envelope. */
const waiting = {} as Record<string, string>;
const publications = {} as Record<string, string>;
/** A second publication of each region, of which nothing is proved and nothing recorded. */
const unproved = {} as Record<string, string>;
let series: number, otherSeries: number;
const openings = {} as Record<string, string>;
const [release, otherRelease] = [newId(), newId()];
let circle: string;
const notes = {} as Record<string, string>;
const said = {} as Record<string, string>;

let database: Awaited<ReturnType<typeof freshDatabase>>;
const clients = {} as Record<Login | 'owner', Client>;

const memberOf = (who: Asker) => (who === 'nobody' ? '' : who === 'unknown' ? newId() : ids[who]);

/** What one login does in one transaction as one member; nothing of it stays. */
async function as<T>(login: Login, who: Asker, work: (client: Client) => Promise<T>): Promise<T> {
  const client = clients[login];
  await client.query('begin');
  try {
    await client.query(`select set_config('hub.member', $1, true)`, [memberOf(who)]);
    return await work(client);
  } finally {
    await client.query('rollback');
  }
}
const column = async (client: Client, sql: string, values: unknown[] = []): Promise<string[]> =>
  (await client.query<Record<string, unknown>>(sql, values)).rows.map((row) => String(Object.values(row)[0]));
/** The SQLSTATE with which a statement fails; `none` when it does not. */
const stateOf = (statement: Promise<unknown>): Promise<string> =>
  statement.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
const FORBIDDEN = '42501';
const CHECK = '23514';

beforeAll(async () => {
  database = await freshDatabase();
  for (const login of ['owner', ...logins] as const) {
    clients[login] = new Client({ connectionString: login === 'owner' ? database.ownerUrl : database.urls[login] });
    await clients[login].connect();
  }
  await layRows(clients.owner);
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.end()));
  await database?.stop();
});

async function layRows(owner: Client): Promise<void> {
  const one = async (sql: string, values: unknown[] = []) => (await column(owner, sql, values))[0]!;
  for (const code of regions)
    region[code] = Number(await one('select id from registry.region where code = $1', [code]));
  for (const code of authorities)
    authority[code] = Number(await one('select id from registry.authority where code = $1', [code]));
  const [tees, police] = ['brd-walls-tees', 'agy-walls-police'];
  await owner.query(`insert into registry.organisation (code, name) values ($1, 'A board'), ($2, 'A police force')`, [
    tees,
    police,
  ]);
  const area = 'insert into registry.organisation_area (organisation, authority_id) values ($1, $2)';
  await owner.query(area, [tees, authority[HARTLEPOOL]]);
  await owner.query(area, [tees, authority[MIDDLESBROUGH]]);
  await owner.query(area, [police, authority[BIRMINGHAM]]);
  series = Number(await one(`insert into registry.series (key) values ('WALLS#count') returning id`));
  otherSeries = Number(await one(`insert into registry.series (key) values ('WALLS#of') returning id`));

  for (const [name, [role, organisation, valid]] of Object.entries(people) as [Person, readonly string[]][]) {
    ids[name] = newId();
    await owner.query(
      `insert into identity.member (id, issuer, subject, name) values ($1, 'https://issuer.test', $2, $2)`,
      [ids[name], name],
    );
    if (!role) continue;
    await owner.query(
      `insert into identity.member_role (member_id, role, organisation, valid) values ($1, $2, $3, ${valid ?? `daterange('2019-04-01', null)`})`,
      [ids[name], role, organisation],
    );
  }
  circle = newId();
  await owner.query(
    `insert into registry.circle (id, name, from_date, declared_by, declared_at) values ($1, 'A circle', '2026-01-01', $2, now())`,
    [circle, ids.steward],
  );
  for (const code of [HARTLEPOOL, MIDDLESBROUGH]) {
    await owner.query('insert into registry.circle_authority (circle_id, authority_id) values ($1, $2)', [
      circle,
      authority[code],
    ]);
  }
  for (const [role, organisation, by] of invitations) {
    await owner.query(
      `insert into identity.invitation (id, role, organisation, name, valid, code_digest, invited_by, invited_at, expires_at)
       values ($1, $2, $3, 'Somebody', '[2026-01-01,)', sha256(uuid_send($1)), $4, now(), now() + interval '14 days')`,
      [newId(), role, organisation, ids[by]],
    );
  }
  for (const [organisation, by] of [
    [HARTLEPOOL, ids.approverHartlepool],
    [BIRMINGHAM, ids.approverBirmingham],
  ]) {
    await owner.query(
      `insert into identity.system_account (id, organisation, issuer, client, name, valid, registered_by, registered_at)
       values ($1, $2, 'https://issuer.test', 'client of ' || $2, 'A system', '[2026-01-01,)', $3, now())`,
      [newId(), organisation, by],
    );
  }
  for (const [kid, organisation, by] of [
    ['key-hartlepool', HARTLEPOOL, ids.approverHartlepool],
    ['key-birmingham', BIRMINGHAM, ids.approverBirmingham],
    ['key-police', police, ids.policeWestMidlands],
  ]) {
    await owner.query(
      `insert into identity.signing_key (kid, organisation, algorithm, jwk, thumbprint, registered_by, registered_at)
       values ($1, $2, 'EdDSA', '{}', $1, $3, now())`,
      [kid, organisation, by],
    );
  }
  for (const code of regions) {
    await owner.query(
      `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at) values ($1, 1, $2, 'inForce', '[2020-01-01,)', '{"audience":[]}', sha256('{}'), now(), now())`,
      [`agreement-${code}`, region[code]],
    );
    await owner.query('insert into agreements.scope (agreement_id, agreement_version, region_id) values ($1, 1, $2)', [
      `agreement-${code}`,
      region[code],
    ]);
    [rounds[code], emptyRounds[code]] = [newId(), newId()];
    for (const [id, dataset] of [
      [rounds[code], 'walls'],
      [emptyRounds[code], 'no-returns-yet'],
    ]) {
      await owner.query(
        `insert into rounds.round (id, region_id, dataset, dataset_version, period, period_kind, period_from, period_until, opens, due, closes)
         values ($1, $2, $3, '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01', '2025-05-01', '2025-06-01', '2025-06-02')`,
        [id, region[code], dataset],
      );
    }
    publications[code] = newId();
    await owner.query(
      `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
         period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
       values ($1, $2, 1, $3, 'walls', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01',
         'provisional', 'current', $4, 1, '{}', sha256('{}'), now())`,
      [region[code], publications[code], rounds[code], `agreement-${code}`],
    );
    unproved[code] = newId();
    await owner.query(
      `insert into release.publication select region_id, $1, 9, round_id, dataset, dataset_version, period, period_kind,
         period_from, period_until, edition, 'withdrawn', agreement_id, agreement_version, document, digest, published_at
       from release.publication where id = $2`,
      [unproved[code], publications[code]],
    );
    await owner.query(proofOf, [publications[code], region[code]]);
    await owner.query(event('published'), [publications[code], region[code]]);
    await owner.query(
      `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
         values ($1, $2, '2024-04-01', '2025-04-01', null, $3, 0, 489)`,
      [region[code], series, publications[code]],
    );
    await owner.query(
      `insert into proof.gate_refusal (id, round_id, code, detail, at) values ($1, $2, 'PUBLICATION_UNSAFE', '{}', now())`,
      [newId(), rounds[code]],
    );
    if (code === NORTH_EAST) await owner.query(prepared, [rounds[code], region[code]]);
    await owner.query(heldTable('RF01'), [rounds[code], region[code]]);
  }
  for (const id of [release, otherRelease])
    await owner.query(national.replace('identity.caller()', '$2'), [id, ids.steward]);
  for (const code of authorities) {
    const home = regionOf[code]!;
    await owner.query(
      `insert into agreements.party (agreement_id, agreement_version, region_id, authority_id, status) values ($1, 1, $2, $3, 'invited')`,
      [`agreement-${home}`, region[home], authority[code]],
    );
    await owner.query(
      'insert into rounds.return_state (round_id, region_id, authority_id, version, received_at) values ($1, $2, $3, 1, now())',
      [rounds[home], region[home], authority[code]],
    );
    await owner.query(exception, [newId(), rounds[home], region[home], authority[code]]);
    [submissions[code], bare[code], waiting[code]] = [newId(), newId(), newId()];
    await owner.query(submission(1), [submissions[code], authority[code]]);
    await owner.query(submission(2), [bare[code], authority[code]]);
    await owner.query(submission(4), [waiting[code], authority[code]]);
    await owner.query(raw, [waiting[code], authority[code]]);
    await owner.query(cell, [submissions[code], authority[code], series, 0, 17]);
    await owner.query(receipt, [submissions[code], authority[code]]);
    await owner.query(withdrawal, [submissions[code], authority[code]]);
    await owner.query(raw, [submissions[code], authority[code]]);
    await owner.query(answer('first'), [submissions[code], authority[code], series]);
    await owner.query(comment('RF01'), [submissions[code], authority[code]]);
    await owner.query(notice, [newId(), rounds[home], region[home], authority[code], 'beforeDue']);
    await owner.query(contact, [authority[code]]);
    await owner.query(confirmation(99), [rounds[home], region[home], authority[code]]);
    await owner.query(erasure, [newId(), authority[code]]);
    await owner.query(purge, [newId(), submissions[code], authority[code]]);
    for (const publication of [publications[home], unproved[home]])
      await owner.query(publishedReturn, [publication, authority[code], submissions[code]]);
    await owner.query(ownProof, [publications[home], authority[code]]);
    await owner.query(heldCell, [rounds[home], authority[code], series]);
    openings[code] = newId();
    await owner.query(opening, [openings[code], release, authority[code]]);
    await owner.query(opened, [openings[code], authority[code], series]);
    notes[code] = newId();
    await owner.query(note, [notes[code], authority[code]]);
    said[code] = newId();
    await owner.query(commentary, [said[code], authority[code], null]);
    await owner.query(ending, [newId(), region[home], series, authority[code]]);
  }
  await owner.query(
    `insert into proof.certificate (publication_id, problem, decision, at) values ($1, '{}', '{}', now())`,
    [publications[NORTH_EAST]],
  );
  await owner.query(`insert into ledger.entry (index, leaf, at) values (0, 'leaf', now())`);
  await owner.query(`insert into ledger.node (level, index, hash) values (0, 0, sha256('leaf'))`);
  await owner.query(`insert into ledger.checkpoint (size, note, at) values (1, 'note', now())`);
  await owner.query(`insert into ledger.hub_key (line, jwk, since) values ('hub+00000000+a', '{}', now())`);
  await owner.query(
    `insert into platform.outbox (id, type, subject, created_at, next_at) values ($1, 'round.compile', $2, now(), now())`,
    [newId(), rounds[NORTH_EAST]],
  );
  for (const who of ['leadNorthEast', 'leadWestMidlands'] as const) {
    await owner.query(
      `insert into platform.access_log (id, at, member_id, action, subject) values ($1, now(), $2, 'submit', $3)`,
      [newId(), ids[who], who],
    );
  }
  for (const [subject, whose] of [
    ['Hartlepool’s', [authority[HARTLEPOOL]]],
    ['the North East’s', null],
  ] as const) {
    await owner.query(
      `insert into platform.access_log (id, at, member_id, action, subject, region_id, authorities)
       values ($1, now(), $2, 'read.benchmark', $3, $4, $5)`,
      [newId(), ids.leadWestMidlands, subject, region[NORTH_EAST], whose],
    );
  }
}

/** A submission: $1 its id, $2 its authority. The first version is the accepted one, the fourth waits for its approver. */
const submission = (version: number) =>
  `insert into intake.submission (id, authority_id, dataset, dataset_version, period, period_kind, period_from, period_until,
     version, state, agreement_id, agreement_version, jti, kids, envelope_digest, received_by, received_at)
   values ($1, $2, 'walls', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01', ${version},
     '${version === 1 ? 'accepted' : version === 4 ? 'awaitingSignOff' : 'superseded'}', 'agreement', 1, 'jti-${version}', '{key}', sha256('bytes'),
     gen_random_uuid(), now())`;
const raw = `insert into intake.raw (submission_id, authority_id, envelope, salt, payload_digest, findings)
   values ($1, $2, 'bytes', substr(sha256('salt'), 1, 16), sha256('payload'), '[1]')`;
const answer = (rule: string) =>
  `insert into intake.answer (submission_id, authority_id, rule, series_id, answer, text) values ($1, $2, '${rule}', $3, 'confirmed', 'Yes.')`;
const comment = (indicator: string) =>
  `insert into intake.comment (submission_id, authority_id, indicator, text) values ($1, $2, '${indicator}', 'Up.')`;
/** $1 its id, $2 its round, $3 the region, $4 its authority, $5 its kind. */
const notice = `insert into rounds.notice (id, round_id, region_id, authority_id, kind, about, made_at)
  values ($1, $2, $3, $4, $5, '2025-07-31', now())`;
/** $1 its authority. */
const contact = `insert into rounds.contact (authority_id, address, set_by, set_at)
  values ($1, 'a@b.example', coalesce(identity.caller(), gen_random_uuid()), now())
  on conflict (authority_id) do update set set_by = excluded.set_by`;
/** $1 its round, $2 the region, $3 its authority. */
const confirmation = (version: number) =>
  `insert into rounds.confirmation (round_id, region_id, authority_id, version, confirmed_by, confirmed_at)
   values ($1, $2, $3, ${version}, coalesce(identity.caller(), gen_random_uuid()), now())`;
/** $1 its id, $2 its authority; the plan is made of the id. */
const erasure = `insert into intake.erasure (id, authority_id, plan, submissions, asked_by, asked_at)
   values ($1, $2, sha256($1::uuid::text::bytea), '{}', gen_random_uuid(), now())`;
/** $1 the publication, $2 its region. */
const proofOf = `insert into release.proof (publication_id, region_id, proof) values ($1, $2, '{}')`;
const event = (what: string) =>
  `insert into release.publication_event (publication_id, region_id, event, at, receipt) values ($1, $2, '${what}', now(), 'r')`;
/** $1 the publication, $2 an authority. */
const ownProof = `insert into intake.own_proof (publication_id, authority_id, proof) values ($1, $2, '{}')`;
const publishedReturn =
  'insert into intake.published_return (publication_id, authority_id, submission_id) values ($1, $2, $3)';
/** $1 its id, $2 the submission, $3 its authority. */
const purge = `insert into intake.purge (id, submission_id, authority_id, what, agreement_id, agreement_version, clause, purged_at, receipt)
   values ($1, $2, $3, '{cells}', 'agreement', 1, '/retention/cellsYears', now(), 'receipt')`;
/** $1 its id; a steward has loaded it. */
const national = `insert into registry.national_release
  (id, title, dataset, dataset_version, period, release, facts, loaded_by, asked_at)
  values ($1, 'A release', 'safeguarding-annual', '1.0', '2023-FY', 'made-up', '{}', identity.caller(), now())`;
/** $1 its id, $2 the release, $3 the authority. */
const opening = `insert into intake.opening (id, release_id, authority_id, period, found_at) values ($1, $2, $3, '2023-FY', now())`;
const opened = 'insert into intake.opened (opening_id, authority_id, series_id, least, most) values ($1, $2, $3, 3, 3)';
/** $1 a round, $2 its region: it is to be held. */
const prepared = `insert into proof.prepared (round_id, region_id, moment, held_because)
  values ($1, $2, now(), 'PUBLICATION_UNSAFE')`;
/** $1 its id, $2 the region, $3 the series, $4 the authority or null; told by the caller, or laid in. */
const ending = `insert into remarks.ending
  (id, region_id, series_id, authority_id, rule, since, ended_as, reason, written_by, role, organisation, at)
  values ($1, $2, $3, $4, 'outside', '2025-Q1', 'none', 'Understood.', coalesce(identity.caller(), (select id from identity.member limit 1)),
    'regional-lead', 'E12000001', now())`;
/** $1 its id, $2 the authority; written by the caller, or laid in. */
const note = `insert into remarks.note
  (id, authority_id, indicator, kind, period_from, from_date, text, written_by, written_at)
  values ($1, $2, 'RF01', 'break', '2024-Q1', '2024-04-01', 'Another system.', coalesce(identity.caller(), (select id from identity.member limit 1)), now())`;
/** $1 its id, $2 the authority or $3 the region; written by the caller, or laid in. */
const commentary = `insert into remarks.commentary
  (id, authority_id, region_id, indicator, period, from_date, until_date, text, figures, written_by, written_at)
  values ($1, $2, $3, 'RF01', '2024-Q1', '2024-04-01', '2024-07-01', 'A new front door.', '[]',
    coalesce(identity.caller(), (select id from identity.member limit 1)), now())`;
/** $1 a round, $2 its region: a table of it could not be protected; and, $2 an authority, a count of its own. */
const heldTable = (indicator: string) =>
  `insert into rounds.held_table (round_id, region_id, indicator, dimension) values ($1, $2, '${indicator}', '')`;
const heldCell = 'insert into intake.held_cell (round_id, authority_id, series_id) values ($1, $2, $3)';
const cell =
  'insert into intake.cell (submission_id, authority_id, series_id, kind, value) values ($1, $2, $3, $4, $5)';
const exception = `insert into rounds.late_exception
  (id, round_id, region_id, authority_id, until, reason, granted_by, granted_at)
  values ($1, $2, $3, $4, '2025-08-05', 'late', coalesce(identity.caller(), gen_random_uuid()), now())`;
const withdrawal = `insert into intake.withdrawal (submission_id, authority_id, reason, withdrawn_by, withdrawn_at)
  values ($1, $2, 'wrong', gen_random_uuid(), now())`;
const receipt = `insert into intake.receipt (submission_id, authority_id, receipt) values ($1, $2, 'receipt')`;

// ---------------------------------------------------------------------------------------------------------------------

/** What each of them sees; who is not named sees nothing. */
type Seen = Partial<Record<Asker, readonly string[]>> | 'all';

const inRegion = (northEast: readonly string[], westMidlands: readonly string[]): Seen => ({
  leadNorthEast: northEast,
  systemHartlepool: northEast,
  analystHartlepool: northEast,
  approverHartlepool: northEast,
  systemMiddlesbrough: northEast,
  electedHartlepool: northEast,
  chairTees: northEast,
  leadWestMidlands: westMidlands,
  systemBirmingham: westMidlands,
  approverBirmingham: westMidlands,
  policeWestMidlands: westMidlands,
});
const regional = inRegion([NORTH_EAST], [WEST_MIDLANDS]);
const ofOwnAuthority: Seen = {
  systemHartlepool: [HARTLEPOOL],
  analystHartlepool: [HARTLEPOOL],
  approverHartlepool: [HARTLEPOOL],
  systemMiddlesbrough: [MIDDLESBROUGH],
  systemBirmingham: [BIRMINGHAM],
  approverBirmingham: [BIRMINGHAM],
};
const ofOwnApprovers: Seen = { approverHartlepool: [HARTLEPOOL], approverBirmingham: [BIRMINGHAM] };
/** How returns stand: the own one, and for a lead those of the region. */
const ofOwnAuthorityAndLeads: Seen = {
  ...(ofOwnAuthority as object),
  leadNorthEast: [HARTLEPOOL, MIDDLESBROUGH],
  leadWestMidlands: [BIRMINGHAM],
};
const themselves: Seen = Object.fromEntries(Object.keys(people).map((name) => [name, [name]]));
const withRole: Seen = Object.fromEntries(
  Object.entries(people).flatMap(([name, role]) => (role.length ? [[name, [name]]] : [])),
);
const keysOfOwn: Seen = {
  approverHartlepool: ['key-hartlepool'],
  approverBirmingham: ['key-birmingham'],
  policeWestMidlands: ['key-police'],
};
/** Besides themselves: who holds, held or will hold a role that they administer. */
const administered: Partial<Record<Person, readonly Person[]>> = {
  steward: ['steward', 'leadNorthEast', 'formerLead', 'comingLead', 'leadWestMidlands'],
  leadNorthEast: ['leadNorthEast', 'formerLead', 'comingLead', 'approverHartlepool', 'formerApprover', 'chairTees'],
  leadWestMidlands: ['leadWestMidlands', 'approverBirmingham', 'policeWestMidlands'],
  approverHartlepool: [
    'approverHartlepool',
    'formerApprover',
    'systemHartlepool',
    'formerSystem',
    'analystHartlepool',
    'electedHartlepool',
  ],
  approverBirmingham: ['approverBirmingham', 'systemBirmingham'],
};
const invited: Seen = {
  steward: [`regional-lead@${NORTH_EAST}`],
  leadNorthEast: [`regional-lead@${NORTH_EAST}`, `authority-approver@${HARTLEPOOL}`, 'board-chair@brd-walls-tees'],
  leadWestMidlands: [],
  approverHartlepool: [`authority-approver@${HARTLEPOOL}`, `authority-analyst@${HARTLEPOOL}`],
  approverBirmingham: [`scrutineer@${BIRMINGHAM}`],
};
const ofRegion = '(select code from registry.region r where r.id = region_id)';
const ofAuthority = '(select code from registry.authority a where a.id = authority_id)';
const ofMember = '(select subject from identity.member m where m.id = member_id)';

/** For every table that a login may read: a key of its rows, out of columns that the login may read, and who sees which. */
const sight: [table: string, key: string, seen: Partial<Record<Login, Seen>>][] = [
  ...[
    'region',
    'authority',
    'region_authority',
    'authority_link',
    'authority_cover',
    'population',
    'organisation',
    'organisation_area',
    'series',
  ].map((table): [string, string, Partial<Record<Login, Seen>>] => [
    `registry.${table}`,
    `md5(t::text)`,
    { intake: 'all', reader: 'all', desk: 'all', worker: 'all' },
  ]),
  [
    'identity.member',
    'subject',
    { intake: themselves, reader: themselves, desk: { ...themselves, ...administered }, worker: 'all' },
  ],
  [
    'identity.member_role',
    ofMember,
    { intake: withRole, reader: withRole, desk: { ...withRole, ...administered }, worker: 'all' },
  ],
  [
    'registry.national_release',
    'title',
    {
      desk: { steward: ['A release'] },
      intake: { approverHartlepool: ['A release'], approverBirmingham: ['A release'] },
      worker: 'all',
    },
  ],
  ['registry.circle', 'name', { desk: { steward: ['A circle'] }, worker: 'all' }],
  ['registry.circle_authority', ofAuthority, { desk: { steward: [HARTLEPOOL, MIDDLESBROUGH] }, worker: 'all' }],
  ['identity.invitation', `role || '@' || organisation`, { desk: invited }],
  [
    'identity.system_account',
    'client',
    { desk: { approverHartlepool: [`client of ${HARTLEPOOL}`], approverBirmingham: [`client of ${BIRMINGHAM}`] } },
  ],
  [
    'identity.signing_key',
    'kid',
    {
      intake: 'all',
      worker: 'all',
      reader: keysOfOwn,
      desk: keysOfOwn,
    },
  ],
  ['agreements.agreement', ofRegion, { intake: 'all', worker: 'all', reader: regional, desk: regional }],
  ['agreements.revision', 'agreement_id', {}],
  ['agreements.change_count', 'number', { intake: 'all', reader: 'all' }],
  ['agreements.scope', ofRegion, { intake: 'all', worker: 'all', reader: regional, desk: regional }],
  [
    'agreements.party',
    ofAuthority,
    {
      intake: 'all',
      worker: 'all',
      reader: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]),
      desk: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]),
    },
  ],
  ['rounds.round', ofRegion, { intake: regional, reader: regional, desk: regional, worker: 'all' }],
  [
    'rounds.return_state',
    ofAuthority,
    {
      intake: ofOwnAuthority,
      reader: ofOwnAuthorityAndLeads,
      desk: ofOwnAuthorityAndLeads,
      worker: 'all',
    },
  ],
  [
    'rounds.confirmation',
    ofAuthority,
    { intake: ofOwnAuthority, reader: ofOwnAuthorityAndLeads, desk: ofOwnAuthorityAndLeads },
  ],
  [
    'rounds.held_table',
    ofRegion,
    { reader: { leadNorthEast: [NORTH_EAST], leadWestMidlands: [WEST_MIDLANDS] }, worker: 'all' },
  ],
  ['rounds.notice', ofAuthority, { reader: ofOwnAuthorityAndLeads, worker: 'all' }],
  ['rounds.contact', ofAuthority, { desk: ofOwnAuthority, worker: 'all' }],
  [
    'rounds.late_exception',
    ofAuthority,
    {
      intake: ofOwnAuthority,
      reader: ofOwnAuthorityAndLeads,
      desk: { leadNorthEast: [HARTLEPOOL, MIDDLESBROUGH], leadWestMidlands: [BIRMINGHAM] },
    },
  ],
  ['intake.submission', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.cell', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.receipt', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.raw', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.answer', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.comment', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.erasure', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.purge', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.withdrawal', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.published_return', ofAuthority, { intake: ofOwnAuthority }],
  ['intake.own_proof', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.held_cell', ofAuthority, { intake: ofOwnAuthority, worker: 'all' }],
  ['intake.opening', ofAuthority, { intake: ofOwnApprovers, worker: 'all' }],
  ['intake.opened', ofAuthority, { intake: ofOwnApprovers }],
  ['ledger.entry', 'index', { desk: 'all' }],
  ['ledger.node', 'index', { intake: 'all', desk: 'all', worker: 'all' }],
  ['ledger.hub_key', 'line', { intake: 'all', desk: 'all', worker: 'all' }],
  ['ledger.checkpoint', 'size', { intake: 'all', desk: 'all', worker: 'all' }],
  ['release.publication', ofRegion, { intake: regional, reader: regional, desk: regional, worker: 'all' }],
  ['release.figure', ofRegion, { intake: regional, reader: regional, desk: regional, worker: 'all' }],
  ['release.proof', ofRegion, { reader: regional }],
  ['release.publication_event', ofRegion, { reader: regional }],
  ['proof.certificate', 'publication_id', { worker: 'all' }],
  ['proof.gate_refusal', 'id', { worker: 'all' }],
  ['proof.prepared', 'round_id', { worker: 'all' }],
  ['remarks.note', ofAuthority, { reader: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]), desk: ofOwnAuthority }],
  [
    'remarks.commentary',
    ofAuthority,
    { reader: inRegion([HARTLEPOOL, MIDDLESBROUGH], [BIRMINGHAM]), desk: ofOwnAuthority },
  ],
  ['remarks.ending', ofRegion, { reader: regional }],
  ['platform.outbox', 'id', { worker: 'all' }],
  [
    'platform.access_log',
    'subject',
    {
      reader: {
        leadNorthEast: ['leadNorthEast'],
        leadWestMidlands: ['Hartlepool’s', 'leadWestMidlands', 'the North East’s'],
        ...Object.fromEntries(
          ['systemHartlepool', 'analystHartlepool', 'approverHartlepool'].map((who) => [
            who,
            ['Hartlepool’s', 'the North East’s'],
          ]),
        ),
        systemMiddlesbrough: ['the North East’s'],
      },
    },
  ],
];

describe('what each login sees, for each member', () => {
  test.each(sight)('%s', async (table, key, seen) => {
    const all = await column(clients.owner, `select distinct ${key} as key from ${table} t order by 1`);
    expect(all.length).toBeGreaterThan(0);
    for (const login of logins) {
      const expected = seen[login];
      if (!expected) {
        expect([
          login,
          await stateOf(as(login, 'leadNorthEast', (client) => client.query(`select from ${table}`))),
        ]).toEqual([login, FORBIDDEN]);
        continue;
      }
      for (const who of everybody) {
        const rows = await as(login, who, (client) =>
          column(client, `select distinct ${key} as key from ${table} t order by 1`),
        );
        expect([login, who, rows]).toEqual([login, who, expected === 'all' ? all : [...(expected[who] ?? [])].sort()]);
      }
    }
  });
});

describe('the text that says whether agreements about a region have changed', () => {
  const revisions = `select (select agreements.revisions_about(id) from registry.region where code = $1)`;
  const said = (who: Asker, code: string) => as('reader', who, (client) => column(client, revisions, [code]));

  test('is of those that the caller sees by row policies, and of no others', async () => {
    for (const who of everybody) {
      const seen = await as('reader', who, (client) =>
        column(client, 'select id from agreements.agreement order by 1'),
      );
      for (const code of regions) {
        const [text] = await said(who, code);
        expect([who, code, text]).toEqual([
          who,
          code,
          seen.includes(`agreement-${code}`) ? expect.stringMatching(new RegExp(`^agreement-${code} 1 \\d+$`)) : 'null',
        ]);
      }
    }
  });

  test('is for the reader alone, and is made by the database', async () => {
    for (const login of ['intake', 'desk', 'worker'] as const) {
      expect(await stateOf(as(login, 'leadNorthEast', (client) => client.query(revisions, [NORTH_EAST])))).toBe(FORBIDDEN); // prettier-ignore
    }
    for (const login of logins) {
      const bump = 'update agreements.revision set number = 0';
      expect(await stateOf(as(login, 'leadNorthEast', (client) => client.query(bump)))).toBe(FORBIDDEN);
    }
  });

  test.each([
    ['the agreement', `update agreements.agreement set state = 'suspended' where id = $1`],
    ['a party', `update agreements.party set status = status where agreement_id = $1`],
    ['its regions', `insert into agreements.scope select $1, 1, id from registry.region where code = 'E12000009'`],
    [
      'a later version, which takes its place',
      `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at)
       select id, 2, region_id, state, effective, document, digest, now(), now() from agreements.agreement where id = $1`,
    ],
  ])('is another one after a change of %s', async (_what, change) => {
    const { owner } = clients;
    await owner.query('begin');
    try {
      await owner.query(`select set_config('hub.member', $1, true)`, [ids.leadNorthEast]);
      const before = await column(owner, revisions, [NORTH_EAST]);
      const west = await column(owner, 'select number from agreements.revision where agreement_id = $1', [`agreement-${WEST_MIDLANDS}`]); // prettier-ignore
      await owner.query(change, [`agreement-${NORTH_EAST}`]);
      expect(await column(owner, revisions, [NORTH_EAST])).not.toEqual(before);
      expect(await column(owner, 'select number from agreements.revision where agreement_id = $1', [`agreement-${WEST_MIDLANDS}`])).toEqual(west); // prettier-ignore
    } finally {
      await owner.query('rollback');
    }
  });

  test('changes with the one above it too, where the caller sees that', async () => {
    const { owner } = clients;
    const child = JSON.stringify({ audience: [], parent: `agreement-${WEST_MIDLANDS}` });
    await owner.query('begin');
    try {
      await owner.query(
        `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at, concluded_at)
         select 'child', 1, region_id, state, effective, $2, sha256('child'), now(), now() from agreements.agreement where id = $1`,
        [`agreement-${NORTH_EAST}`, child],
      );
      await owner.query(`insert into agreements.scope select 'child', 1, id from registry.region where code = $1`, [
        NORTH_EAST,
      ]);
      const say = async () => {
        const texts: string[] = [];
        for (const who of ['leadNorthEast', 'leadWestMidlands'] as const) {
          await owner.query(`select set_config('hub.member', $1, true)`, [ids[who]]);
          texts.push(...(await column(owner, revisions, [NORTH_EAST])));
        }
        return texts;
      };
      await owner.query(`insert into agreements.scope select id, 1, region_id from agreements.agreement where id = $1 on conflict do nothing`, [`agreement-${WEST_MIDLANDS}`]); // prettier-ignore
      const [lead] = await say();
      expect(lead).toMatch(/child 1 \d+ under$/); // the one above is of another region
      await owner.query(`insert into agreements.scope select $1, 1, id from registry.region where code = $2`, [`agreement-${WEST_MIDLANDS}`, NORTH_EAST]); // prettier-ignore
      const [seen] = await say();
      expect(seen).toMatch(/child 1 \d+ under \d+ 1$/);
      await owner.query(`update agreements.party set status = status where agreement_id = $1`, [`agreement-${WEST_MIDLANDS}`]); // prettier-ignore
      const [after] = await say();
      expect(after).not.toBe(seen);
    } finally {
      await owner.query('rollback');
    }
  });
});

describe('the number of changes of agreements, and of who belongs where', () => {
  const number = async () => Number((await column(clients.owner, 'select number from agreements.change_count'))[0]);

  test.each([
    ['an agreement', `update agreements.agreement set state = 'suspended' where id = $1`],
    ['its parties', `update agreements.party set status = status where agreement_id = $1`],
    ['its regions', `delete from agreements.scope where agreement_id = $1`],
    ['roles', `delete from identity.member_role where $1 <> ''`],
    ['regions', `update registry.region set name = name where $1 <> ''`],
    ['authorities', `update registry.authority set valid = valid where $1 <> ''`],
    ['who is of a region', `update registry.region_authority set valid = valid where $1 <> ''`],
    ['who is of a board', `update registry.organisation_area set valid = valid where $1 <> ''`],
  ])('grows by one at the commit of a change of %s, however many rows it is of', async (_what, change) => {
    const { owner } = clients;
    const before = await number();
    await owner.query('begin');
    try {
      expect((await owner.query(change, [`agreement-${NORTH_EAST}`])).rowCount).toBeGreaterThan(0);
      expect(await number()).toBe(before);
      // What the commit does.
      await owner.query('set constraints all immediate');
      expect(await number()).toBe(before + 1);
    } finally {
      await owner.query('rollback');
    }
  });

  test('is nobody’s to write', async () => {
    for (const login of logins) {
      const bump = 'update agreements.change_count set number = 0';
      expect(await stateOf(as(login, 'leadNorthEast', (client) => client.query(bump)))).toBe(FORBIDDEN);
    }
  });
});

// ---------------------------------------------------------------------------------------------------------------------

/** One attempt to write: what is written, and how many rows for whom; who is not named is refused or meets no row. */
interface Attempt {
  readonly what: string;
  readonly login: Login;
  readonly table: string;
  readonly command: 'insert' | 'update' | 'delete';
  readonly sql: string;
  readonly values: () => unknown[];
  readonly may: readonly Asker[] | 'everybody';
  /** Who meets the row, and is then stopped by a trigger. */
  readonly stopped?: readonly Asker[];
}

const ownOf = (code: string): Person[] =>
  code === HARTLEPOOL
    ? ['systemHartlepool', 'analystHartlepool', 'approverHartlepool']
    : code === MIDDLESBROUGH
      ? ['systemMiddlesbrough']
      : ['systemBirmingham', 'approverBirmingham'];
const leadOf = (code: string): Person[] => (code === NORTH_EAST ? ['leadNorthEast'] : ['leadWestMidlands']);
const approverOf = (code: string): Person[] =>
  code === HARTLEPOOL ? ['approverHartlepool'] : code === BIRMINGHAM ? ['approverBirmingham'] : ['policeWestMidlands'];

const attempts: Attempt[] = [
  ...authorities.flatMap((code): Attempt[] => [
    {
      what: `a submission of ${code}`,
      login: 'intake',
      table: 'intake.submission',
      command: 'insert',
      sql: submission(3),
      values: () => [newId(), authority[code]],
      may: ownOf(code),
    },
    {
      what: `the state of a submission of ${code}`,
      login: 'intake',
      table: 'intake.submission',
      command: 'update',
      sql: `update intake.submission set state = 'superseded' where id = $1`,
      values: () => [submissions[code]],
      may: ownOf(code),
    },
    {
      what: `a cell of ${code}`,
      login: 'intake',
      table: 'intake.cell',
      command: 'insert',
      sql: cell,
      values: () => [bare[code], authority[code], series, 0, 5],
      may: ownOf(code),
    },
    {
      what: `a receipt of ${code}`,
      login: 'intake',
      table: 'intake.receipt',
      command: 'insert',
      sql: receipt,
      values: () => [bare[code], authority[code]],
      may: ownOf(code),
    },
    {
      what: `an envelope of ${code}`,
      login: 'intake',
      table: 'intake.raw',
      command: 'insert',
      sql: raw,
      values: () => [bare[code], authority[code]],
      may: ownOf(code),
    },
    {
      what: `a second signature on what waits of ${code}`,
      login: 'intake',
      table: 'intake.raw',
      command: 'update',
      sql: `update intake.raw set envelope = 'both' where submission_id = $1`,
      values: () => [waiting[code]],
      may: ownOf(code),
    },
    {
      what: `the wish of ${code} to erase`,
      login: 'intake',
      table: 'intake.erasure',
      command: 'insert',
      sql: erasure,
      values: () => [newId(), authority[code]],
      may: ownOf(code).filter((who) => who.startsWith('approver')),
    },
    {
      what: `the record of a purge of ${code}`,
      login: 'worker',
      table: 'intake.purge',
      command: 'insert',
      sql: purge,
      values: () => [newId(), bare[code], authority[code]],
      may: 'everybody',
    },
    {
      what: `which return of ${code} was published`,
      login: 'worker',
      table: 'intake.published_return',
      command: 'insert',
      sql: publishedReturn,
      values: () => [
        publications[regionOf[code] === NORTH_EAST ? WEST_MIDLANDS : NORTH_EAST],
        authority[code],
        submissions[code],
      ],
      may: 'everybody',
    },
    {
      what: `the own proof of ${code}`,
      login: 'worker',
      table: 'intake.own_proof',
      command: 'insert',
      sql: ownProof,
      values: () => [unproved[regionOf[code]!], authority[code]],
      may: 'everybody',
    },
    {
      what: `the own proof of ${code}, which goes`,
      login: 'worker',
      table: 'intake.own_proof',
      command: 'delete',
      sql: 'delete from intake.own_proof where authority_id = $1',
      values: () => [authority[code]],
      may: 'everybody',
    },
    {
      what: `an own count of ${code} that is held`,
      login: 'worker',
      table: 'intake.held_cell',
      command: 'insert',
      sql: heldCell,
      values: () => [rounds[regionOf[code] === NORTH_EAST ? WEST_MIDLANDS : NORTH_EAST], authority[code], series],
      may: 'everybody',
    },
    {
      what: `an own count of ${code} that was held`,
      login: 'worker',
      table: 'intake.held_cell',
      command: 'delete',
      sql: 'delete from intake.held_cell where authority_id = $1',
      values: () => [authority[code]],
      may: 'everybody',
    },
    {
      what: `an opening of ${code}`,
      login: 'worker',
      table: 'intake.opening',
      command: 'insert',
      sql: opening,
      values: () => [newId(), otherRelease, authority[code]],
      may: 'everybody',
    },
    {
      what: `that an opening of ${code} was told`,
      login: 'worker',
      table: 'intake.opening',
      command: 'update',
      sql: 'update intake.opening set told_at = now() where id = $1',
      values: () => [openings[code]],
      may: 'everybody',
    },
    {
      what: `an opening of ${code}, which goes`,
      login: 'worker',
      table: 'intake.opening',
      command: 'delete',
      sql: 'delete from intake.opening where id = $1',
      values: () => [openings[code]],
      may: 'everybody',
    },
    {
      what: `what is open of ${code}`,
      login: 'worker',
      table: 'intake.opened',
      command: 'insert',
      sql: opened,
      values: () => [openings[code], authority[code], otherSeries],
      may: 'everybody',
    },
    {
      what: `the end of an erasure of ${code}`,
      login: 'worker',
      table: 'intake.erasure',
      command: 'update',
      sql: 'update intake.erasure set done_at = now() where authority_id = $1',
      values: () => [authority[code]],
      may: 'everybody',
    },
    {
      what: `the findings of a return of ${code}, which go`,
      login: 'worker',
      table: 'intake.raw',
      command: 'update',
      sql: `update intake.raw set findings = '[]' where submission_id = $1`,
      values: () => [submissions[code]],
      may: 'everybody',
    },
    ...['intake.raw', 'intake.cell'].map((table): Attempt => ({
      what: `${table} of ${code}, which goes`,
      login: 'worker',
      table,
      command: 'delete',
      sql: `delete from ${table} where submission_id = $1`,
      values: () => [submissions[code]],
      may: 'everybody',
    })),
    {
      what: `the state of a return of ${code}, which goes`,
      login: 'worker',
      table: 'rounds.return_state',
      command: 'delete',
      sql: 'delete from rounds.return_state where authority_id = $1',
      values: () => [authority[code]],
      may: 'everybody',
    },
    {
      what: `the withdrawal of a return of ${code}`,
      login: 'intake',
      table: 'intake.withdrawal',
      command: 'insert',
      sql: withdrawal,
      values: () => [bare[code], authority[code]],
      may: approverOf(code).filter((one) => ownOf(code).includes(one)),
    },
    {
      what: `the state of a return of ${code}, which is withdrawn`,
      login: 'intake',
      table: 'rounds.return_state',
      command: 'delete',
      sql: 'delete from rounds.return_state where authority_id = $1',
      values: () => [authority[code]],
      may: approverOf(code).filter((one) => ownOf(code).includes(one)),
    },
    {
      what: `the mailbox of ${code}`,
      login: 'desk',
      table: 'rounds.contact',
      command: 'insert',
      sql: contact,
      values: () => [authority[code]],
      may: ownOf(code),
    },
    {
      what: `the mailbox of ${code}, which changes`,
      login: 'desk',
      table: 'rounds.contact',
      command: 'update',
      sql: 'update rounds.contact set set_by = identity.caller() where authority_id = $1',
      values: () => [authority[code]],
      may: ownOf(code),
    },
    {
      what: `the mailbox of ${code}, which goes`,
      login: 'desk',
      table: 'rounds.contact',
      command: 'delete',
      sql: 'delete from rounds.contact where authority_id = $1',
      values: () => [authority[code]],
      may: ownOf(code),
    },
    {
      what: `how a pattern of ${code} ended`,
      login: 'desk',
      table: 'remarks.ending',
      command: 'insert',
      sql: ending,
      values: () => [newId(), region[regionOf[code]!], series, authority[code]],
      // A chair for the areas of the board.
      may: [...leadOf(regionOf[code]!), ...(regionOf[code] === NORTH_EAST ? (['chairTees'] as const) : [])],
    },
    {
      what: `a comparability note of ${code}`,
      login: 'desk',
      table: 'remarks.note',
      command: 'insert',
      sql: note,
      values: () => [newId(), authority[code]],
      may: ownOf(code),
    },
    {
      what: `a commentary of ${code}`,
      login: 'desk',
      table: 'remarks.commentary',
      command: 'insert',
      sql: commentary,
      values: () => [newId(), authority[code], null],
      may: ownOf(code),
    },
    {
      what: `a commentary of ${code}’s region`,
      login: 'desk',
      table: 'remarks.commentary',
      command: 'insert',
      sql: commentary,
      values: () => [newId(), null, region[regionOf[code]!]],
      may: leadOf(regionOf[code]!),
    },
    {
      what: `a commentary of ${code}, which is taken back`,
      login: 'desk',
      table: 'remarks.commentary',
      command: 'update',
      sql: `update remarks.commentary set text = '', withdrawn_by = identity.caller(), withdrawn_at = now() where id = $1`,
      values: () => [said[code]],
      may: ownOf(code),
    },
    {
      what: `a comparability note of ${code}, which is taken back`,
      login: 'desk',
      table: 'remarks.note',
      command: 'update',
      sql: `update remarks.note set withdrawn = true, text = '', ended_by = identity.caller() where id = $1`,
      values: () => [notes[code]],
      may: ownOf(code),
    },
    {
      what: `a reminder of ${code}`,
      login: 'worker',
      table: 'rounds.notice',
      command: 'insert',
      sql: notice,
      values: () => [newId(), rounds[regionOf[code]!], region[regionOf[code]!], authority[code], 'afterDue'],
      may: 'everybody',
    },
    {
      what: `a reminder of ${code}, which is sent`,
      login: 'worker',
      table: 'rounds.notice',
      command: 'update',
      sql: 'update rounds.notice set sent_at = now() where authority_id = $1',
      values: () => [authority[code]],
      may: 'everybody',
    },
    {
      what: `an answer of ${code}`,
      login: 'intake',
      table: 'intake.answer',
      command: 'insert',
      sql: answer('second'),
      values: () => [submissions[code], authority[code], series],
      may: ownOf(code),
    },
    {
      what: `a comment of ${code}`,
      login: 'intake',
      table: 'intake.comment',
      command: 'insert',
      sql: comment('RF02'),
      values: () => [submissions[code], authority[code]],
      may: ownOf(code),
    },
    {
      what: `the confirmation of a return of ${code}`,
      login: 'intake',
      table: 'rounds.confirmation',
      command: 'insert',
      sql: confirmation(1),
      values: () => [rounds[regionOf[code]!], region[regionOf[code]!], authority[code]],
      may: approverOf(code).filter((one) => ownOf(code).includes(one)),
    },
    {
      what: `the first return state of ${code}`,
      login: 'intake',
      table: 'rounds.return_state',
      command: 'insert',
      sql: 'insert into rounds.return_state (round_id, region_id, authority_id, version, received_at) values ($1, $2, $3, 1, now())',
      values: () => [emptyRounds[regionOf[code]!], region[regionOf[code]!], authority[code]],
      may: ownOf(code),
    },
    {
      what: `a later return state of ${code}`,
      login: 'intake',
      table: 'rounds.return_state',
      command: 'update',
      sql: 'update rounds.return_state set version = version + 1 where authority_id = $1',
      values: () => [authority[code]],
      may: ownOf(code),
    },
  ]),
  ...regions.flatMap((code): Attempt[] => [
    {
      what: `an exception in a round of ${code}`,
      login: 'desk',
      table: 'rounds.late_exception',
      command: 'insert',
      sql: exception,
      values: () => [
        newId(),
        rounds[code],
        region[code],
        authority[authorities.find((one) => regionOf[one] === code)!],
      ],
      may: leadOf(code),
      // Nobody excuses the own authority, whatever else.
      stopped: ownOf(authorities.find((one) => regionOf[one] === code)!),
    },
    {
      what: `a round of ${code}`,
      login: 'desk',
      table: 'rounds.round',
      command: 'insert',
      sql: `insert into rounds.round (id, region_id, dataset, dataset_version, period, period_kind, period_from, period_until, opens, due, closes)
        values ($1, $2, 'walls', '1.0', '2023-FY', 'year', '2023-04-01', '2024-04-01', '2024-05-01', '2024-06-01', '2024-06-02')`,
      values: () => [newId(), region[code]],
      may: leadOf(code),
    },
    {
      what: `the early end of a round of ${code}`,
      login: 'desk',
      table: 'rounds.round',
      command: 'update',
      sql: 'update rounds.round set closed_early_at = now() where id = $1',
      values: () => [rounds[code]],
      may: leadOf(code),
    },
    {
      what: `an agreement of ${code}`,
      login: 'desk',
      table: 'agreements.agreement',
      command: 'insert',
      sql: `insert into agreements.agreement (id, version, region_id, state, effective, document, digest, changed_at) values ('new', 1, $1, 'draft', '[2025-01-01,)', '{}', sha256('{}'), now())`,
      values: () => [region[code]],
      may: leadOf(code),
    },
    {
      what: `a region of an agreement of ${code}`,
      login: 'desk',
      table: 'agreements.scope',
      command: 'insert',
      sql: `insert into agreements.scope (agreement_id, agreement_version, region_id) select $1, 1, id from registry.region where code = 'E12000009'`,
      values: () => [`agreement-${code}`],
      may: leadOf(code),
    },
    {
      what: `the state of an agreement of ${code}`,
      login: 'desk',
      table: 'agreements.agreement',
      command: 'update',
      sql: `update agreements.agreement set state = 'suspended' where id = $1`,
      values: () => [`agreement-${code}`],
      may: leadOf(code),
      // Those who sign conclude; the other steps are the leads'.
      stopped: approverOf(authorities.find((one) => regionOf[one] === code)!),
    },
    {
      what: `a party of an agreement of ${code}`,
      login: 'desk',
      table: 'agreements.party',
      command: 'insert',
      sql: `insert into agreements.party (agreement_id, agreement_version, region_id, authority_id, status)
        select $1, 1, $2, id, 'invited' from registry.authority where code = 'E06000003'`,
      values: () => [`agreement-${code}`, region[code]],
      may: leadOf(code),
    },
    {
      what: `the withdrawal of a party of an agreement of ${code}`,
      login: 'desk',
      table: 'agreements.party',
      command: 'update',
      sql: `update agreements.party set status = 'withdrawn', withdrawn_from = '2026-01-01', notice = '{}' where agreement_id = $1 and authority_id = $2`,
      values: () => [`agreement-${code}`, authority[authorities.find((one) => regionOf[one] === code)!]],
      may: approverOf(authorities.find((one) => regionOf[one] === code)!),
    },
    {
      what: `a round of ${code} that compiles`,
      login: 'worker',
      table: 'rounds.round',
      command: 'update',
      sql: `update rounds.round set state = 'compiling' where id = $1`,
      values: () => [rounds[code]],
      may: 'everybody',
    },
    {
      what: `a publication of ${code}`,
      login: 'worker',
      table: 'release.publication',
      command: 'insert',
      sql: `insert into release.publication (region_id, id, number, round_id, dataset, dataset_version, period, period_kind,
         period_from, period_until, edition, state, agreement_id, agreement_version, document, digest, published_at)
       values ($1, $2, 2, $3, 'walls', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01',
        'revised', 'superseded', $4, 1, '{}', sha256('{}'), now())`,
      values: () => [region[code], newId(), rounds[code], `agreement-${code}`],
      may: 'everybody',
    },
    {
      what: `the state of a publication of ${code}`,
      login: 'worker',
      table: 'release.publication',
      command: 'update',
      sql: `update release.publication set state = 'superseded' where id = $1`,
      values: () => [publications[code]],
      may: 'everybody',
    },
    {
      what: `the proof of a publication of ${code}`,
      login: 'worker',
      table: 'release.proof',
      command: 'insert',
      sql: proofOf,
      values: () => [unproved[code], region[code]],
      may: 'everybody',
    },
    {
      what: `the receipt of a publication of ${code}`,
      login: 'worker',
      table: 'release.publication_event',
      command: 'insert',
      sql: event('withdrawn'),
      values: () => [publications[code], region[code]],
      may: 'everybody',
    },
    {
      what: `a figure of ${code}`,
      login: 'worker',
      table: 'release.figure',
      command: 'insert',
      sql: `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
         values ($1, $2, '2024-04-01', '2025-04-01', $3, $4, 1, null)`,
      values: () => [region[code], series, authority[HARTLEPOOL], publications[code]],
      may: 'everybody',
    },
  ]),
  ...[HARTLEPOOL, BIRMINGHAM, 'agy-walls-police'].flatMap((code): Attempt[] => [
    {
      what: `a key of ${code}`,
      login: 'desk',
      table: 'identity.signing_key',
      command: 'insert',
      sql: `insert into identity.signing_key (kid, organisation, algorithm, jwk, thumbprint, registered_by, registered_at)
        values ('new', $1, 'ES256', '{}', 'new', identity.caller(), now())`,
      values: () => [code],
      may: approverOf(code),
    },
    {
      what: `the end of a key of ${code}`,
      login: 'desk',
      table: 'identity.signing_key',
      command: 'update',
      sql: `update identity.signing_key set revoked_at = now(), revoked_by = identity.caller(), reason = 'lost'
        where organisation = $1`,
      values: () => [code],
      may: approverOf(code),
    },
  ]),
  ...invitations.flatMap(([role, organisation, by]): Attempt[] => {
    const may: readonly Person[] =
      role === 'regional-lead'
        ? ['steward', 'leadNorthEast']
        : role === 'authority-approver'
          ? ['leadNorthEast', 'approverHartlepool']
          : [by];
    return [
      {
        what: `an invitation as ${role} of ${organisation}`,
        login: 'desk',
        table: 'identity.invitation',
        command: 'insert',
        sql: `insert into identity.invitation (id, role, organisation, name, valid, code_digest, invited_by, invited_at, expires_at)
          values ($1, $2, $3, 'X', '[2026-01-01,)', sha256('x'), identity.caller(), now(), now())`,
        values: () => [newId(), role, organisation],
        may,
      },
      {
        what: `an invitation as ${role} of ${organisation} taken back`,
        login: 'desk',
        table: 'identity.invitation',
        command: 'update',
        sql: `update identity.invitation set withdrawn_at = now(), withdrawn_by = identity.caller() where role = $1 and organisation = $2`,
        values: () => [role, organisation],
        may,
      },
    ];
  }),
  ...[HARTLEPOOL, BIRMINGHAM].flatMap((code): Attempt[] => [
    {
      what: `a system of ${code}`,
      login: 'desk',
      table: 'identity.system_account',
      command: 'insert',
      sql: `insert into identity.system_account (id, organisation, issuer, client, name, valid, registered_by, registered_at)
        values ($1, $2, 'https://issuer.test', 'new', 'X', '[2026-01-01,)', identity.caller(), now())`,
      values: () => [newId(), code],
      may: approverOf(code),
    },
    {
      what: `a system of ${code} taken back`,
      login: 'desk',
      table: 'identity.system_account',
      command: 'update',
      sql: `update identity.system_account set withdrawn_at = now(), withdrawn_by = identity.caller() where organisation = $1`,
      values: () => [code],
      may: approverOf(code),
    },
  ]),
  {
    what: 'a circle',
    login: 'desk',
    table: 'registry.circle',
    command: 'insert',
    sql: `insert into registry.circle (id, name, from_date, declared_by, declared_at) values ($1, 'B', '2026-01-01', identity.caller(), now())`,
    values: () => [newId()],
    may: ['steward'],
  },
  {
    what: 'an authority of a circle',
    login: 'desk',
    table: 'registry.circle_authority',
    command: 'insert',
    sql: 'insert into registry.circle_authority (circle_id, authority_id) values ($1, $2)',
    values: () => [circle, authority[BIRMINGHAM]],
    may: ['steward'],
  },
  ...(Object.keys(people) as Person[]).map((whose): Attempt => ({
    what: `the end of the role of ${whose}`,
    login: 'desk',
    table: 'identity.member_role',
    command: 'update',
    sql: `update identity.member_role set valid = daterange(lower(valid), lower(valid) + 1), ended_at = now(), ended_by = identity.caller()
      where member_id = $1`,
    values: () => [ids[whose]],
    may: (Object.keys(administered) as Person[]).filter((who) => administered[who]!.includes(whose)),
  })),
  ...(['intake', 'desk', 'worker'] as const).flatMap((login): Attempt[] => [
    {
      what: `an entry of the ledger (${login})`,
      login,
      table: 'ledger.entry',
      command: 'insert',
      sql: `insert into ledger.entry (index, leaf, at) values (1, 'leaf', now())`,
      values: () => [],
      may: 'everybody',
    },
    {
      what: `a node of the ledger (${login})`,
      login,
      table: 'ledger.node',
      command: 'insert',
      sql: `insert into ledger.node (level, index, hash) values (1, 0, sha256('node'))`,
      values: () => [],
      may: 'everybody',
    },
    {
      what: `a checkpoint of the ledger (${login})`,
      login,
      table: 'ledger.checkpoint',
      command: 'insert',
      sql: `insert into ledger.checkpoint (size, note, at) values (2, 'note', now())`,
      values: () => [],
      may: 'everybody',
    },
    {
      what: `work in the outbox (${login})`,
      login,
      table: 'platform.outbox',
      command: 'insert',
      sql: `insert into platform.outbox (id, type, subject, created_at, next_at) values ($1, 'round.compile', $1, now(), now())`,
      values: () => [newId()],
      may: 'everybody',
    },
  ]),
  ...logins.map((login): Attempt => ({
    what: `a line of the access log (${login})`,
    login,
    table: 'platform.access_log',
    command: 'insert',
    sql: `insert into platform.access_log (id, at, action, subject) values ($1, now(), 'submit', 'x')`,
    values: () => [newId()],
    may: 'everybody',
  })),
  {
    what: 'the end of work in the outbox',
    login: 'worker',
    table: 'platform.outbox',
    command: 'update',
    sql: 'update platform.outbox set done_at = now()',
    values: () => [],
    may: 'everybody',
  },
  {
    what: 'a certificate',
    login: 'worker',
    table: 'proof.certificate',
    command: 'insert',
    sql: `insert into proof.certificate (publication_id, problem, decision, at) values ($1, '{}', '{}', now())`,
    values: () => [publications[WEST_MIDLANDS]],
    may: 'everybody',
  },
  {
    what: 'a certificate, which goes',
    login: 'worker',
    table: 'proof.certificate',
    command: 'delete',
    sql: 'delete from proof.certificate where publication_id = $1',
    values: () => [publications[NORTH_EAST]],
    may: 'everybody',
  },
  {
    what: 'a national release',
    login: 'desk',
    table: 'registry.national_release',
    command: 'insert',
    sql: national,
    values: () => [newId()],
    may: ['steward'],
  },
  {
    what: 'that a national release is in the book',
    login: 'worker',
    table: 'registry.national_release',
    command: 'update',
    sql: `update registry.national_release set state = 'loaded' where id = $1`,
    values: () => [release],
    may: 'everybody',
  },
  {
    what: 'a table that is held',
    login: 'worker',
    table: 'rounds.held_table',
    command: 'insert',
    sql: heldTable('RF02'),
    values: () => [rounds[WEST_MIDLANDS], region[WEST_MIDLANDS]],
    may: 'everybody',
  },
  {
    what: 'a table that was held',
    login: 'worker',
    table: 'rounds.held_table',
    command: 'delete',
    sql: 'delete from rounds.held_table where round_id = $1',
    values: () => [rounds[NORTH_EAST]],
    may: 'everybody',
  },
  {
    what: 'an edition that waits',
    login: 'worker',
    table: 'proof.prepared',
    command: 'insert',
    sql: prepared,
    values: () => [rounds[WEST_MIDLANDS], region[WEST_MIDLANDS]],
    may: 'everybody',
  },
  {
    what: 'an edition that waits, which goes',
    login: 'worker',
    table: 'proof.prepared',
    command: 'delete',
    sql: 'delete from proof.prepared where round_id = $1',
    values: () => [rounds[NORTH_EAST]],
    may: 'everybody',
  },
  {
    what: 'a refusal of the gate, which goes',
    login: 'worker',
    table: 'proof.gate_refusal',
    command: 'delete',
    sql: 'delete from proof.gate_refusal where round_id = $1',
    values: () => [rounds[NORTH_EAST]],
    may: 'everybody',
  },
  {
    what: 'a refusal of the gate',
    login: 'worker',
    table: 'proof.gate_refusal',
    command: 'insert',
    sql: `insert into proof.gate_refusal (id, round_id, code, detail, at) values ($1, $2, 'PUBLICATION_UNSAFE', '{}', now())`,
    values: () => [newId(), rounds[NORTH_EAST]],
    may: 'everybody',
  },
];

describe('what each login writes, for each member', () => {
  test.each(attempts.map((attempt) => [attempt.what, attempt] as const))(
    '%s',
    async (_what, { login, command, sql, values, may, stopped = [] }) => {
      for (const who of everybody) {
        const done = await as(login, who, (client) => client.query(sql, values())).then(
          ({ rowCount }) => rowCount,
          (error: { code: string }) => error.code,
        );
        const allowed = may === 'everybody' || may.includes(who);
        const refused = stopped.includes(who) ? '23514' : command === 'insert' ? FORBIDDEN : 0;
        expect([who, done]).toEqual([who, allowed ? 1 : refused]);
      }
    },
  );
});

test('every policy is tried above: a new one without a row here fails; those of the exchange in exchange.test.ts', async () => {
  const policies = await ask<{ policy: string }>(
    database.ownerUrl,
    `select schemaname || '.' || tablename || ' ' || substr(role, 5) || ' ' || lower(cmd) as policy
     from pg_policies, unnest(roles) role where role <> 'hub_owner' and schemaname <> 'exchange'`,
  );
  const tried = new Set([
    ...sight.flatMap(([table, , seen]) => Object.keys(seen).map((login) => `${table} ${login} select`)),
    ...attempts.map(({ table, login, command }) => `${table} ${login} ${command}`),
  ]);
  expect(policies.length).toBeGreaterThan(80);
  expect(policies.map(({ policy }) => policy).filter((policy) => !tried.has(policy))).toEqual([]);
  expect([...tried].filter((one) => !policies.some(({ policy }) => policy === one))).toEqual([]);
});

// ---------------------------------------------------------------------------------------------------------------------

/** Every table of these schemas, out of the catalogue. */
const tablesOf = (...schemas: string[]) =>
  column(
    clients.owner,
    `select c.oid::regclass::text from pg_class c where c.relkind in ('r', 'p') and c.relnamespace::regnamespace::text = any($1) order by 1`,
    [schemas],
  );

describe('raw figures and proofs are out of reach', () => {
  const commands = (table: string) => [
    `select from ${table}`,
    `select count(*) from ${table}`,
    `insert into ${table} default values`,
    `delete from ${table}`,
    `truncate ${table}`,
    `copy ${table} to stdout`,
  ];

  test.each([
    ['reader', ['intake', 'proof']],
    ['desk', ['intake', 'proof']],
    ['intake', ['proof']],
  ] as const)('for hub_%s: every table of %j answers 42501', async (login, schemas) => {
    const tables = await tablesOf(...schemas);
    expect(tables.length).toBeGreaterThanOrEqual(2 * schemas.length);
    for (const table of tables) {
      for (const sql of commands(table)) {
        expect([sql, await stateOf(clients[login].query(sql))]).toEqual([sql, FORBIDDEN]);
      }
      const columns = await column(
        clients.owner,
        `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
        [table],
      );
      for (const name of columns) {
        const sql = `update ${table} set ${name} = null`;
        expect([sql, await stateOf(clients[login].query(sql))]).toEqual([sql, FORBIDDEN]);
      }
    }
  });

  test('for hub_reader also with the first wall down, and with the second: the schema, then the grants', async () => {
    const { owner, reader } = clients;
    const tables = await tablesOf('intake', 'proof');
    try {
      await owner.query('grant usage on schema intake, proof to hub_reader');
      for (const table of tables)
        expect([table, await stateOf(reader.query(`select from ${table}`))]).toEqual([table, FORBIDDEN]);
      await owner.query('grant select, update, delete on all tables in schema intake, proof to hub_reader');
      for (const table of tables) {
        expect([table, (await owner.query(`select from ${table}`)).rowCount]).not.toEqual([table, 0]);
        for (const who of ['systemHartlepool', 'leadNorthEast', 'nobody'] as const) {
          expect([table, await as('reader', who, (client) => column(client, `select 1 from ${table}`))]).toEqual([
            table,
            [],
          ]);
          expect((await as('reader', who, (client) => client.query(`delete from ${table}`))).rowCount).toBe(0);
        }
      }
    } finally {
      await owner.query('revoke all on all tables in schema intake, proof from hub_reader');
      await owner.query('revoke usage on schema intake, proof from hub_reader');
    }
    for (const table of tables) expect(await stateOf(reader.query(`select from ${table}`))).toBe(FORBIDDEN);
  });

  test('and no login becomes another, makes tables, or asks for somebody else’s reach', async () => {
    for (const login of logins) {
      for (const other of [
        'hub_owner',
        'postgres',
        ...logins.filter((one) => one !== login).map((one) => `hub_${one}`),
      ]) {
        expect([login, other, await stateOf(clients[login].query(`set role ${other}`))]).toEqual([
          login,
          other,
          FORBIDDEN,
        ]);
      }
      for (const sql of [
        'create schema mine',
        'create table public.mine (id int)',
        'create table release.mine (id int)',
        'alter table release.figure disable row level security',
        'select * from identity.reach(gen_random_uuid())',
        'select * from identity.administers(gen_random_uuid())',
      ]) {
        expect([login, sql, await stateOf(clients[login].query(sql))]).toEqual([login, sql, FORBIDDEN]);
      }
    }
  });

  test('a login with another login’s password, or none, is not let in', async () => {
    const { reader, worker } = database.urls;
    const url = new URL(worker);
    url.password = new URL(reader).password;
    for (const password of [new URL(reader).password, 'wrong', '']) {
      url.password = password;
      const client = new Client({ connectionString: url.toString(), password });
      expect(['28P01', '08P01', '28000', 'SASL']).toContain(
        await client.connect().then(
          () => 'let in',
          (error: { code?: string }) => error.code ?? 'SASL',
        ),
      );
      await client.end().catch(() => undefined);
    }
  });
});

describe('who is asking', () => {
  const figures = 'select 1 from release.figure';

  test('is forgotten at the end of the transaction, on the same connection', async () => {
    const { reader } = clients;
    const process = (await column(reader, 'select pg_backend_pid()'))[0];
    for (const end of ['commit', 'rollback']) {
      await reader.query('begin');
      await reader.query(`select set_config('hub.member', $1, true)`, [ids.leadNorthEast]);
      expect(await column(reader, figures)).toHaveLength(1);
      await reader.query(end);
      expect(await column(reader, figures)).toEqual([]);
      expect(await column(reader, `select current_setting('hub.member', true)`)).toEqual(['']);
    }
    expect(await column(reader, 'select pg_backend_pid()')).toEqual([process]);
  });

  test('is nobody on a new connection, where nothing was ever set', async () => {
    for (const table of [
      'release.figure',
      'release.publication',
      'rounds.round',
      'agreements.agreement',
      'platform.access_log',
    ]) {
      expect([table, await ask(database.urls.reader, `select 1 from ${table}`)]).toEqual([table, []]);
    }
  });

  test('cannot be said so that it means somebody else', async () => {
    for (const text of ['*', 'null', "' or true --", `${ids.leadNorthEast} `]) {
      const { reader } = clients;
      await reader.query('begin');
      await reader.query(`select set_config('hub.member', $1, true)`, [text]);
      const rows = await column(reader, figures).catch((error: { code: string }) => error.code);
      await reader.query('rollback');
      expect([text, rows]).toEqual([text, '22P02']);
    }
  });

  test('is out at the next statement when the last role has ended, and in again when it is given back', async () => {
    const { owner, reader } = clients;
    const valid = (range: string) =>
      owner.query(`update identity.member_role set valid = ${range} where member_id = $1`, [ids.leadWestMidlands]);
    await reader.query('begin');
    try {
      await reader.query(`select set_config('hub.member', $1, true)`, [ids.leadWestMidlands]);
      expect(await column(reader, figures)).toHaveLength(1);
      await valid(`daterange('2020-01-01', ${today})`);
      expect(await column(reader, figures)).toEqual([]);
      await valid(`daterange('2020-01-01', ${today} + 1)`);
      expect(await column(reader, figures)).toHaveLength(1);
      await valid(`daterange(${today} + 1, null)`);
      expect(await column(reader, figures)).toEqual([]);
    } finally {
      await valid(`daterange('2019-04-01', null)`);
      await reader.query('rollback');
    }
  });

  test('loses a region with the authority that leaves it', async () => {
    const { owner } = clients;
    const leaves = (until: string) =>
      owner.query(
        `update registry.region_authority set valid = daterange(lower(valid), ${until}) where authority_id = $1 and region_id = $2`,
        [authority[BIRMINGHAM], region[WEST_MIDLANDS]],
      );
    const seen = () => as('reader', 'systemBirmingham', (client) => column(client, figures));
    expect(await seen()).toHaveLength(1);
    await leaves(today);
    try {
      expect(await seen()).toEqual([]);
    } finally {
      await leaves('null');
    }
    expect(await seen()).toHaveLength(1);
  });

  test('is found by issuer and subject together, with the roles of today alone', async () => {
    const find = (issuer: string, subject: string) =>
      ask<{
        id: string;
        role: string | null;
        organisation: string | null;
        authority: string | null;
        region: string | null;
        boards: string[] | null;
      }>(database.urls.reader, 'select * from identity.find_member($1, $2) order by authority', [issuer, subject]);
    const issuer = 'https://issuer.test';
    expect(await find('https://other.test', 'leadNorthEast')).toEqual([]);
    expect(await find(issuer, 'leadnortheast')).toEqual([]);
    expect(await find(issuer, 'chairTees')).toEqual(
      [HARTLEPOOL, MIDDLESBROUGH].map((code) => ({
        id: ids.chairTees,
        role: 'board-chair',
        organisation: 'brd-walls-tees',
        authority: code,
        region: NORTH_EAST,
        boards: ['brd-walls-tees'],
      })),
    );
    for (const who of ['formerLead', 'comingLead', 'roleless'] as const) {
      expect(await find(issuer, who)).toEqual([
        { id: ids[who], role: null, organisation: null, authority: null, region: null, boards: null },
      ]);
    }
    expect(await find(issuer, 'steward')).toMatchObject([
      { role: 'steward', organisation: 'hub', authority: null, region: null },
    ]);
  });
});

describe('what is written stays as it was', () => {
  test('hub_intake may change the state of a submission, what a sign-off adds to one that waits, and no other column', async () => {
    const columns = await column(
      clients.owner,
      `select attname from pg_attribute where attrelid = 'intake.submission'::regclass and attnum > 0 and not attisdropped`,
    );
    expect(columns.length).toBeGreaterThan(14);
    for (const name of columns) {
      const state = await as('intake', 'systemHartlepool', (client) =>
        stateOf(client.query(`update intake.submission set ${name} = ${name}`)),
      );
      const signedOff = ['kids', 'envelope_digest', 'signed_off_by', 'signed_off_at'].includes(name);
      expect([name, state]).toEqual([name, name === 'state' ? 'none' : signedOff ? CHECK : FORBIDDEN]);
    }
    // A sign-off adds: what waits is accepted with it, and no signature goes.
    const signOff = `update intake.submission set state = 'accepted', signed_off_by = gen_random_uuid(), signed_off_at = now(), kids =`;
    const of = `where id = '${waiting[HARTLEPOOL]}'`;
    for (const [sql, expected] of [
      [`${signOff} '{key,other}' ${of}`, '23505'],
      [`${signOff} '{other}' ${of}`, CHECK],
      [`update intake.submission set kids = '{key,other}' ${of}`, CHECK],
    ] as const) {
      const state = await as('intake', 'systemHartlepool', (client) => stateOf(client.query(sql)));
      // Another version is in use; that is superseded first.
      expect([sql, state]).toEqual([sql, expected]);
    }
    // Of all its envelopes the one that waits.
    for (const set of [`findings = '[]'`, `envelope = ''`]) {
      const { rowCount } = await as('intake', 'systemHartlepool', (client) =>
        client.query(`update intake.raw set ${set}`),
      );
      expect([set, rowCount]).toEqual([set, 1]);
    }
    for (const sql of [
      'delete from intake.submission',
      'update intake.cell set value = 1',
      'delete from intake.cell',
      'delete from intake.raw',
      `update intake.raw set salt = ''`,
      `update intake.erasure set done_at = now()`,
      'delete from intake.erasure',
      'delete from intake.purge',
      'truncate intake.cell',
    ]) {
      expect([sql, await as('intake', 'systemHartlepool', (client) => stateOf(client.query(sql)))]).toEqual([
        sql,
        FORBIDDEN,
      ]);
    }
  });

  test('a cell has a series and a submission of its authority, also for the owner, and neither goes from under it', async () => {
    const one = `(select id from intake.submission where authority_id = ${authority[HARTLEPOOL]} and state = 'accepted')`;
    const free =
      '(select min(id) from registry.series s where not exists (select from intake.cell c where c.series_id = s.id))';
    const insert = (...rows: string[]) =>
      `insert into intake.cell (submission_id, authority_id, series_id, kind, value) values ${rows.join(', ')}`;
    const good = `(${one}, ${authority[HARTLEPOOL]}, ${free}, 0, 7)`;
    const { owner } = clients;
    for (const [sql, expected] of [
      [insert(good), 'none'],
      [insert(good, `(${one}, ${authority[HARTLEPOOL]}, 2000000, 0, 7)`), '23503'],
      [insert(good, `(gen_random_uuid(), ${authority[HARTLEPOOL]}, ${free}, 0, 7)`), '23503'],
      [insert(`(${one}, ${authority[MIDDLESBROUGH]}, ${free}, 0, 7)`), '23503'],
      [`update intake.cell set series_id = 2000000`, '23503'],
      [`update intake.submission set id = gen_random_uuid() where id = ${one}`, '23503'],
      [`delete from intake.submission where id = ${one}`, '23503'],
      ['truncate intake.submission cascade', '23503'],
      ['delete from registry.series', 'P0001'],
    ] as const) {
      await owner.query('begin');
      const state = await stateOf(owner.query(sql));
      await owner.query('rollback');
      expect([sql, state]).toEqual([sql, expected]);
    }
  });

  test('hub_worker may change the state of a publication and no other column, and no figure', async () => {
    const columns = await column(
      clients.owner,
      `select attname from pg_attribute where attrelid = 'release.publication'::regclass and attnum > 0 and not attisdropped`,
    );
    for (const name of columns) {
      const state = await as('worker', 'nobody', (client) =>
        stateOf(client.query(`update release.publication set ${name} = ${name}`)),
      );
      // What is computed from the document nobody can write, whatever is granted.
      const refused = ['threshold', 'authorities'].includes(name) ? '428C9' : FORBIDDEN;
      expect([name, state]).toEqual([name, name === 'state' ? 'none' : refused]);
    }
    for (const sql of [
      'update release.figure set kind = kind',
      'delete from release.figure',
      'delete from release.publication',
    ]) {
      expect([sql, await as('worker', 'nobody', (client) => stateOf(client.query(sql)))]).toEqual([sql, FORBIDDEN]);
    }
  });

  test('the worker reads no envelope, no payload digest and no salt', async () => {
    for (const [table, names] of [
      ['intake.raw', ['envelope', 'payload_digest', 'salt', 'findings', '*']],
      ['intake.submission', ['jti', 'kids', 'received_by', '*']],
      ['intake.purge', ['receipt', '*']],
    ] as const) {
      for (const name of names) {
        const state = await as('worker', 'nobody', (client) => stateOf(client.query(`select ${name} from ${table}`)));
        expect([table, name, state]).toEqual([table, name, FORBIDDEN]);
      }
    }
  });

  test('the worker takes findings away and writes none', async () => {
    const put = (findings: string) =>
      as('worker', 'nobody', (client) => stateOf(client.query(`update intake.raw set findings = '${findings}'`)));
    expect(await put('[]')).toBe('none');
    expect(await put('[{}]')).toBe(FORBIDDEN);
    expect(await put('null')).toBe(FORBIDDEN);
  });

  test('the planner keeps no samples of raw figures, nor of what was computed from them', async () => {
    await clients.owner.query('analyze');
    const sampled = (
      await ask<{ name: string }>(
        asSuperuser(database.ownerUrl),
        `select schemaname || '.' || tablename || '.' || attname as name from pg_stats
         where schemaname in ('intake', 'proof')`,
      )
    ).map(({ name }) => name);
    expect(sampled).toContain('intake.cell.series_id');
    for (const name of [
      'intake.cell.value',
      'intake.raw.envelope',
      'intake.raw.salt',
      'intake.raw.payload_digest',
      'intake.raw.findings',
      'proof.certificate.problem',
      'proof.certificate.decision',
      'proof.gate_refusal.detail',
      'proof.prepared.document',
      'proof.prepared.own',
      'proof.prepared.held',
      'intake.held_cell.series_id',
      'intake.opened.least',
      'intake.opened.most',
    ])
      // prettier-ignore
      expect(sampled).not.toContain(name);
  });

  test.each(['ledger.entry', 'ledger.node', 'ledger.checkpoint', 'ledger.hub_key', 'registry.series'])(
    '%s is append-only, for its owner too',
    async (table) => {
      const [first] = await column(
        clients.owner,
        `select attname from pg_attribute where attrelid = $1::regclass and attnum = 2`,
        [table],
      );
      for (const sql of [
        `update ${table} set ${first} = ${first}`,
        `update ${table} set ${first} = ${first} where false`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ]) {
        await clients.owner.query('begin');
        await expect(clients.owner.query(sql)).rejects.toThrow(/append-only/);
        await clients.owner.query('rollback');
        for (const login of logins)
          expect([login, sql, await stateOf(clients[login].query(sql))]).toEqual([login, sql, FORBIDDEN]);
      }
      expect((await clients.owner.query(`select from ${table}`)).rowCount).toBeGreaterThan(0);
    },
  );

  test('a hidden figure has no place for a number, nor a raw status', async () => {
    const figure = (kind: number, value: number | null) =>
      as('worker', 'nobody', (client) =>
        stateOf(
          client.query(
            `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
         values ($1, $2, '2024-04-01', '2025-04-01', $3, $4, $5, $6)`,
            [region[NORTH_EAST], series, authority[MIDDLESBROUGH], publications[NORTH_EAST], kind, value],
          ),
        ),
      );
    expect(await figure(0, 7)).toBe('none');
    expect(await figure(1, null)).toBe('none');
    for (const kind of [1, 2, 3, 4, 5])
      for (const value of [0, 3]) expect([kind, value, await figure(kind, value)]).toEqual([kind, value, CHECK]);
    expect(await figure(0, null)).toBe(CHECK);
    expect(await figure(0, -1)).toBe(CHECK);
    expect(await figure(6, null)).toBe(CHECK);
    const raw = (kind: number, value: number | null) =>
      as('intake', 'systemHartlepool', (client) =>
        stateOf(client.query(cell, [bare[HARTLEPOOL], authority[HARTLEPOOL], series, kind, value])),
      );
    expect(await raw(0, 3)).toBe('none');
    expect(await raw(2, 3)).toBe(CHECK);
    expect(await raw(0, null)).toBe(CHECK);
  });

  test('a cell or receipt cannot be slipped into another authority’s submission', async () => {
    const slipped = await as('intake', 'systemHartlepool', (client) =>
      stateOf(client.query(cell, [bare[MIDDLESBROUGH], authority[HARTLEPOOL], series, 0, 99])),
    );
    expect(slipped).toBe('23503');
    const receipted = await as('intake', 'systemHartlepool', (client) =>
      stateOf(client.query(receipt, [bare[MIDDLESBROUGH], authority[HARTLEPOOL]])),
    );
    expect(receipted).toBe('23503');
  });

  test('the state of a return and a figure lie in the region of their round and their publication', async () => {
    const elsewhere = [emptyRounds[NORTH_EAST], region[WEST_MIDLANDS], authority[HARTLEPOOL]];
    const state = await as('intake', 'systemHartlepool', (client) =>
      stateOf(
        client.query(
          'insert into rounds.return_state (round_id, region_id, authority_id, version, received_at) values ($1, $2, $3, 2, now())',
          elsewhere,
        ),
      ),
    );
    expect(state).toBe('23503');
    const figure = await as('worker', 'nobody', (client) =>
      stateOf(
        client.query(
          `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
           values ($1, $2, '2024-04-01', '2025-04-01', $3, $4, 0, 17)`,
          [region[WEST_MIDLANDS], series, authority[HARTLEPOOL], publications[NORTH_EAST]],
        ),
      ),
    );
    expect(figure).toBe('23503');
  });
});
