import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchStack } from '../stack.ts';

/** The longest that it may take, in seconds. */
const longest = 900;

export interface MbsyncCost {
  messages: number;
  wallSeconds: number;
  cpuSeconds: number;
}

function find(program: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** Has mbsync (Debian's package isync) copy an inbox into a Maildir; null where it is not installed. */
export async function measureMbsync({ dovecot }: BenchStack, user: string): Promise<MbsyncCost | null> {
  const program = find('mbsync');
  if (program === undefined) return null;
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-mbsync-'));
  try {
    const settings = join(folder, 'mbsyncrc');
    writeFileSync(
      settings,
      `IMAPAccount bench
Host 127.0.0.1
Port ${dovecot.port}
User ${user}
Pass ${dovecot.password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bench

MaildirStore near
Inbox ${folder}/inbox

Channel bench
Far :far:
Near :near:
Sync Pull
Create Near
SyncState ${folder}/state-
`,
    );
    const began = performance.now();
    // Node does not tell what a child took; the shell does.
    const timed = 'LC_ALL=C TIMEFORMAT="cpu %U %S"; time "$@"';
    const command = ['timeout', String(longest), program, '-q', '-c', settings, 'bench'];
    const { stderr } = await promisify(execFile)('/bin/bash', ['-c', timed, 'bash', ...command]);
    const wallSeconds = (performance.now() - began) / 1000;
    const [, userTime = '', systemTime = ''] = /cpu ([\d.]+) ([\d.]+)/.exec(stderr) ?? [];
    const messages = ['cur', 'new'].flatMap((name) => readdirSync(join(folder, 'inbox', name))).length;
    return { messages, wallSeconds, cpuSeconds: Number(userTime) + Number(systemTime) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
