import type { MigrationInterface, QueryRunner } from 'typeorm';
import { behindRowSecurity } from './1795400000001-schemas';

/** Where the operator has opened this database: one that was restored, or taken over, is elsewhere (decision 66). */
export class Opened1795900000140 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table platform.opened (
        only_one boolean primary key default true check (only_one),
        server text not null,
        at timestamptz not null
      );
      ${behindRowSecurity('platform.opened')}
      grant select on platform.opened to hub_reader;
      create policy read on platform.opened for select to hub_reader using (true);
    `);
  }
  async down(): Promise<void> {
    throw new Error('migrations go forward only');
  }
}
