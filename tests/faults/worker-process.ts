import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { workerFlags } from '../../scripts/worker-flags.ts';

export interface WorkerProcess {
  pid: number;
  /** What it has logged so far. */
  said(): string;
  /** Its memory in bytes: now, and at its highest (proc(5), VmRSS and VmHWM). */
  memory(): { resident: number; highest: number };
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const entry = new URL('../../worker/main.ts', import.meta.url).pathname;

function field(status: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status);
  return Number(match?.[1] ?? 0) * 1024;
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** A real worker process. Resolves when it is ready. @throws Error with what it said when it ends instead */
export async function startWorker(environment: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...workerFlags, entry], {
    env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '', LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('the worker is ready')) resolve();
    });
  }
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`The worker ended with ${code}:\n${said}`)));
  await ready;
  const { pid } = child;
  if (pid === undefined) throw new Error('The worker has no process id.');
  return {
    pid,
    said: () => said,
    memory() {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return { resident: field(status, 'VmRSS'), highest: field(status, 'VmHWM') };
    },
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}
