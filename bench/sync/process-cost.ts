import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { sql } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';

/** Linux counts a process's time to programs in hundredths of a second, whatever the kernel's own tick is. */
const ticksPerSecond = 100;

interface Process {
  pid: number;
  parent: number;
  /** User and system time of all its threads, and of the children that it has waited for, in seconds. */
  seconds: number;
}

function readProcess(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold anything; what follows has numbers (proc(5): state is field 3).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { pid, parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
  } catch {
    // It ended between the listing and the look.
    return null;
  }
}

/** A process and all that descend from it. */
function tree(root: number): Process[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [readProcess(Number(name))] : []));
  const found: Process[] = [];
  let level = all.filter((process) => process?.pid === root);
  while (level.length > 0) {
    found.push(...level.filter((process) => process !== null));
    level = all.filter((process) => level.some((parent) => parent?.pid === process?.parent));
  }
  return found;
}

/** Seconds of processor time, user and system, that a process and its descendants have taken so far. */
export function cpuSeconds(root: number): number {
  return tree(root).reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Seconds of processor time that the whole machine has been busy for (proc(5), /proc/stat). */
function machineBusySeconds(): number {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/);
  // user, nice, system, idle, iowait, irq, softirq, steal; guests' time stands in the user's already.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/**
 * Watches what others take of the machine: their work lengthens every wall time, and ratios of wall times that were
 * disturbed differently say nothing.
 * @returns what ends it, and gives the share of all cores, from 0 to 1, that was not the bench's own
 */
export function watchOthers(): () => number {
  const began = performance.now();
  const before = machineBusySeconds() - cpuSeconds(process.pid);
  return () => {
    const others = machineBusySeconds() - cpuSeconds(process.pid) - before;
    return Math.max(0, others / ((performance.now() - began) / 1000) / availableParallelism());
  };
}

/** The most memory that a process ever had, and its living descendants beside it, in bytes (proc(5), VmHWM). */
export function highestMemory(root: number): number {
  return tree(root).reduce((sum, { pid }) => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return sum + Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  }, 0);
}

/** The process that all of a Postgres's sessions descend from. */
export async function postmasterOf(db: Database): Promise<number> {
  const { rows } = await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const session = readProcess(rows[0]?.pid ?? 0);
  if (session === null) throw new Error('Postgres does not run on this machine.');
  return session.parent;
}
