import { readFileSync } from 'node:fs';

/**
 * What tells one process from a later one with the same number: pid and, where /proc has it, the start time in
 * clock ticks since boot (proc(5), field 22 of stat).
 */
export type ProcessIdentity = { pid: number; startedAt: string | null };

/** The identity of a living process; null when there is none with this number. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  if (!isAlive(pid)) return null;
  return { pid, startedAt: readStartTime(pid) };
}

/** Whether the process that was written down is still the one that runs under its number. */
export function isSameProcess(written: ProcessIdentity): boolean {
  const now = identifyProcess(written.pid);
  return now !== null && now.startedAt === written.startedAt;
}

/** The command line of a process, arguments joined by spaces; null where the system does not tell. */
export function readCommandLine(pid: number): string | null {
  return readOptional(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? null;
}

/** Whether a process with this number exists. A zombie counts as gone: it only waits to be reaped. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM says that it exists and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return statFields(pid)?.[0] !== 'Z';
}

function readStartTime(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** The fields of stat after the process name, which may itself hold spaces and brackets. */
function statFields(pid: number): string[] | null {
  const stat = readOptional(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readOptional(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No /proc on this system, or the process has just gone: both mean "not told".
    return null;
  }
}
