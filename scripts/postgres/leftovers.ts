import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, readCommandLine } from '../process-identity.ts';

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
function readPostmasterPid(note: string): number | null {
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
