import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { anyFreePort, findFreePort, isPortFree } from './free-port.ts';
import {
  type ClusterFiles,
  placeCluster,
  prepareCluster,
  ROLE,
  serverEnvironment,
} from './postgres/cluster-files.ts';
import { clearLeftovers, readPostmasterPid, takeCluster } from './postgres/cluster-owner.ts';
import { readPrivateFile, writePrivateFile } from './private-file.ts';

export type PostgresOptions = {
  /** Where its files shall lie. As root, and not reachable for others, it becomes a folder under /var/lib. */
  dataFolder: string;
  /** The port to insist on. Without it: the remembered one, else the next free from 54320. */
  port?: number;
  /** Gets each line that the server writes. */
  log?: (line: string) => void;
  /** For tests: nothing is synced to disk, any port is taken, and stop() deletes all files. */
  throwaway?: boolean;
  /** Further server settings, as in postgresql.conf. */
  settings?: Record<string, string>;
};

export type RunningPostgres = {
  /** Connection string of the role and the database `mailroom`; the role is a superuser of this cluster. */
  url: string;
  port: number;
  /** Where the files really lie. */
  folder: string;
  /** Resolves when the server is gone, asked or not. */
  exited: Promise<void>;
  /** Fast shutdown: sessions are ended, everything committed is on disk. May be called twice. */
  stop: () => Promise<void>;
};

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

/**
 * The shell that stands between us and the server. It reads from a pipe that only we hold: the end of the pipe means
 * that we stop it, or that we were killed, and in both cases the server is told to shut down.
 */
const KEEPER = `exec 3<&0
"$@" </dev/null 3<&- & server=$!
{ read -r _ <&3; kill -INT $server 2>/dev/null; } & watcher=$!
exec 3<&-
wait $server; code=$?
kill $watcher 2>/dev/null
exit $code`;

/**
 * Starts a real PostgreSQL on 127.0.0.1, makes its cluster and the database `mailroom` where they are missing, and
 * resolves when it takes connections. Throws ClusterInUse while another process runs on the same folder.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => undefined);
  const home = placeCluster(options.dataFolder);
  mkdirSync(home, { recursive: true });
  const giveBack = takeCluster(home);
  try {
    const files = await prepareCluster(home);
    await clearLeftovers(files.data);
    const port = await choosePort(files, options);
    const keeper = spawnServer(files, port, options);
    const exited = once(keeper, 'exit').then(() => {
      keeper.stdin?.destroy();
      giveBack();
    });
    const stop = makeStop(keeper, exited, files, options.throwaway ?? false);
    try {
      await untilReady(keeper, log);
      await ensureDatabase(urlOf(files, port, 'postgres'));
    } catch (error) {
      await stop();
      throw error;
    }
    return { url: urlOf(files, port, ROLE), port, folder: home, exited, stop };
  } catch (error) {
    giveBack();
    throw error;
  }
}

async function choosePort({ home }: ClusterFiles, options: PostgresOptions): Promise<number> {
  if (options.throwaway) return options.port ?? anyFreePort();
  const note = join(home, 'port');
  const remembered = Number(readPrivateFile(note));
  const wanted = options.port ?? (remembered || null);
  if (wanted !== null && (await isPortFree(wanted))) {
    if (wanted !== remembered) writePrivateFile(note, `${wanted}\n`);
    return wanted;
  }
  if (options.port !== undefined) throw new Error(`Port ${options.port}, wanted for Postgres, is taken.`);
  const port = await findFreePort(54_320);
  writePrivateFile(note, `${port}\n`);
  return port;
}

function spawnServer(files: ClusterFiles, port: number, options: PostgresOptions): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    lc_messages: 'C',
    timezone: 'UTC',
    ...(options.throwaway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawn('/bin/sh', ['-c', KEEPER, 'keeper', files.binaries.postgres, '-D', files.data, ...args], {
    ...files.runAs,
    cwd: '/',
    env: serverEnvironment(),
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we decide the order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

async function untilReady(keeper: ChildProcess, log: (line: string) => void): Promise<void> {
  const { stdout, stderr } = keeper;
  if (!stdout || !stderr) throw new Error('Postgres was started without pipes.');
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  const listen = (line: string) => {
    log(line);
    if (said.length < 40) said.push(line);
    if (line.includes('database system is ready to accept connections')) ready.resolve();
  };
  createInterface({ input: stdout }).on('line', listen);
  createInterface({ input: stderr }).on('line', listen);
  keeper.once('error', ready.reject);
  keeper.once('exit', () => ready.reject(new Error(`Postgres did not start:\n${said.join('\n')}`)));
  const limit = setTimeout(
    () =>
      ready.reject(new Error(`Postgres was not ready after ${START_LIMIT_MS / 1000} s:\n${said.join('\n')}`)),
    START_LIMIT_MS,
  );
  await ready.promise.finally(() => clearTimeout(limit));
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${ROLE}`);
  } finally {
    await client.end();
  }
}

function makeStop(keeper: ChildProcess, exited: Promise<void>, files: ClusterFiles, deleteFiles: boolean) {
  return async () => {
    keeper.stdin?.end();
    const limit = setTimeout(() => {
      // Immediate shutdown: the next start replays the log.
      const pid = readPostmasterPid(join(files.data, 'postmaster.pid'));
      if (pid !== null) process.kill(pid, 'SIGQUIT');
    }, STOP_LIMIT_MS);
    await exited.finally(() => clearTimeout(limit));
    if (deleteFiles) rmSync(files.home, { recursive: true, force: true });
  };
}

function urlOf(files: ClusterFiles, port: number, database: string): string {
  return `postgres://${ROLE}:${encodeURIComponent(files.password)}@127.0.0.1:${port}/${database}`;
}
