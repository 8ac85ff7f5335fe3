import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The cells of a return are held against their series and their submission all at once. As foreign keys each cell was looked
 * up by itself, twice, and that was most of what accepting a return cost. What they point to cannot go away: series are
 * append-only, and so are the names of submissions from here on.
 */
export class CellsCheckedTogether1795400000120 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function intake.assert_cells_belong() returns trigger language plpgsql security definer
        set search_path = pg_catalog, pg_temp as $$
        declare one record;
        begin
          if exists (select from added c left join registry.series s on s.id = c.series_id where s.id is null) then
            raise foreign_key_violation using message = 'a cell of no series';
          end if;
          -- One by one, for there is one, and it is then found by its key however many there are.
          for one in select distinct submission_id, authority_id from added loop
            if not exists (select from intake.submission s where s.id = one.submission_id and s.authority_id = one.authority_id) then
              raise foreign_key_violation using message = 'a cell of no submission';
            end if;
          end loop;
          return null;
        end $$;
      revoke all on function intake.assert_cells_belong() from public;
      create trigger belong after insert on intake.cell referencing new table as added
        for each statement execute function intake.assert_cells_belong();
      create function intake.refuse_to_rename() returns trigger language plpgsql as $$
        begin raise foreign_key_violation using message = 'cells point to a submission by its name'; end $$;
      create trigger keep_name before delete or update of id, authority_id on intake.submission
        for each row execute function intake.refuse_to_rename();
      create trigger keep_names before truncate on intake.submission
        for each statement execute function intake.refuse_to_rename();
      create function intake.refuse_to_move() returns trigger language plpgsql as $$
        begin raise foreign_key_violation using message = 'a cell stays with its series and its submission'; end $$;
      create trigger stay before update of submission_id, authority_id, series_id on intake.cell
        for each row execute function intake.refuse_to_move();
      alter table intake.cell drop constraint cell_series_id_fkey, drop constraint cell_submission_id_authority_id_fkey;
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
