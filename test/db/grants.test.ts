import { freshDatabase, ask } from '../support/database';
import type { Database } from '@hub/platform';

/** Columns of a publication without its document. */
const headOfPublication =
  'agreement_id,agreement_version,authorities,dataset,dataset_version,digest,edition,id,number,period,period_from,period_kind,period_until,published_at,region_id,round_id,state,threshold';
/** They ask row policies themselves, in their own words: see walls.test.ts. */
const views = ['release.head', 'release.withdrawal'];

/**
 * The catalogue of grants and policies against the design's table of login roles, written out by hand. A new table
 * without a row here fails, and so does a grant that nobody wrote down.
 * s select, i insert, u update, d delete; in brackets the columns, where a grant is for columns alone.
 */
const expected: Record<string, Partial<Record<'hub_intake' | 'hub_reader' | 'hub_desk' | 'hub_worker', string>>> = {
  'registry.region': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.authority': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.region_authority': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.authority_link': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.authority_cover': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.population': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.organisation': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.organisation_area': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'registry.national_release': {
    hub_intake: 's(id,title)',
    hub_desk: 'siu(confirmed_at,confirmed_by,receipt,state,withdrawn_by)',
    hub_worker: 'su(refused_because,state)',
  },
  'registry.circle': { hub_desk: 'si', hub_worker: 's' },
  'registry.circle_authority': { hub_desk: 'si', hub_worker: 's' },
  'registry.series': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'identity.member': { hub_intake: 's', hub_reader: 's', hub_desk: 's', hub_worker: 's' },
  'identity.member_role': {
    hub_intake: 's',
    hub_reader: 's',
    hub_desk: 'su(ended_at,ended_by,valid)',
    hub_worker: 's',
  },
  // The code's digest is compared by the database alone.
  'identity.invitation': {
    hub_desk:
      's(accepted_at,accepted_by,expires_at,id,invited_at,invited_by,name,organisation,role,valid,withdrawn_at,withdrawn_by)iu(withdrawn_at,withdrawn_by)',
  },
  'identity.system_account': { hub_desk: 'siu(withdrawn_at,withdrawn_by)' },
  'identity.signing_key': {
    hub_intake: 's',
    hub_reader: 's',
    hub_desk: 'siu(approved_at,approved_by,reason,revoked_at,revoked_by,until)',
    hub_worker: 's',
  },
  'agreements.agreement': {
    hub_intake: 's',
    hub_reader: 's',
    hub_desk: 'siu(changed_at,concluded_at,ended_on,reason,state)',
    hub_worker: 's',
  },
  'agreements.party': {
    hub_intake: 's',
    hub_reader: 's',
    hub_desk: 'siu(kid,notice,signature,status,withdrawn_from)',
    hub_worker: 's',
  },
  'agreements.scope': { hub_intake: 's', hub_reader: 's', hub_desk: 'si', hub_worker: 's' },
  // Asked by functions of the database alone.
  'agreements.revision': {},
  'agreements.change_count': { hub_intake: 's(number)', hub_reader: 's(number)' },
  'rounds.round': { hub_intake: 's', hub_reader: 's', hub_desk: 'siu', hub_worker: 'su' },
  'rounds.return_state': { hub_intake: 'siud', hub_reader: 's', hub_desk: 's', hub_worker: 'sd' },
  'rounds.contact': { hub_desk: 'siud', hub_worker: 's' },
  'rounds.held_table': { hub_reader: 's', hub_worker: 's(region_id,round_id)id' },
  'rounds.notice': { hub_reader: 's', hub_worker: 'siu(sent_at)' },
  'rounds.confirmation': { hub_intake: 'si', hub_reader: 's', hub_desk: 's' },
  'rounds.late_exception': { hub_intake: 's', hub_reader: 's', hub_desk: 'si' },
  'intake.submission': {
    hub_intake: 'siu(envelope_digest,kids,signed_at,signed_off_at,signed_off_by,state)',
    hub_worker:
      's(agreement_id,agreement_version,authority_id,carried_by,dataset,dataset_version,envelope_digest,id,period,period_from,period_until,received_at,signed_off_at,state,version)u(state)',
  },
  'intake.raw': { hub_intake: 'siu(envelope,findings)', hub_worker: 's(authority_id,submission_id)u(findings)d' },
  'intake.answer': { hub_intake: 'si', hub_worker: 's' },
  'intake.comment': { hub_intake: 'si', hub_worker: 's' },
  'intake.cell': { hub_intake: 'si', hub_worker: 'sd' },
  'intake.receipt': { hub_intake: 'si' },
  'intake.withdrawal': { hub_intake: 'si' },
  'intake.erasure': { hub_intake: 'si', hub_worker: 'su(done_at)' },
  'intake.purge': { hub_intake: 's', hub_worker: 'i' },
  'intake.published_return': { hub_intake: 's', hub_worker: 'i' },
  'intake.held_cell': { hub_intake: 's', hub_worker: 's(authority_id,round_id)id' },
  // Made of the authority's own raw counts; the worker writes it and takes it away.
  'intake.opening': { hub_intake: 's', hub_worker: 's(authority_id,id,period,release_id,told_at)iu(told_at)d' },
  'intake.opened': { hub_intake: 's', hub_worker: 'i' },
  'intake.own_proof': { hub_intake: 's', hub_worker: 's(authority_id,proof,publication_id)id' },
  // What an entry says is not read again by any running process; its hash is.
  'ledger.entry': { hub_intake: 'i', hub_desk: 's(hash,index)i', hub_worker: 'i' },
  'ledger.node': { hub_intake: 'si', hub_desk: 'si', hub_worker: 'si' },
  'ledger.hub_key': { hub_intake: 's', hub_desk: 's', hub_worker: 's' },
  'ledger.checkpoint': { hub_intake: 'si', hub_desk: 'si', hub_worker: 'si' },
  // Without its document for those who have nothing to read there.
  'release.publication': {
    hub_intake: `s(${headOfPublication})`,
    hub_reader: 's',
    hub_desk: `s(${headOfPublication})u(state)`,
    hub_worker: 'siu(state)',
  },
  'release.head': { hub_reader: 's' },
  'release.withdrawal': { hub_reader: 's' },
  'release.proof': { hub_reader: 's', hub_worker: 'i' },
  'release.publication_event': {
    hub_reader: 's',
    hub_desk: 'i',
    hub_worker: 's(at,because,event,publication_id,region_id)i',
  },
  'release.figure': { hub_intake: 's', hub_reader: 's', hub_worker: 'si' },
  'proof.certificate': { hub_worker: 'sid' },
  'proof.gate_refusal': { hub_worker: 'sid' },
  'proof.prepared': { hub_worker: 'sid' },
  // The worker reads no text of it.
  'exchange.issue': {
    hub_desk:
      'siu(changed_at,impact,likelihood,network,next_review,question,recipients,reply_by,shared_on,source,state,text,theme,title,worded_by,wording)',
    hub_worker: 's(board,id,network,next_review,recipients,reply_by,shared_on,state,wording)',
  },
  'exchange.named': { hub_desk: 'siu(replied_at)d', hub_worker: 's(issue_id,organisation,replied_at)' },
  'exchange.evidence': { hub_desk: 'sid' },
  'exchange.meeting': { hub_desk: 'siu(digest,frozen_at,pack)' },
  'exchange.attendance': { hub_desk: 'si' },
  'exchange.item': {
    hub_desk: 'siu(state,wording)',
    hub_worker: 's(due,id,kind,state,to_organisation,wording)',
  },
  'exchange.contact': { hub_desk: 'siud', hub_worker: 's' },
  'exchange.notice': { hub_desk: 'i', hub_worker: 'siu(sent_at)' },
  'remarks.note': { hub_reader: 's', hub_desk: 'siu(ended_at,ended_by,period_until,text,until_date,withdrawn)' },
  'remarks.commentary': { hub_reader: 's', hub_desk: 'siu(figures,text,withdrawn_at,withdrawn_by)' },
  'remarks.ending': { hub_reader: 's', hub_desk: 'i' },
  'platform.opened': { hub_reader: 's' },
  'platform.outbox': { hub_intake: 'i', hub_desk: 'i', hub_worker: 'siu' },
  'platform.access_log': { hub_intake: 'i', hub_reader: 'si', hub_desk: 'i', hub_worker: 'i' },
};

