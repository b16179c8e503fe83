import { join, resolve } from 'node:path';
import { readEnvironment } from '#platform/environment.ts';
import { findFreePort, isPortFree } from '../free-port.ts';
import { ensurePassword, readPrivateFile, writePrivateFile } from '../private-file.ts';

/** What the local stack is to be, from the environment. */
export type StackSettings = {
  root: string;
  /** Where everything is kept that must survive a restart. */
  state: string;
  databaseUrl: string | null;
  hasDemoMail: boolean;
  /** Where the embedded Postgres listens; unset: where it did, or where nobody does. */
  postgresPort?: number;
};

export type DemoUser = { email: string; name: string; password: string; role: 'user' | 'admin' };

/** Reads what concerns the local stack. @throws EnvironmentError where any variable does not fit */
export function readSettings(root: string, env: Readonly<Record<string, string | undefined>>): StackSettings {
  const { DATABASE_URL, DEMO_MAIL, MAILROOM_STATE } = readEnvironment(env);
  return {
    root,
    state: resolve(root, MAILROOM_STATE),
    databaseUrl: DATABASE_URL,
    hasDemoMail: DEMO_MAIL,
  };
}

/** The port for the pages: PORT and no other where it is set; else the last one, else the next free from 3000. */
export async function chooseWebPort(state: string, wanted: string | undefined): Promise<number> {
  if (wanted) {
    const port = Number(wanted);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`PORT is ${wanted}, which is no port.`);
    if (!(await isPortFree(port)))
      throw new Error(`Port ${port} is taken. Stop what listens there, or set PORT to another.`);
    return port;
  }
  const note = join(state, 'web.port');
  const last = Number(readPrivateFile(note)) || 3000;
  const port = (await isPortFree(last)) ? last : await findFreePort(3000);
  writePrivateFile(note, `${port}\n`);
  return port;
}

/** The two people who can sign in, with passwords made for this machine. */
export function demoUsers(state: string): [ordinary: DemoUser, admin: DemoUser] {
  const password = (email: string) => ensurePassword(join(state, 'logins', `${email}.password`));
  return [
    {
      email: 'anna@demo.example',
      name: 'Anna Lindqvist',
      password: password('anna@demo.example'),
      role: 'user',
    },
    { email: 'ben@demo.example', name: 'Ben Okafor', password: password('ben@demo.example'), role: 'admin' },
  ];
}

/** What web and worker get. Everything that the caller set and that is not settled here is passed on. */
export function applicationEnvironment(
  settings: StackSettings,
  databaseUrl: string,
  mode: 'production' | 'development',
): Record<string, string> & { NODE_ENV: typeof mode } {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) given[name] = value;
  return {
    KEY_FILE: join(settings.state, 'keys', 'mailroom.key'),
    SESSION_SECRET_FILE: join(settings.state, 'keys', 'session.secret'),
    SIGNING_KEY_FILE: join(settings.state, 'keys', 'signing.key'),
    BLOB_FOLDER: join(settings.state, 'blobs'),
    LOG_LEVEL: 'info',
    ...(settings.hasDemoMail ? { ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8,::1/128' } : {}),
    ...given,
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    NODE_ENV: mode,
    NEXT_TELEMETRY_DISABLED: '1',
  };
}
