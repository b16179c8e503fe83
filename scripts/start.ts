import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '#db/client.ts';
import { ensureFirstAdminInvitation } from '#identity/invitations.ts';
import { checkStart } from '#operations/start-checks.ts';
import { readConfig } from '#platform/config.ts';
import { ensureKeyFile } from '#platform/crypto/key-file.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';

/** The web process in production: what is configured is checked first, then this very process becomes `next start`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

function refuse(message: string): never {
  console.error(message);
  process.exit(1);
}

Object.assign(process.env, { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' });
let settings: ReturnType<typeof readConfig>;
try {
  settings = readConfig(process.env);
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
if (settings.DATABASE_URL === null)
  refuse('DATABASE_URL is required. (`npm run demo` brings a database of its own.)');
if (!existsSync(join(root, '.next', 'BUILD_ID')))
  refuse('The pages are not built yet: run `npm run build` first.');

process.chdir(root);
try {
  await prepare(settings.DATABASE_URL);
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
process.argv = [process.execPath, 'next', 'start', '-H', settings.HOST, '-p', String(settings.PORT)];
await import(join(root, 'node_modules', 'next', 'dist', 'bin', 'next'));

/** Checks what must hold, says what to back up, and lets the first admin in. */
async function prepare(url: string): Promise<void> {
  createAddressPolicy(settings.ALLOW_PRIVATE_ADDRESSES);
  const { ring, created } = ensureKeyFile(settings.KEY_FILE);
  if (created)
    console.log(
      `The key file ${settings.KEY_FILE} was made. Back it up: without it no stored password can be read.`,
    );
  const { db, pool } = createDatabase({
    url,
    poolSize: 2,
    connectTimeout: settings.DATABASE_CONNECT_TIMEOUT,
    statementTimeout: settings.DATABASE_STATEMENT_TIMEOUT,
    applicationName: 'mailroom-start',
    onError: () => undefined,
  });
  try {
    await checkStart(db, ring, settings);
    const token = await ensureFirstAdminInvitation(db);
    if (token !== null) {
      console.log(
        `Nobody looks after this Mailroom yet. The first admin begins here, once, within 24 hours:\n  ${settings.appUrl}/join/${token}`,
      );
    }
  } finally {
    await pool.end();
  }
}
