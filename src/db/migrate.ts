import { sql } from 'drizzle-orm';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { Database } from './client.ts';

/** The database cannot hold mail: its encoding is not UTF8. */
export class WrongEncoding extends Error {
  override name = 'WrongEncoding';
}

const folder = new URL('../../drizzle', import.meta.url).pathname;

/** Any number: it only has to be the same in every process that migrates. */
const migrationLock = 4_207_201;

/**
 * Brings the database to the newest schema; processes that start together take turns.
 * @throws WrongEncoding before anything is changed
 */
export async function migrateDatabase(db: Database): Promise<void> {
  const encoding = await db.execute<{ server_encoding: string }>(sql`show server_encoding`);
  const name = encoding.rows[0]?.server_encoding;
  if (name !== 'UTF8') {
    throw new WrongEncoding(
      `The database's encoding is ${name}; Mailroom needs UTF8. Create it with ENCODING 'UTF8'.`,
    );
  }
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${migrationLock})`);
    await migrate(db, { migrationsFolder: folder });
  });
}
