import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { signIn } from './stack/pages.ts';

const root = new URL('..', import.meta.url).pathname;

/** The processes that were started with this state. */
function processesOf(state: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MAILROOM_STATE=${state}`)
      );
    } catch {
      // It has ended, or is somebody else's.
      return false;
    }
  });
}

/** The first command, as a bare shell gives it. */
async function run(state: string) {
  const child = spawn('node', [join(root, 'scripts', 'demo.mjs')], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', MAILROOM_STATE: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  await expect.poll(() => said, { timeout: 120_000 }).toContain('Ctrl-C stops everything.');
  const address = /Open\s+(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1] ?? '';
  const logins = [...said.matchAll(/Sign in\s+(\S+)\s+(\S+)\s+\((.*)\)/g)].map(
    ([, email = '', password = '', role = '']) => ({ email, password, role }),
  );
  return {
    address,
    logins,
    async interrupt() {
      child.kill('SIGINT');
      return code;
    },
  };
}

test('the first command comes up, ends with nothing left at Ctrl-C, and is the same again', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const state = mkdtempSync(join(tmpdir(), 'mailroom-command-'));
  try {
    const first = await run(state);
    expect(first.logins.map(({ role }) => role)).toEqual(['ordinary user', 'admin']);
    expect(processesOf(state).length).toBeGreaterThan(2);
    const [login] = first.logins;
    if (login === undefined) throw new Error('No login was printed.');
    const page = await signIn(browser, login, { baseURL: first.address });
    await expect(page.getByRole('row').first()).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('c');
    await page.getByLabel('Subject', { exact: true }).last().fill('It was here before');
    await expect(page.getByText(/Saved at/)).toBeVisible();
    await page.context().close();
    expect(await first.interrupt()).toBe(0);
    expect(processesOf(state)).toEqual([]);

    const second = await run(state);
    expect(second.logins).toEqual(first.logins);
    const again = await signIn(browser, login, { baseURL: second.address });
    await again.getByRole('link', { name: 'Drafts' }).first().click();
    await expect(again.getByText('It was here before').first()).toBeVisible();
    await again.context().close();
    expect(await second.interrupt()).toBe(0);
    expect(processesOf(state)).toEqual([]);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
});
