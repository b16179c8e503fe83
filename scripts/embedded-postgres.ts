import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { takeFolder } from './folder-owner.ts';
import { anyFreePort, findFreePort, isPortFree } from './free-port.ts';
import { type KeptProcess, startKept } from './kept-process.ts';
import {
  type ClusterFiles,
  placeCluster,
  prepareCluster,
  ROLE,
  serverEnvironment,
} from './postgres/cluster-files.ts';
import { clearLeftovers } from './postgres/leftovers.ts';
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
const STOP_LIMIT_SECONDS = 20;

/**
 * Starts a real PostgreSQL on 127.0.0.1, makes its cluster and the database `mailroom` where they are missing, and
 * resolves when it takes connections. Throws FolderInUse while another process runs on the same folder.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const log = options.log ?? (() => undefined);
  const home = placeCluster(options.dataFolder);
  mkdirSync(home, { recursive: true });
  const giveBack = takeFolder(home, 'The database');
  try {
    const files = await prepareCluster(home);
    await clearLeftovers(files.data);
    const port = await choosePort(files, options);
    const server = startServer(files, port, options, log);
    const exited = server.process.exited.then(giveBack);
    const stop = async () => {
      await server.process.stop();
      await exited;
      if (options.throwaway) rmSync(files.home, { recursive: true, force: true });
    };
    try {
      await untilReady(server);
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

type StartedServer = { process: KeptProcess; isReady: Promise<void>; said: string[] };

function startServer(
  files: ClusterFiles,
  port: number,
  options: PostgresOptions,
  log: (line: string) => void,
): StartedServer {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    lc_messages: 'C',
    timezone: 'UTC',
    // Clusters were once made with a name for it that parallel workers choke on.
    default_text_search_config: 'pg_catalog.simple',
    ...(options.throwaway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const said: string[] = [];
  const ready = Promise.withResolvers<void>();
  const server = startKept({
    command: files.binaries.postgres,
    args: ['-D', files.data, ...args],
    env: serverEnvironment(),
    runAs: files.runAs,
    // Fast shutdown; the default of a postmaster's SIGTERM waits for the clients to go.
    stopSignal: 'INT',
    stopLimitSeconds: STOP_LIMIT_SECONDS,
    log(line) {
      log(line);
      if (said.length < 40) said.push(line);
      if (line.includes('database system is ready to accept connections')) ready.resolve();
    },
  });
  return { process: server, isReady: ready.promise, said };
}

async function untilReady({ process: server, isReady, said }: StartedServer): Promise<void> {
  const limit = new AbortController();
  const failure = await Promise.race([
    isReady.then(() => null),
    server.exited.then(() => 'Postgres did not start'),
    setTimeout(START_LIMIT_MS, `Postgres was not ready after ${START_LIMIT_MS / 1000} s`, {
      signal: limit.signal,
    }),
  ]);
  limit.abort();
  if (failure !== null) throw new Error(`${failure}:\n${said.join('\n')}`);
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

function urlOf(files: ClusterFiles, port: number, database: string): string {
  return `postgres://${ROLE}:${encodeURIComponent(files.password)}@127.0.0.1:${port}/${database}`;
}
