import type { Health } from './health';
import type { Store } from './store';

/**
 * Whether the embedded server's log arrives where HUB_WAL_ARCHIVE says: without it a backup is worth its own moment alone. When it
 * last did is not told: that is when returns come in and compiles end, and anybody may ask.
 */
export async function archiveHealth(store: Store): Promise<Health> {
  const [archiver] = await store.ask<{ mode: string; failing: boolean }>(
    `select current_setting('archive_mode') as mode,
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing from pg_stat_archiver`,
    [],
  );
  const { mode, failing } = archiver!;
  // Another process had started the server before, without an archive.
  if (mode !== 'on')
    return { state: 'degraded', text: 'archive of the database: off; stop every process of this hub, and start it' };
  return failing
    ? { state: 'degraded', text: 'archive of the database: cannot be written' }
    : { state: 'ok', text: 'archive of the database: on' };
}
