import { readdirSync, readFileSync } from 'node:fs';
import { testRun } from './run-program.ts';

/** How long what is ending may take to be gone, in milliseconds. */
const patience = 15_000;

function running(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MAILROOM_TEST_RUN=${testRun}`)) return [];
        return [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)}`];
      } catch {
        // It ended while we looked, or is not ours to look at.
        return [];
      }
    });
}

/** The processes of this run that still run, a line each; they are ended. */
export async function leftovers(): Promise<string[]> {
  const deadline = Date.now() + patience;
  while (running().length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const left = running();
  for (const line of left) process.kill(Number(line.split(' ')[0]), 'SIGKILL');
  return left;
}
