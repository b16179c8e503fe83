import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './process-identity.ts';

/** Says that a folder belongs to a process that is running. */
export class FolderInUse extends Error {
  override name = 'FolderInUse';
}

/**
 * Takes a folder for this process, and returns what gives it back. Throws FolderInUse while another living process
 * holds it; a note left by one that was killed is taken over. `what` names in the message what the folder holds.
 */
export function takeFolder(folder: string, what: string): () => void {
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
        throw new FolderInUse(
          `${what} in ${folder} is in use by process ${holder.pid}: stop that one first.`,
        );
      }
      rmSync(note, { force: true });
    }
  }
  throw new FolderInUse(`${what} in ${folder} is being taken by another process at this moment.`);
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
