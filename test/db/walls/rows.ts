import type { Client } from 'pg';
import { newId } from '@hub/platform';
import {
  authorities,
  authority,
  bare,
  BIRMINGHAM,
  column,
  emptyRounds,
  gone,
  HARTLEPOOL,
  ids,
  invitations,
  MIDDLESBROUGH,
  NORTH_EAST,
  notes,
  openings,
  otherRelease,
  proposed,
  people,
  type Person,
  publications,
  region,
  regionOf,
  regions,
  release,
  rounds,
  said,
  submissions,
  unproved,
  waiting,
} from './people';

/** The rows that the owner lays in for two regions, and the statements that do it, which others try too. */
export let series: number, otherSeries: number;
export let circle: string;

export async function layRows(owner: Client): Promise<void> {
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
    // A third that was withdrawn, with all that the others have.
    gone[code] = newId();
    await owner.query(
      `insert into release.publication select region_id, $1, 10, round_id, dataset, dataset_version, period, period_kind,
         period_from, period_until, edition, 'withdrawn', agreement_id, agreement_version, '{"withdrawn":true}', digest, published_at
       from release.publication where id = $2`,
      [gone[code], publications[code]],
    );
    await owner.query(
      `insert into release.publication_event (publication_id, region_id, event, at, receipt, because, withdrawn_by)
       values ($1, $2, 'withdrawn', now(), 'r', 'figuresWrong', $3)`,
      [gone[code], region[code], ids[code === NORTH_EAST ? 'leadNorthEast' : 'leadWestMidlands']],
    );
    await owner.query(
      `insert into release.figure (region_id, series_id, period_from, period_until, authority_id, publication_id, kind, value)
         values ($1, $2, '2024-04-01', '2025-04-01', null, $3, 0, 77)`,
      [region[code], series, gone[code]],
    );
    await owner.query(`insert into release.proof (publication_id, region_id, proof) values ($1, $2, 'withdrawn')`, [
      gone[code],
      region[code],
    ]);
    await owner.query(
      `insert into proof.gate_refusal (id, round_id, code, detail, at) values ($1, $2, 'PUBLICATION_UNSAFE', '{}', now())`,
      [newId(), rounds[code]],
    );
    if (code === NORTH_EAST) await owner.query(prepared, [rounds[code], region[code]]);
    await owner.query(heldTable('RF01'), [rounds[code], region[code]]);
  }
  for (const [id, by] of [
    [release, ids.steward],
    [proposed, ids.leadNorthEast],
    [otherRelease, ids.steward],
  ])
    await owner.query(national.replace('identity.caller()', '$2'), [id, by]);
  await owner.query(
    `update registry.national_release set state = 'loading', confirmed_by = $2, confirmed_at = now(), receipt = 'receipt' where id = $1`,
    [otherRelease, ids.leadNorthEast],
  );
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
    for (const publication of [publications[home], unproved[home], gone[home]])
      await owner.query(publishedReturn, [publication, authority[code], submissions[code]]);
    await owner.query(ownProof, [publications[home], authority[code]]);
    await owner.query(
      `insert into intake.own_proof (publication_id, authority_id, proof) values ($1, $2, 'withdrawn')`,
      [gone[home], authority[code]],
    );
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
  await owner.query(`insert into platform.opened (server, at) values ('here', now())`);
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
export const submission = (version: number) =>
  `insert into intake.submission (id, authority_id, dataset, dataset_version, period, period_kind, period_from, period_until,
     version, state, agreement_id, agreement_version, jti, kids, envelope_digest, received_by, received_at)
   values ($1, $2, 'walls', '1.0', '2024-FY', 'year', '2024-04-01', '2025-04-01', ${version},
     '${version === 1 ? 'accepted' : version === 4 ? 'awaitingSignOff' : 'superseded'}', 'agreement', 1, 'jti-${version}', '{key}', sha256('bytes'),
     gen_random_uuid(), now())`;
export const raw = `insert into intake.raw (submission_id, authority_id, envelope, salt, payload_digest, findings)
   values ($1, $2, 'bytes', substr(sha256('salt'), 1, 16), sha256('payload'), '[1]')`;
export const answer = (rule: string) =>
  `insert into intake.answer (submission_id, authority_id, rule, series_id, answer, text) values ($1, $2, '${rule}', $3, 'confirmed', 'Yes.')`;
export const comment = (indicator: string) =>
  `insert into intake.comment (submission_id, authority_id, indicator, text) values ($1, $2, '${indicator}', 'Up.')`;
/** $1 its id, $2 its round, $3 the region, $4 its authority, $5 its kind. */
export const notice = `insert into rounds.notice (id, round_id, region_id, authority_id, kind, about, made_at)
  values ($1, $2, $3, $4, $5, '2025-07-31', now())`;
/** $1 its authority. */
export const contact = `insert into rounds.contact (authority_id, address, set_by, set_at)
  values ($1, 'a@b.example', coalesce(identity.caller(), gen_random_uuid()), now())
  on conflict (authority_id, mailbox) do update set set_by = excluded.set_by`;
