import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a cell belongs to is checked once for each statement, not once for each row: of a return of 500 rows the three
 * foreign keys took most of the time. The promise is the same and a little stronger (a cell has the authority of its
 * submission, and all of a return's come in one statement). Cells come before their submission, whose receipt is made
 * last, under the ledger's lock; so one cell of each return is marked as its first, the others need it beside them, and
 * at the commit it needs the submission. Series are append-only, so one that is there stays; and a submission cannot go
 * before its cells.
 */
export class CellsByStatement1795400000009 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table intake.cell
        drop constraint cell_submission_id_fkey,
        drop constraint cell_authority_id_fkey,
        drop constraint cell_series_id_fkey;

      alter table intake.cell add column first boolean not null default false;
      create unique index cell_first on intake.cell (submission_id) where first;

      create function intake.refuse_stray_cells() returns trigger language plpgsql set search_path = pg_catalog as $$
        begin
          if exists (select from added c left join registry.series s on s.id = c.series_id where s.id is null)
            or exists (select from added group by submission_id, authority_id having not bool_or(first))
          then
            raise foreign_key_violation using message = 'a cell is of no series, or comes without the first of its return';
          end if;
          return null;
        end $$;
      create trigger belong after insert on intake.cell
        referencing new table as added for each statement execute function intake.refuse_stray_cells();

      -- A session keeps the plan that it made while the table was small.
      create function intake.refuse_orphans() returns trigger language plpgsql
        set search_path = pg_catalog set enable_seqscan = off as $$
        begin
          if not exists (
            select from intake.submission b where b.id = new.submission_id and b.authority_id = new.authority_id
          ) then
            raise foreign_key_violation using message = 'cells are of no submission of their authority';
          end if;
          return null;
        end $$;
      create constraint trigger belong_to_submission after insert on intake.cell
        deferrable initially deferred for each row when (new.first) execute function intake.refuse_orphans();

      create function intake.refuse_moved_cells() returns trigger language plpgsql as $$
        begin raise exception 'cells are not changed: a new version is a new submission'; end $$;
      create trigger stay before update on intake.cell
        for each statement execute function intake.refuse_moved_cells();

      create function intake.keep_submissions_with_cells() returns trigger language plpgsql set search_path = pg_catalog as $$
        begin
          if exists (select from gone b join intake.cell c on c.submission_id = b.id) then
            raise foreign_key_violation using message = 'a submission cannot go before its cells';
          end if;
          return null;
        end $$;
      create trigger last after delete on intake.submission
        referencing old table as gone for each statement execute function intake.keep_submissions_with_cells();
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
