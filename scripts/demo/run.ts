import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeFolder } from '../folder-owner.ts';
import { Services } from '../processes.ts';
import { say } from './progress.ts';
import { readSettings, type StackSettings } from './settings.ts';
import { bringUp, type RunningStack } from './stack.ts';
import { listenForStop, STOP } from './stop-requests.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Brings the local stack up, keeps it up until Ctrl-C (or SIGTERM, or the end of whoever started us), takes it down
 * again and ends the process: with 0 when asked, with 1 when something failed.
 */
export async function runStack(mode: 'demo' | 'dev'): Promise<never> {
  const settings = settingsOrEnd();
  const services = new Services();
  const asked = listenForStop(process, () => {
    services.killAll();
    process.exit(1);
  });
  let giveBack: (() => void) | null = null;
  let code = 0;
  try {
    mkdirSync(settings.state, { recursive: true, mode: 0o700 });
    giveBack = takeFolder(settings.state, 'The state');
    const outcome = await Promise.race([bringUp(settings, mode, services), asked]);
    if (typeof outcome !== 'string') {
      describe(settings, outcome);
      const end = await Promise.race([asked, services.firstEnd()]);
      if (end !== STOP) throw new Error(end);
    }
  } catch (error) {
    code = 1;
    console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  }
  console.log();
  await services.stopAll(say);
  giveBack?.();
  process.exit(code);
}

function settingsOrEnd(): StackSettings {
  try {
    return readSettings(root, process.env);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
    return process.exit(1);
  }
}

function describe(
  { state, hasDemoMail, databaseUrl }: StackSettings,
  { address, users, databaseFolder }: RunningStack,
): void {
  const place = relative(process.cwd(), state) || state;
  const width = Math.max(...users.map(({ email }) => email.length));
  say('Mailroom is up\n');
  console.log(`  Open       ${address}\n`);
  for (const { email, password, role } of users) {
    console.log(
      `  Sign in    ${email.padEnd(width)}  ${password}   (${role === 'admin' ? 'admin' : 'ordinary user'})`,
    );
  }
  console.log(
    `\n  State      ${place}${databaseFolder?.startsWith(state) === false ? `, and the database in ${databaseFolder}` : ''}`,
  );
  if (databaseUrl !== null) console.log('  Database   the one that DATABASE_URL names');
  if (!hasDemoMail)
    console.log('  Mail       no demo mail server: connect an account of your own after signing in');
  console.log(
    `  Back up    ${join(place, 'keys')}: without the key file no stored mail password can be read again`,
  );
  console.log(`  Logs       ${join(place, 'logs')}\n`);
  console.log('  Ctrl-C stops everything.\n');
}
