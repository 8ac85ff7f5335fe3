import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a lead may know of a return: when something first came that has stood since, and for how many indicators it gives
 * a count. A nil counts like any other number, so that the table goes on holding no figures.
 */
export class ReturnStatus1795400000050 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rounds.return_state
        add column first_received_at timestamptz not null default now(),
        add column counted int check (counted >= 0);
      -- What came before is on time by its first version that has been kept; its numbers are counted once.
      update rounds.return_state s set
        first_received_at = coalesce((
          select min(b.received_at) from intake.submission b join rounds.round r on r.id = s.round_id
          where b.authority_id = s.authority_id and b.dataset = r.dataset and b.period = r.period), s.received_at),
        counted = (
          select nullif(count(c.*), 0) from intake.submission b join rounds.round r on r.id = s.round_id
            join intake.cell c on c.submission_id = b.id and c.kind = 0
            join registry.series e on e.id = c.series_id and e.key ~ '^[^|#]+#count$'
          where b.authority_id = s.authority_id and b.dataset = r.dataset and b.period = r.period and b.state = 'accepted');
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
