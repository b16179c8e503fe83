import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checks } from './checks.ts';
import { runCheck } from './run-check.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const configuration = ['biome.json', '.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'];

let folder = '';

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** A small tree with this project's configuration that every check finds clean. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-lint-'));
  for (const name of configuration) cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  plant('.gitignore', 'node_modules\n');
  plant('.git/HEAD', 'ref: refs/heads/main\n');
  plant(
    'knip.json',
    '{ "entry": ["worker/main.ts"], "project": ["src/**/*.ts", "worker/**/*.ts"], "include": ["files", "exports"] }\n',
  );
  plant('worker/main.ts', "import { greet } from '#mail/greet.ts';\n\nprocess.title = greet('worker');\n");
  plant('src/mail/greet.ts', 'export function greet(name: string): string {\n  return name.trim();\n}\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function check(name: string) {
  const found = checks.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no check of ${name}.`);
  return runCheck(found, folder);
}

describe.each(checks.map(({ name }) => name))('%s', (name) => {
  it('finds a clean tree clean, and has looked at it', async () => {
    const { isClean, looked, output } = await check(name);
    expect(output.includes('error') ? output : '').toBe('');
    expect(isClean).toBe(true);
    expect(looked).not.toBe(0);
  });
});

it('the linter refuses what is forbidden', async () => {
  plant('src/mail/loose.ts', 'export function loose(value: any): any {\n  return value;\n}\n');
  const { isClean, output } = await check('linter and formatter');
  expect(isClean).toBe(false);
  expect(output).toContain('noExplicitAny');
});

it('the linter refuses a promise that nobody waits for', async () => {
  plant(
    'src/mail/floating.ts',
    'async function later(): Promise<void> {}\n\nexport function start(): void {\n  later();\n}\n',
  );
  expect((await check('linter and formatter')).output).toContain('noFloatingPromises');
});

it('the formatter refuses another format', async () => {
  plant('src/mail/crooked.ts', 'export   const crooked = {a:1,\n b:"2"}\n');
  const { isClean, output } = await check('linter and formatter');
  expect(isClean).toBe(false);
  expect(output).toMatch(/format/i);
});

it('the import check refuses an import upwards, and sees through package imports', async () => {
  plant('src/api/answer.ts', 'export const answer = 42;\n');
  plant(
    'src/mail/upward.ts',
    "import { answer } from '#api/answer.ts';\n\nexport const twice = answer * 2;\n",
  );
  const { isClean, output } = await check('import directions');
  expect(isClean).toBe(false);
  expect(output).toContain('mail-imports-down');
});

it('the import check lets the screen see the API by its types alone', async () => {
  plant('src/api/answer.ts', 'export interface Answer {\n  value: number;\n}\nexport const answer = 42;\n');
  plant(
    'src/ui/shown.ts',
    "import type { Answer } from '#api/answer.ts';\n\nexport const shown: Answer = { value: 1 };\n",
  );
  expect((await check('import directions')).isClean).toBe(true);
  plant('src/ui/shown.ts', "import { answer } from '#api/answer.ts';\n\nexport const shown = answer;\n");
  expect((await check('import directions')).output).toContain('ui-imports-down');
});

it('the import check refuses a circle', async () => {
  plant('src/mail/one.ts', "import { two } from './two.ts';\n\nexport const one = () => two;\n");
  plant('src/mail/two.ts', "import { one } from './one.ts';\n\nexport const two = () => one;\n");
  expect((await check('import directions')).output).toContain('no-circles');
});

it('the dead-code check finds a file and an export that nobody uses', async () => {
  plant('src/mail/unused.ts', 'export const unused = 1;\n');
  plant(
    'src/mail/greet.ts',
    'export const lonely = 1;\nexport function greet(name: string): string {\n  return name.trim();\n}\n',
  );
  const { isClean, output } = await check('dead code');
  expect(isClean).toBe(false);
  expect(output).toContain('src/mail/unused.ts');
  expect(output).toContain('lonely');
});

it('a check that looked at nothing is no check', async () => {
  const nothing = {
    name: 'nothing',
    command: 'depcruise',
    args: ['--version'],
    looked: /(\d+) modules/,
    counted: 'modules',
  };
  expect((await runCheck(nothing, folder)).isClean).toBe(false);
});
