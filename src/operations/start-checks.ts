import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accountSetups, credentials } from '#db/schema.ts';
import type { Config } from '#platform/config.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { keyIdOf } from '#platform/crypto/seal.ts';

/** Why a process does not start; its message says what to do. */
export class CannotStart extends Error {
  override name = 'CannotStart';
}

const queues = 6;
const ofMessages = 3;

/**
 * Connections that a process opens beside its pool while queues and messages stand on Postgres: some for messages, two
 * for each queue that it adds to, three for each that it works on.
 */
export const besidePool = { web: ofMessages + 2 * queues, worker: ofMessages + (2 + 3) * queues };

/**
 * What must hold before a process serves anybody: the schema is there, every stored secret can be opened, and the
 * database has connections enough for one web process and one worker with these settings.
 * @throws CannotStart
 */
export async function checkStart(
  db: Database,
  ring: KeyRing,
  settings: Pick<Config, 'databasePoolSize' | 'REDIS_URL'>,
): Promise<void> {
  const { rows } = await db.execute<{ encoding: string; most: number; has_schema: boolean }>(sql`
    select current_setting('server_encoding') as encoding,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
      to_regclass('public.pending_operations') is not null as has_schema`);
  const [found] = rows;
  if (found === undefined) throw new CannotStart('The database gave no answer.');
  if (found.encoding !== 'UTF8') {
    throw new CannotStart(`The database's encoding is ${found.encoding}; Mailroom needs UTF8.`);
  }
  if (!found.has_schema) throw new CannotStart('The database has no schema yet: run `npm run db:migrate`.');
  const beside = settings.REDIS_URL === null ? besidePool.web + besidePool.worker : 0;
  const needed = 2 * settings.databasePoolSize + beside;
  if (found.most < needed) {
    throw new CannotStart(
      `Postgres allows ${found.most} connections; a web process and a worker together may need ${needed}. Raise max_connections or lower DATABASE_POOL_SIZE.`,
    );
  }
  const sealed = [
    ...(await db.select({ sealed: credentials.sealed }).from(credentials)),
    ...(await db.select({ sealed: accountSetups.sealed }).from(accountSetups)),
  ];
  const unknown = new Set(
    sealed
      .flatMap((row) => (row.sealed === null ? [] : [keyIdOf(row.sealed)]))
      .filter((id) => !ring.keys.has(id)),
  );
  if (unknown.size > 0) {
    throw new CannotStart(
      `Stored mail passwords are sealed under keys that KEY_FILE does not have (${[...unknown].join(', ')}). Put back your backup of the key file.`,
    );
  }
}
