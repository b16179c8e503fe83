import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * Runs a program of node_modules/.bin in the foreground, and passes Ctrl-C on.
 * @param name stands before each of its lines, where it runs beside another; null: nothing does
 * @returns its exit code
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv,
  name: string | null = null,
): Promise<number> {
  const binaries = join(folder, 'node_modules', '.bin');
  const child = spawn(join(binaries, command), args, {
    cwd: folder,
    env: {
      ...env,
      PATH: `${binaries}${delimiter}${env.PATH ?? ''}`,
      NEXT_TELEMETRY_DISABLED: '1',
      MAILROOM_TEST_RUN: testRun,
    },
    stdio: name === null ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null)
      createInterface({ input: stream }).on('line', (line) => console.log(`${name}${line}`));
  }
  let isTold = false;
  // Once: a terminal's Ctrl-C comes to us, and again from whoever started us.
  const passOn = (signal: NodeJS.Signals) => {
    if (!isTold) child.kill(signal);
    isTold = true;
  };
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    process.off('SIGINT', passOn);
    process.off('SIGTERM', passOn);
  }
}

/** Marks every process that this run starts: it is inherited with the environment. */
export const testRun = `run-${process.pid}-${Date.now()}`;
