import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  identifyProcess,
  isAlive,
  isSameProcess,
  type ProcessIdentity,
  readCommandLine,
} from '../process-identity.ts';

/** Says that a folder's Postgres belongs to a Mailroom that is running. */
export class ClusterInUse extends Error {
  override name = 'ClusterInUse';
}

/**
 * Takes a cluster's folder for this process, and returns what gives it back. Throws ClusterInUse while another living
 * process holds it; a note left by one that was killed is taken over.
 */
export function takeCluster(folder: string): () => void {
  const note = join(folder, 'owner.json');
  const self = identifyProcess(process.pid);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      writeFileSync(note, JSON.stringify(self), { flag: 'wx', mode: 0o600 });
      return () => rmSync(note, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const holder = readHolder(note);
      if (holder !== null && isSameProcess(holder)) {
        throw new ClusterInUse(
          `The database in ${folder} is in use by process ${holder.pid}: stop that one first.`,
        );
      }
      rmSync(note, { force: true });
    }
  }
  throw new ClusterInUse(`The database in ${folder} is being taken by another process at this moment.`);
}

/**
 * Clears what a killed run left in the data folder: a postmaster that outlived its Mailroom is stopped, and a
 * postmaster.pid whose number now belongs to some other program is removed (Postgres itself would take it for a
 * living server and refuse to start). To be called only by the holder of the cluster.
 */
export async function clearLeftovers(dataFolder: string): Promise<void> {
  const note = join(dataFolder, 'postmaster.pid');
  const pid = readPostmasterPid(note);
  if (pid === null) return;
  if (!isAlive(pid)) return;
  const commandLine = readCommandLine(pid);
  if (commandLine === null) return;
  if (!commandLine.includes(dataFolder)) {
    rmSync(note, { force: true });
    return;
  }
  process.kill(pid, 'SIGINT');
  await waitUntilGone(pid, 20_000);
}

/** The process number of the server that runs, or ran, on this data folder. */
export function readPostmasterPid(note: string): number | null {
  try {
    const pid = Number(readFileSync(note, 'utf8').split('\n', 1)[0]);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    // Not there: no server runs.
    return null;
  }
}

async function waitUntilGone(pid: number, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`An earlier Postgres (process ${pid}) does not stop.`);
    // It is no child of ours, so there is no event to wait for.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function readHolder(note: string): ProcessIdentity | null {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(note, 'utf8'));
    return typeof pid === 'number'
      ? { pid, startedAt: typeof startedAt === 'string' ? startedAt : null }
      : null;
  } catch {
    // Half written by a process that was killed, or just removed: nobody holds it.
    return null;
  }
}
