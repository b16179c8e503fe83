import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';

/** The boot and the process namespace in which this process's number means something; null where Linux does not say. */
function place(): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

/** When a process of this number began, in the kernel's ticks; null where there is none. */
function startOf(pid: string): string | null {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return null;
  try {
    const text = readFileSync(path, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** A name for this process that no other process ever has, and by which `isGone` can tell that it has ended. */
export function processName(): string {
  const here = place();
  const start = startOf(String(process.pid));
  return here === null || start === null ? randomUUID() : `${here} ${process.pid} ${start}`;
}

/** Whether the process of this name has certainly ended. What cannot be seen from here counts as running. */
export function isGone(name: string): boolean {
  const here = place();
  if (here === null || !name.startsWith(`${here} `)) return false;
  const [pid, start] = name.slice(here.length + 1).split(' ');
  return pid !== undefined && /^\d+$/.test(pid) && startOf(pid) !== start;
}
