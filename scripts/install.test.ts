import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mailroom-install-'));
const program = join(folder, 'program.mjs');
const starter = join(folder, 'starter.mjs');
const started = new Set<ChildProcess>();

/** Says that it is up, and what it is told; ends a moment after the first word, so that a second one is heard. */
writeFileSync(
  program,
  `const told = (what) => { console.log(what); setTimeout(() => process.exit(7), 300); };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => told(signal));
  process.on('disconnect', () => told('disconnect'));
  console.log('up');`,
);
writeFileSync(
  starter,
  `import { continueIn } from ${JSON.stringify(join(root, 'scripts', 'install.mjs'))};
  await continueIn(${JSON.stringify(relative(root, program))}, []);`,
);

interface Running {
  child: ChildProcess;
  /** What the program has said by the time that all is over. */
  heard: Promise<string[]>;
  code: Promise<number | null>;
}

async function start(command: string, env: Record<string, string> = {}): Promise<Running> {
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: '', ...env },
  });
  started.add(child);
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines: string[] = [];
  const first = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<string[]>();
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      lines.push(line);
      first.resolve();
    })
    .on('close', () => ended.resolve(lines.slice(1)));
  await first.promise;
  return { child, heard: ended.promise, code };
}

const alone = `exec ${process.execPath} ${starter}`;
// What follows keeps the shell from making way for its only command.
const inShell = `${process.execPath} ${starter}; true`;

afterEach(() => {
  for (const { pid } of started) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
  started.clear();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('going on in a program', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'passes %s on once, and ends as the program does',
    async (signal) => {
      const { child, heard, code } = await start(alone);
      child.kill(signal);
      child.kill(signal);
      expect(await heard).toEqual(['SIGTERM']);
      expect(await code).toBe(7);
    },
  );

  it('makes one Ctrl-C of what a terminal sends to all', async () => {
    const { child, heard } = await start(alone);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect((await heard).sort()).toEqual(['SIGINT', 'SIGTERM']);
  });

  it('lets the program see that we were killed', async () => {
    const { child, heard } = await start(alone);
    child.kill('SIGKILL');
    expect(await heard).toEqual(['disconnect']);
  });

  it('stops the program when npm and its shell are gone', async () => {
    const { child, heard } = await start(inShell, { npm_lifecycle_event: 'demo' });
    child.kill('SIGTERM');
    expect(await heard).toEqual(['SIGTERM']);
  });
});