const schemas =
  "('registry','identity','agreements','rounds','intake','proof','ledger','release','platform','exchange','remarks')";

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.stop());

async function actual() {
  const rows = await ask<{ table: string; role: string; privilege: string; columns: string[] | null }>(
    database.ownerUrl,
    `select n.nspname || '.' || c.relname as table, r.rolname as role, p.privilege,
       case when has_table_privilege(r.oid, c.oid, p.privilege) then null else (
         select array_agg(a.attname::text order by a.attname) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           and has_column_privilege(r.oid, c.oid, a.attnum, p.privilege)) end as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       cross join pg_roles r
       cross join (values ('select'), ('insert'), ('update'), ('delete'), ('truncate')) p(privilege)
     where n.nspname in ${schemas} and c.relkind in ('r', 'v')
       and r.rolname in ('hub_intake', 'hub_reader', 'hub_desk', 'hub_worker')
       and (has_table_privilege(r.oid, c.oid, p.privilege)
         or (p.privilege in ('select', 'insert', 'update') and has_any_column_privilege(r.oid, c.oid, p.privilege)))
     order by 1, 2, array_position(array['select','insert','update','delete','truncate'], p.privilege)`,
  );
  const grants: Record<string, Record<string, string>> = {};
  for (const { table, role, privilege, columns } of rows) {
    const own = (grants[table] ??= {});
    own[role] = `${own[role] ?? ''}${privilege[0]}${columns ? `(${columns.join(',')})` : ''}`;
  }
  return grants;
}

