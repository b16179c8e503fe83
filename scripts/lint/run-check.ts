import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Check } from './checks.ts';

const binaries = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'node_modules', '.bin');

export interface CheckResult {
  /** It found nothing, and it did look. */
  isClean: boolean;
  /** How much it looked at; null where the tool does not say. */
  looked: number | null;
  output: string;
}

/** Runs one check over a folder. Never throws for what the check finds. */
export async function runCheck(check: Check, folder: string): Promise<CheckResult> {
  const child = spawn(process.execPath, [join(binaries, check.command), ...check.args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (ended) => resolve(ended ?? 1));
  });
  const found = check.looked?.exec(output)?.[1];
  const looked = check.looked === null ? null : Number(found ?? 0);
  return { isClean: code === 0 && looked !== 0, looked, output };
}
