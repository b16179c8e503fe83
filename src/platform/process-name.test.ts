import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { isGone, processName } from './process-name.ts';

const module = new URL('./process-name.ts', import.meta.url).pathname;

it('a process that runs is not gone', () => {
  expect(isGone(processName())).toBe(false);
});

it('a process that has ended is gone', () => {
  const program = `import { processName } from ${JSON.stringify(module)}; process.stdout.write(processName())`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(stdout).not.toBe('');
  expect(isGone(stdout)).toBe(true);
});

it('another process that took the number is not mistaken for it', () => {
  expect(isGone(processName().replace(/\d+$/, '1'))).toBe(true);
});

it('what cannot be seen from here counts as running', () => {
  expect(isGone(randomUUID())).toBe(false);
  expect(isGone(`${randomUUID()} pid:[1] 1 1`)).toBe(false);
});