test('every table grants what the design says, and nothing else', async () => {
  const granted = Object.entries(expected).filter(([, byRole]) => Object.keys(byRole).length);
  expect(await actual()).toEqual(Object.fromEntries(granted));
});

test('a grant that nobody wrote down is seen', async () => {
  await ask(database.ownerUrl, 'grant select on intake.cell to hub_reader');
  try {
    expect((await actual())['intake.cell']).toMatchObject({ hub_reader: 's' });
  } finally {
    await ask(database.ownerUrl, 'revoke select on intake.cell from hub_reader');
  }
});

test('every table is behind row-level security, for its owner too', async () => {
  const rows = await ask(
    database.ownerUrl,
    `select n.nspname || '.' || c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ${schemas} and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)`,
  );
  expect(rows).toEqual([]);
});

test('every grant has a policy that names its role, and no policy names everybody', async () => {
  const policies = await ask<{ table: string; role: string; command: string; check: string }>(
    database.ownerUrl,
    `select schemaname || '.' || tablename as table, unnest(roles)::text as role, lower(left(cmd, 1)) as command,
       coalesce(qual, '') || coalesce(with_check, '') as check
     from pg_policies where schemaname in ${schemas}`,
  );
  expect(policies.filter(({ role }) => role === 'public')).toEqual([]);
  const covered = new Set(policies.map(({ table, role, command }) => `${table} ${role} ${command}`));
  const tables = Object.entries(await actual()).filter(([table]) => !views.includes(table));
  const wanted = tables.flatMap(([table, byRole]) =>
    Object.entries(byRole).flatMap(([role, letters]) =>
      [...letters.replace(/\([^)]*\)/g, '')].map((command) => `${table} ${role} ${command}`),
    ),
  );
  expect(wanted.filter((grant) => !covered.has(grant))).toEqual([]);
  const owners = policies.filter(({ role, command }) => role === 'hub_owner' && command === 'a');
  expect(owners.map(({ table }) => table).sort()).toEqual(
    Object.keys(expected)
      .filter((table) => !views.includes(table))
      .sort(),
  );
});

test('raw figures are open to their own authority alone, and the release to its region and by figure to whom it is shared with', async () => {
  const policies = await ask<{ table: string; policy: string; check: string }>(
    database.ownerUrl,
    `select schemaname || '.' || tablename as table, policyname as policy, coalesce(qual, with_check) as check
     from pg_policies where schemaname in ('intake', 'release') and not ('hub_owner' = any(roles)) and not ('hub_worker' = any(roles))`,
  );
  expect(policies.length).toBeGreaterThan(5);
  for (const { table, policy, check } of policies) {
    const asked =
      policy === 'not_withdrawn'
        ? 'withdrawn'
        : policy === 'shared' && table === 'release.figure'
          ? 'release.caller_reads()'
          : table.startsWith('intake.open')
            ? 'identity.caller_approves()'
            : table.startsWith('intake')
              ? 'identity.caller_authorities()'
              : policy === 'withdraw'
                ? 'identity.caller_led_regions()'
                : 'identity.caller_regions()';
    expect([table, policy, check]).toEqual([table, policy, expect.stringContaining(asked)]);
  }
});

test('no login is superuser, bypasses policies, or makes roles', async () => {
  const rows = await ask(
    database.ownerUrl,
    `select rolname from pg_roles where rolname like 'hub\\_%' and (rolsuper or rolbypassrls)`,
  );
  expect(rows).toEqual([]);
  const makers = await ask<{ rolname: string }>(
    database.ownerUrl,
    `select rolname from pg_roles where rolname like 'hub\\_%' and (rolcreaterole or rolcreatedb)`,
  );
  expect(makers).toEqual([{ rolname: 'hub_owner' }]);
});
