import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from '@hub/platform';

/**
 * What boards do together. Who sees what is found by the database itself, as ../domain/cover.ts and ../domain/sight.ts say it,
 * for the one organisation for which the caller acts in a transaction (`hub.acting`): a setting that names one of which they
 * hold no role today stands for nobody. Texts that were withdrawn are gone; that they were is in the access log.
 */
export class Exchange1795500000600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema exchange;
      grant usage on schema exchange to hub_desk, hub_worker;

      create table exchange.issue (
        id uuid primary key,
        -- the region in which the board lies
        region_id int not null references registry.region (id),
        board text not null references registry.organisation (code),
        author uuid not null references identity.member (id),
        state text not null check (state in ('draft', 'ownBoard', 'reply', 'shared', 'network', 'accepted', 'inProgress',
          'watching', 'resolved', 'notTakenUp')),
        theme text not null,
        title text not null,
        text text not null,
        -- no figure without its question
        question text not null,
        source text not null check (source in ('pattern', 'figure', 'survey', 'audit', 'review', 'chair')),
        likelihood smallint not null check (likelihood between 1 and 5),
        impact smallint not null check (impact between 1 and 5),
        next_review date,
        reply_by date,
        shared_on date,
        recipients text[] not null default '{}',
        network boolean not null default false,
        wording text not null check (wording in ('shown', 'awaiting', 'withdrawn')),
        worded_by uuid not null references identity.member (id),
        created_at timestamptz not null,
        changed_at timestamptz not null
      );
      create index issue_board on exchange.issue (board, id);
      create table exchange.named (
        issue_id uuid not null references exchange.issue (id),
        -- an authority or an agency
        organisation text not null,
        leads boolean not null,
        replied_at timestamptz,
        primary key (issue_id, organisation)
      );
      create index named_organisation on exchange.named (organisation);
      create table exchange.evidence (
        issue_id uuid not null references exchange.issue (id),
        place smallint not null,
        region_id int not null,
        publication_id uuid not null,
        -- of the document as its author saw it
        digest bytea not null check (length(digest) = 32),
        series_id int not null references registry.series (id),
        -- null: the region
        authority text,
        primary key (issue_id, place),
        foreign key (publication_id, region_id) references release.publication (id, region_id)
      );
      create table exchange.meeting (
        id uuid primary key,
        region_id int not null references registry.region (id),
        board text not null references registry.organisation (code),
        -- those that were called, the convening one too
        boards text[] not null check (board = any(boards)),
        on_date date not null,
        title text not null,
        created_by uuid not null references identity.member (id),
        created_at timestamptz not null,
        -- RFC 8785
        pack text,
        digest bytea check (length(digest) = 32),
        frozen_at timestamptz,
        check ((pack is null) = (digest is null) and (pack is null) = (frozen_at is null))
      );
      create table exchange.attendance (
        meeting_id uuid not null references exchange.meeting (id),
        member_id uuid not null references identity.member (id),
        board text not null,
        primary key (meeting_id, member_id, board)
      );
      create table exchange.item (
        id uuid primary key,
        issue_id uuid references exchange.issue (id),
        meeting_id uuid references exchange.meeting (id),
        about_id uuid references exchange.item (id),
        kind text not null check (kind in ('reply', 'challenge', 'action', 'decision', 'note', 'answer', 'verdict', 'progress',
          'step')),
        by_organisation text not null,
        author uuid not null references identity.member (id),
        to_organisation text,
        -- of an action: the role that answers for it
        owner_role text,
        text text not null,
        -- what it did for children, and how that is known
        impact text,
        state text check (state in ('asked', 'answered', 'satisfied', 'notSatisfied', 'notStarted', 'onTrack', 'slipped', 'done')),
        due date,
        wording text not null check (wording in ('shown', 'awaiting', 'withdrawn')),
        at timestamptz not null,
        check (issue_id is not null or meeting_id is not null),
        check ((kind in ('challenge', 'action')) = (state is not null))
      );
      create index item_issue on exchange.item (issue_id, id);
      create index item_to on exchange.item (to_organisation, id);
      create index item_by on exchange.item (by_organisation, id);
      create index item_meeting on exchange.item (meeting_id, id) where meeting_id is not null;
      create table exchange.contact (
        organisation text primary key,
        address text not null,
        set_by uuid not null references identity.member (id),
        set_at timestamptz not null
      );
      create table exchange.notice (
        id uuid primary key,
        organisation text not null,
        kind text not null check (kind in ('reply', 'shared', 'challenge', 'action', 'overdue')),
        -- the issue or the item that it is about
        subject_id uuid not null,
        made_at timestamptz not null,
        sent_at timestamptz
      );
      ${behindRowSecurity(
        ...['issue', 'named', 'evidence', 'meeting', 'attendance', 'item', 'contact', 'notice'].map(
          (table) => `exchange.${table}`,
        ),
      )}

      -- The roles that the caller holds today for the organisation for which they act.
      create function exchange.acting_roles() returns setof text
        language sql stable security definer set search_path = pg_catalog as $$
          select r.role from identity.member_role r
          where r.member_id = identity.caller() and r.organisation = nullif(current_setting('hub.acting', true), '')
            and r.valid @> identity.today()
            and r.role in ('board-chair', 'agency-partner', 'authority-approver', 'elected-member', 'scrutineer')
        $$;
      create function exchange.acting() returns text
        language sql stable security definer set search_path = pg_catalog as $$
          select current_setting('hub.acting', true) where exists (select from exchange.acting_roles())
        $$;
      create function exchange.is_chair() returns boolean
        language sql stable security definer set search_path = pg_catalog as $$
          select 'board-chair' in (select exchange.acting_roles())
        $$;

      -- Every board with its areas of today.
      create function exchange.boards() returns table (board text, areas text[])
        language sql stable security definer set search_path = pg_catalog as $$
          select o.organisation, array_agg(a.code) from registry.organisation_area o
            join registry.authority a on a.id = o.authority_id
          where o.organisation like 'brd-%' and o.valid @> identity.today() group by o.organisation
        $$;
      -- The board for which the caller acts, or those over the area of their authority.
      create function exchange.acting_boards() returns setof text
        language sql stable security definer set search_path = pg_catalog as $$
          select b.board from exchange.boards() b, exchange.acting() me where b.board = me or me = any(b.areas)
        $$;
      -- Agreements that admit the organisation for which the caller acts, each with the parties that share under it today.
      create function exchange.acting_covers() returns table (parties text[])
        language sql stable security definer set search_path = pg_catalog as $$
          with place as (
            select exchange.acting() as of
            union
            select exchange.acting_boards()
            union
            select g.code from exchange.acting() me
              join registry.authority a on a.code = me or a.id in (select o.authority_id from registry.organisation_area o
                where o.organisation = me and o.valid @> identity.today())
              join registry.region_authority ra on ra.authority_id = a.id and ra.valid @> identity.today()
              join registry.region g on g.id = ra.region_id
          )
          select distinct r.parties from agreements.caller_reads() r
            join agreements.agreement a on a.id = r.id and a.version = r.version
            cross join lateral jsonb_array_elements(a.document::jsonb -> 'audience') entry
          where entry ->> 'of' in (select of from place)
            and entry -> 'roles' ?| (select array_agg(role) from exchange.acting_roles() role)
        $$;
      -- Boards that one agreement covers whole, together with one of the caller's.
      create function exchange.acting_sees() returns setof text
        language sql stable security definer set search_path = pg_catalog as $$
          with own as materialized (
            select b.areas from exchange.boards() b where b.board in (select exchange.acting_boards())
          ), cover as materialized (
            select c.parties from exchange.acting_covers() c where exists (select from own where own.areas <@ c.parties)
          )
          select b.board from exchange.boards() b where exists (select from cover where b.areas <@ cover.parties)
        $$;

      -- The issues that there are for the caller, and how they come to see each.
      create function exchange.caller_issues() returns table (id uuid, sight text)
        language sql stable security definer set search_path = pg_catalog as $$
          with me as materialized (select exchange.acting() as code, exchange.is_chair() as chairs,
              array(select exchange.acting_roles()) as roles),
            sees as materialized (select exchange.acting_sees() as board),
            mine as materialized (select array(select exchange.acting_boards()) as boards)
          select distinct on (seen.id) seen.id, seen.sight from (
            select i.id, 'own' as sight, 1 as rank from exchange.issue i, me
              where i.board = me.code and me.chairs and i.wording <> 'withdrawn'
                and (i.state <> 'draft' or i.author = identity.caller())
            union all
            select i.id, 'shared', 2 from exchange.issue i, me, mine
              where i.shared_on is not null and i.wording = 'shown' and (i.board <> me.code or not me.chairs)
                and me.roles && '{board-chair,elected-member,scrutineer}'
                and i.board in (select board from sees)
                and (i.network or i.board = any(mine.boards) or i.recipients && mine.boards)
            union all
            select i.id, 'named', 3 from exchange.named n join exchange.issue i on i.id = n.issue_id, me
              where n.organisation = me.code and i.reply_by is not null and i.wording = 'shown'
                and me.roles && '{authority-approver,agency-partner}'
          ) seen order by seen.id, seen.rank
        $$;
      -- Those whom an issue names, as far as the caller may know: all of them in the end, before that the caller and those who
      -- have answered.
      create function exchange.caller_names() returns table (issue_id uuid, organisation text)
        language sql stable security definer set search_path = pg_catalog as $$
          select n.issue_id, n.organisation from exchange.caller_issues() c
            join exchange.issue i on i.id = c.id join exchange.named n on n.issue_id = c.id
          where c.sight <> 'named' or i.reply_by < identity.today() or n.replied_at is not null
            or n.organisation = exchange.acting()
        $$;
      -- Meetings to which the board of the caller was called, and those where they were for it.
      create function exchange.caller_meetings() returns setof uuid
        language sql stable security definer set search_path = pg_catalog as $$
          select m.id from exchange.meeting m where exchange.is_chair() and exchange.acting() = any(m.boards)
        $$;
      create function exchange.attended() returns setof uuid
        language sql stable security definer set search_path = pg_catalog as $$
          select a.meeting_id from exchange.attendance a
          where a.member_id = identity.caller() and a.board = exchange.acting()
        $$;
      create function exchange.addressed() returns setof uuid
        language sql stable security definer set search_path = pg_catalog as $$
          select i.id from exchange.item i where i.to_organisation = exchange.acting() and i.wording = 'shown'
        $$;
      -- Takes words back for good: an item of the caller's organisation with what hangs on it, or everything about an issue of
      -- their board.
      create function exchange.take_back(of_item uuid, of_issue uuid) returns void
        language sql volatile security definer set search_path = pg_catalog as $$
          update exchange.item i set wording = 'withdrawn', text = '', impact = null
          where (of_item in (i.id, i.about_id) and exists (select from exchange.item own
              where own.id = of_item and own.by_organisation = exchange.acting()))
            or (i.issue_id = of_issue and exists (select from exchange.issue s
              where s.id = of_issue and s.board = exchange.acting() and exchange.is_chair()))
        $$;
      revoke all on all functions in schema exchange from public;
      grant execute on function exchange.acting(), exchange.acting_roles(), exchange.is_chair(), exchange.caller_issues(),
        exchange.caller_names(), exchange.caller_meetings(), exchange.attended(), exchange.addressed(),
        exchange.take_back(uuid, uuid) to hub_desk;

      grant select, insert on exchange.issue, exchange.evidence, exchange.named, exchange.item, exchange.meeting,
        exchange.attendance to hub_desk;
      grant update (state, theme, title, text, question, source, likelihood, impact, next_review, reply_by, shared_on,
        recipients, network, wording, worded_by, changed_at) on exchange.issue to hub_desk;
      create policy seen on exchange.issue for select to hub_desk
        using (id in (select id from exchange.caller_issues()));
      create policy raise on exchange.issue for insert to hub_desk
        with check (board = (select exchange.acting()) and (select exchange.is_chair()) and author = (select identity.caller())
          and state = 'draft' and region_id in (select identity.caller_regions()));
      create policy settle on exchange.issue for update to hub_desk
        using (id in (select id from exchange.caller_issues() where sight = 'own'))
        with check (board = (select exchange.acting()));

      -- While nobody else has read it the board may name others and other figures.
      grant delete on exchange.named, exchange.evidence to hub_desk;
      grant update (replied_at) on exchange.named to hub_desk;
      create policy seen on exchange.named for select to hub_desk
        using ((issue_id, organisation) in (select issue_id, organisation from exchange.caller_names()));
      create policy answer on exchange.named for update to hub_desk
        using (organisation = (select exchange.acting()) and issue_id in (select id from exchange.caller_issues()))
        with check (organisation = (select exchange.acting()));
      create policy seen on exchange.evidence for select to hub_desk
        using (issue_id in (select id from exchange.caller_issues() where sight <> 'named')
          or (issue_id in (select id from exchange.caller_issues())
            and (authority is null or (issue_id, authority) in (select issue_id, organisation from exchange.caller_names()))));
      ${['named', 'evidence']
        .map((table) =>
          ['insert', 'delete']
            .map(
              (command) => `
                create policy amend_${command} on exchange.${table} for ${command} to hub_desk
                  ${command === 'insert' ? 'with check' : 'using'} (issue_id in (select i.id from exchange.issue i
                    where i.board = (select exchange.acting()) and i.state in ('draft', 'ownBoard')));`,
            )
            .join(''),
        )
        .join('')}

      grant update (state, wording) on exchange.item to hub_desk;
      create policy seen on exchange.item for select to hub_desk using (
        (wording = 'shown' or wording = 'awaiting' and by_organisation = (select exchange.acting()))
        and case when kind = 'note' then meeting_id in (select exchange.attended())
          else by_organisation = (select exchange.acting()) or to_organisation = (select exchange.acting())
            or issue_id in (select id from exchange.caller_issues() where sight = 'own')
            or (issue_id in (select id from exchange.caller_issues() where sight = 'shared')
              and (kind <> 'challenge' or state <> 'asked' or due < (select identity.today())))
            or (issue_id is null and meeting_id in (select exchange.caller_meetings())) end);
      create policy say on exchange.item for insert to hub_desk with check (
        by_organisation = (select exchange.acting()) and author = (select identity.caller())
        and (meeting_id is null or meeting_id in (select exchange.caller_meetings()))
        and (issue_id is null or issue_id in (select id from exchange.caller_issues())
          or about_id in (select exchange.addressed())));
      create policy settle on exchange.item for update to hub_desk
        using (by_organisation = (select exchange.acting()) or to_organisation = (select exchange.acting())) with check (true);

      grant update (pack, digest, frozen_at) on exchange.meeting to hub_desk;
      create policy seen on exchange.meeting for select to hub_desk using (id in (select exchange.caller_meetings()));
      create policy call on exchange.meeting for insert to hub_desk
        with check (board = (select exchange.acting()) and (select exchange.is_chair())
          and created_by = (select identity.caller()) and pack is null);
      create policy print on exchange.meeting for update to hub_desk
        using (board = (select exchange.acting()) and (select exchange.is_chair()) and pack is null) with check (true);
      create policy seen on exchange.attendance for select to hub_desk
        using (meeting_id in (select exchange.caller_meetings()));
      create policy attend on exchange.attendance for insert to hub_desk
        with check (member_id = (select identity.caller()) and board = (select exchange.acting())
          and meeting_id in (select exchange.caller_meetings()));

      grant select, insert, update, delete on exchange.contact to hub_desk;
      create policy own on exchange.contact for select to hub_desk using (organisation = (select exchange.acting()));
      create policy set on exchange.contact for insert to hub_desk with check (organisation = (select exchange.acting()));
      create policy change on exchange.contact for update to hub_desk using (organisation = (select exchange.acting()))
        with check (organisation = (select exchange.acting()));
      create policy remove on exchange.contact for delete to hub_desk using (organisation = (select exchange.acting()));
      grant insert on exchange.notice to hub_desk;
      create policy tell on exchange.notice for insert to hub_desk with check ((select exchange.acting()) is not null);

      -- The worker sends what is due, and reads no text.
      grant select on exchange.contact, exchange.notice to hub_worker;
      grant insert, update (sent_at) on exchange.notice to hub_worker;
      grant select (id, to_organisation, kind, state, due, wording) on exchange.item to hub_worker;
      create policy work on exchange.contact for select to hub_worker using (true);
      create policy work on exchange.notice for select to hub_worker using (true);
      create policy tell_due on exchange.notice for insert to hub_worker with check (true);
      create policy settle on exchange.notice for update to hub_worker using (true) with check (true);
      create policy work on exchange.item for select to hub_worker using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
