import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { isRefusal } from './other-client.ts';
import type { World } from './world.ts';

/**
 * Dovecot keeps the list of its mailboxes in an index, and once in some thousands of renames that is out of date for good: LIST
 * has the old name alone, while the new one opens. Then the list is no measure.
 */
export async function isListStale({ deps, accountId, judge }: World): Promise<boolean> {
  const client = await judge.connected();
  const listed = new Set((await client.list()).map(({ path }) => path));
  const { rows } = await deps.db.execute<{ path: string }>(
    sql`select remote_id as path from mailboxes where account_id = ${accountId} and is_selectable`,
  );
  for (const { path } of rows) {
    if (listed.has(path)) continue;
    try {
      await client.mailboxOpen(path, { readOnly: true });
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return false;
}

/** Has Dovecot make its list anew from the folders. */
export async function rebuildList({ dovecot, user }: World): Promise<void> {
  await dovecot.restart(async () => {
    const folder = dovecot.home(user);
    for (const name of readdirSync(folder)) {
      if (name.startsWith('dovecot.list.index')) rmSync(join(folder, name));
    }
  });
}