/** $1 its round, $2 the region, $3 its authority. */
export const confirmation = (version: number) =>
  `insert into rounds.confirmation (round_id, region_id, authority_id, version, confirmed_by, confirmed_at)
   values ($1, $2, $3, ${version}, coalesce(identity.caller(), gen_random_uuid()), now())`;
/** $1 its id, $2 its authority; the plan is made of the id. */
export const erasure = `insert into intake.erasure (id, authority_id, plan, submissions, asked_by, asked_at)
   values ($1, $2, sha256($1::uuid::text::bytea), '{}', gen_random_uuid(), now())`;
/** $1 the publication, $2 its region. */
export const proofOf = `insert into release.proof (publication_id, region_id, proof) values ($1, $2, '{}')`;
export const event = (what: string) =>
  `insert into release.publication_event (publication_id, region_id, event, at, receipt) values ($1, $2, '${what}', now(), 'r')`;
/** $1 the publication, $2 its region. */
export const withdrawn = `insert into release.publication_event (publication_id, region_id, event, at, receipt, because, withdrawn_by)
  values ($1, $2, 'withdrawn', now(), 'r', 'figuresWrong', identity.caller())`;
/** $1 the publication, $2 an authority. */
export const ownProof = `insert into intake.own_proof (publication_id, authority_id, proof) values ($1, $2, '{}')`;
export const publishedReturn =
  'insert into intake.published_return (publication_id, authority_id, submission_id) values ($1, $2, $3)';
/** $1 its id, $2 the submission, $3 its authority. */
export const purge = `insert into intake.purge (id, submission_id, authority_id, what, agreement_id, agreement_version, clause, purged_at, receipt)
   values ($1, $2, $3, '{cells}', 'agreement', 1, '/retention/cellsYears', now(), 'receipt')`;
/** $1 its id; a steward has loaded it. */
export const national = `insert into registry.national_release
  (id, title, dataset, dataset_version, period, release, facts, loaded_by, asked_at, digest)
  values ($1, 'A release', 'safeguarding-annual', '1.0', '2023-FY', 'made-up', '{}', identity.caller(), now(),
    md5(($1::uuid)::text) || md5(($1::uuid)::text))`;
/** $1 its id. */
export const confirmed = `update registry.national_release
  set state = 'loading', confirmed_by = identity.caller(), confirmed_at = now(), receipt = 'receipt' where id = $1`;
/** $1 its id, $2 the release, $3 the authority. */
export const opening = `insert into intake.opening (id, release_id, authority_id, period, found_at) values ($1, $2, $3, '2023-FY', now())`;
export const opened =
  'insert into intake.opened (opening_id, authority_id, series_id, least, most) values ($1, $2, $3, 3, 3)';
/** $1 a round, $2 its region: it is to be held. */
export const prepared = `insert into proof.prepared (round_id, region_id, moment, held_because)
  values ($1, $2, now(), 'PUBLICATION_UNSAFE')`;
/** $1 its id, $2 the region, $3 the series, $4 the authority or null; told by the caller, or laid in. */
export const ending = `insert into remarks.ending
  (id, region_id, series_id, authority_id, rule, since, ended_as, reason, written_by, role, organisation, at)
  values ($1, $2, $3, $4, 'outside', '2025-Q1', 'none', 'Understood.', coalesce(identity.caller(), (select id from identity.member limit 1)),
    'regional-lead', 'E12000001', now())`;
/** $1 its id, $2 the authority; written by the caller, or laid in. */
export const note = `insert into remarks.note
  (id, authority_id, indicator, kind, period_from, from_date, text, written_by, written_at)
  values ($1, $2, 'RF01', 'break', '2024-Q1', '2024-04-01', 'Another system.', coalesce(identity.caller(), (select id from identity.member limit 1)), now())`;
/** $1 its id, $2 the authority or $3 the region; written by the caller, or laid in. */
export const commentary = `insert into remarks.commentary
  (id, authority_id, region_id, indicator, period, from_date, until_date, text, figures, written_by, written_at)
  values ($1, $2, $3, 'RF01', '2024-Q1', '2024-04-01', '2024-07-01', 'A new front door.', '[]',
    coalesce(identity.caller(), (select id from identity.member limit 1)), now())`;
/** $1 a round, $2 its region: a table of it could not be protected; and, $2 an authority, a count of its own. */
export const heldTable = (indicator: string) =>
  `insert into rounds.held_table (round_id, region_id, indicator, dimension) values ($1, $2, '${indicator}', '')`;
export const heldCell = 'insert into intake.held_cell (round_id, authority_id, series_id) values ($1, $2, $3)';
export const cell =
  'insert into intake.cell (submission_id, authority_id, series_id, kind, value) values ($1, $2, $3, $4, $5)';
export const exception = `insert into rounds.late_exception
  (id, round_id, region_id, authority_id, until, reason, granted_by, granted_at)
  values ($1, $2, $3, $4, '2025-08-05', 'late', coalesce(identity.caller(), gen_random_uuid()), now())`;
export const withdrawal = `insert into intake.withdrawal (submission_id, authority_id, reason, withdrawn_by, withdrawn_at)
  values ($1, $2, 'wrong', gen_random_uuid(), now())`;
export const receipt = `insert into intake.receipt (submission_id, authority_id, receipt) values ($1, $2, 'receipt')`;
