import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ensurePassword, writePrivateFile } from '../private-file.ts';
import { giveTo, isOpenToAll, type PostgresBinaries, providePostgresBinaries } from './binaries.ts';
import { chooseUnprivilegedUser, type RunAs } from './unprivileged-user.ts';

/** A cluster on disk: its home (ours), its data (the database user's), and how to run it. */
export type ClusterFiles = {
  home: string;
  data: string;
  password: string;
  binaries: PostgresBinaries;
  runAs: RunAs;
};

/** The name of the database role, and of the database, that the local stack works with. */
export const ROLE = 'mailroom';

/**
 * Where a cluster asked for in `wanted` really lies. As root Postgres runs as another user, who cannot reach a
 * checkout under /root or a private state folder: then it is a folder of its own under /var/lib, named by the path.
 */
export function placeCluster(wanted: string): string {
  const path = resolve(wanted);
  if (process.getuid?.() !== 0 || isOpenToAll(path)) return path;
  return `/var/lib/mailroom-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`;
}

/** Makes the folders, the password and the programs ready, and the cluster itself where there is none yet. */
export async function prepareCluster(home: string): Promise<ClusterFiles> {
  const data = join(home, 'data');
  mkdirSync(home, { recursive: true });
  const runAs = chooseUnprivilegedUser(existsSync(data) ? data : null);
  // The other user passes through, and sees only what is given to it.
  chmodSync(home, runAs.uid === undefined ? 0o700 : 0o711);
  const password = ensurePassword(join(home, 'password'));
  const binaries = providePostgresBinaries(home, runAs);
  const files = { home, data, password, binaries, runAs };
  if (!existsSync(data)) await initialise(files);
  return files;
}

/** A half-made cluster must not look like a whole one after a kill: it gets its name when initdb is through. */
async function initialise({ home, data, password, binaries, runAs }: ClusterFiles): Promise<void> {
  const draft = `${data}.new`;
  const passwordFile = join(home, 'password.initdb');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  giveTo(draft, runAs);
  writePrivateFile(passwordFile, `${password}\n`);
  giveTo(passwordFile, runAs);
  try {
    await promisify(execFile)(
      binaries.initdb,
      [
        `--pgdata=${draft}`,
        `--username=${ROLE}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The server's own C.UTF-8: the same on every machine, also where the system knows no such locale.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        '--text-search-config=simple',
        '--no-instructions',
      ],
      { ...runAs, cwd: '/', env: serverEnvironment() },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, data);
}

/** The environment that initdb and the server get: nothing of the caller's PG* or LC_* variables. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', NODE_ENV: 'production' };
}
