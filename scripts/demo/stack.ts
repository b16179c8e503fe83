import { join } from 'node:path';
import { type DemoMailAccount, type RunningDemoMail, startDemoMail } from '../demo-mail/demo-mail-server.ts';
import { startPostgres } from '../embedded-postgres.ts';
import { migrateAt } from '../migrate.ts';
import { openLog, type Services, startProgram } from '../processes.ts';
import { workerFlags } from '../worker-flags.ts';
import { buildPages } from './pages.ts';
import { step } from './progress.ts';
import { seedDemo } from './seed.ts';
import {
  applicationEnvironment,
  chooseWebPort,
  type DemoUser,
  demoUsers,
  type StackSettings,
} from './settings.ts';
import { bringUpWeb } from './web.ts';

export type RunningStack = { address: string; users: readonly DemoUser[]; databaseFolder: string | null };

/** How long the pages may take to answer: a cold disk and a first compile are slow. */
const HEALTH_LIMIT_MS = 120_000;

const neverEnds = new Promise<never>(() => undefined);

/**
 * Brings up database, mail server, pages and worker, each only where nothing of one's own is named. What it starts it
 * adds to `services` at once, so that a failure half-way can take down what is up.
 */
export async function bringUp(
  settings: StackSettings,
  mode: 'demo' | 'dev',
  services: Services,
): Promise<RunningStack> {
  const log = (name: string) => join(settings.state, 'logs', `${name}.log`);
  const users = demoUsers(settings.state);
  // A PORT that cannot be had is said before minutes of building; which one it is, is chosen when it is needed.
  if (process.env.PORT) await chooseWebPort(settings.state, process.env.PORT);
  if (mode === 'demo') {
    const outcome = await step('Building the pages', () => buildPages(settings.root, log('build')));
    if (outcome === 'unchanged') await step('  they are as they were', async () => undefined);
  }
  const database = await bringUpDatabase(settings, services, log('postgres'));
  await step('Bringing the database to the newest schema', () => migrateAt(database.url));
  const mail = settings.hasDemoMail ? await bringUpMail(settings, services) : null;
  const env = applicationEnvironment(settings, database.url, mode === 'demo' ? 'production' : 'development');
  await step('Making the demo logins', () =>
    seedDemo({
      databaseUrl: database.url,
      keyFile: env.KEY_FILE ?? '',
      users: [...users],
      accounts: mail === null ? [] : mail.accounts.map((account) => accountSeed(account, mail)),
    }),
  );
  const next = join(settings.root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const start = (name: string, args: string[], more: Record<string, string> = {}) =>
    startProgram({
      name,
      command: process.execPath,
      args,
      cwd: settings.root,
      env: { ...env, ...more },
      logFile: log(name),
      ...(mode === 'dev' ? { show: (line) => console.log(`${name.padEnd(6)} | ${line}`) } : {}),
    });
  const watch = mode === 'dev' ? ['--watch', '--watch-preserve-output'] : [];
  const worker = [...workerFlags, ...watch, join(settings.root, 'worker', 'main.ts')];
  services.add('application', start('worker', worker));
  const address = await step('Waiting for the pages', () =>
    bringUpWeb(services, {
      choosePort: () => chooseWebPort(settings.state, process.env.PORT),
      start: (port, run) =>
        start('web', [next, mode === 'demo' ? 'start' : 'dev', '-H', '127.0.0.1', '-p', String(port)], {
          APP_URL: env.APP_URL ?? `http://127.0.0.1:${port}`,
          PORT: String(port),
          MAILROOM_RUN: run,
        }),
      limit: HEALTH_LIMIT_MS,
    }),
  );
  return { address, users, databaseFolder: database.folder };
}

function accountSeed({ address, name, password }: DemoMailAccount, { imap, smtp }: RunningDemoMail) {
  const security = 'none' as const;
  return {
    userEmail: address,
    address,
    name,
    password,
    imap: { ...imap, security },
    smtp: { ...smtp, security },
  };
}

async function bringUpDatabase(
  settings: StackSettings,
  services: Services,
  logFile: string,
): Promise<{ url: string; folder: string | null }> {
  if (settings.databaseUrl !== null) return { url: settings.databaseUrl, folder: null };
  return step('Starting Postgres', async () => {
    const postgres = await startPostgres({
      dataFolder: join(settings.state, 'postgres'),
      ...(settings.postgresPort === undefined ? {} : { port: settings.postgresPort }),
      log: openLog(logFile),
    });
    services.add('database', {
      name: 'Postgres',
      ended: postgres.exited.then(() => `Postgres ended. What it said: ${logFile}`),
      stop: postgres.stop,
    });
    return postgres;
  });
}

async function bringUpMail(settings: StackSettings, services: Services) {
  return step('Starting the demo mail server', async () => {
    const mail = await startDemoMail({ folder: join(settings.state, 'demo-mail') });
    services.add('mail', { name: 'The demo mail server', ended: neverEnds, stop: mail.stop });
    return mail;
  });
}
