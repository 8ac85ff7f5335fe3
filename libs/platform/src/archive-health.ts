import type { Health } from './health';
import type { Store } from './store';

/** Whether the embedded server's log arrives where HUB_WAL_ARCHIVE says: without it a backup is worth its own moment alone. */
export async function archiveHealth(store: Store): Promise<Health> {
  const [archiver] = await store.ask<{ mode: string; failing: boolean; at: Date | null }>(
    `select current_setting('archive_mode') as mode, last_archived_time as at,
       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as failing from pg_stat_archiver`,
    [],
  );
  const { mode, failing, at } = archiver!;
  // Another process had started the server before, without an archive.
  if (mode !== 'on')
    return { state: 'degraded', text: 'archive of the database: off; stop every process of this hub, and start it' };
  const last = at ? `last at ${at.toISOString()}` : 'nothing yet';
  return {
    state: failing ? 'degraded' : 'ok',
    text: `archive of the database: ${failing ? 'cannot be written; ' : ''}${last}`,
  };
}
