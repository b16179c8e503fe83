import { createDatabase } from '#db/client.ts';
import { migrateDatabase } from '#db/migrate.ts';

/**
 * Brings a database to the newest schema.
 * @throws WrongEncoding, before anything is changed, where the database is not UTF8
 */
export async function migrateAt(url: string): Promise<void> {
  const { db, pool } = createDatabase({
    url,
    poolSize: 2,
    connectTimeout: 10_000,
    // A migration of a large table takes as long as it takes.
    statementTimeout: 0,
    applicationName: 'mailroom-migrate',
    onError: () => undefined,
  });
  try {
    await migrateDatabase(db);
  } finally {
    await pool.end();
  }
}

if (import.meta.main) {
  const url = process.env.DATABASE_URL;
  if (!url) {
    console.error('DATABASE_URL is unset: which database shall be migrated?');
    process.exit(1);
  }
  await migrateAt(url);
  console.log('The database has the newest schema.');
}
