import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { startPostgres } from '../scripts/embedded-postgres.ts';
import { anyFreePort } from '../scripts/free-port.ts';
import { migrateAt } from '../scripts/migrate.ts';
import { signIn } from './stack/pages.ts';

const root = new URL('..', import.meta.url).pathname;

/** `npm start` with this environment and nothing else. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.ts')], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, code, said: () => said };
}

async function stop({ child, code }: { child: ChildProcess; code: Promise<number | null> }): Promise<void> {
  child.kill('SIGTERM');
  await code;
}

test('the web process does not start for others to reach without knowing its address', async () => {
  const { code, said } = start({ HOST: '0.0.0.0', DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(await code).toBe(1);
  expect(said()).toContain('APP_URL is required because HOST (0.0.0.0) is not a loopback address.');
  const plain = start({ APP_URL: 'http://mail.example.org', DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(await plain.code).toBe(1);
  expect(plain.said()).toContain('APP_URL must be https');
});

test('the first start says what to back up, and lets the first admin in by a link that works once', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-start-'));
  const postgres = await startPostgres({ dataFolder: join(folder, 'postgres'), throwaway: true });
  const port = await anyFreePort();
  const address = `http://127.0.0.1:${port}`;
  const keyFile = join(folder, 'keys', 'mailroom.key');
  const env = {
    DATABASE_URL: postgres.url,
    PORT: String(port),
    KEY_FILE: keyFile,
    SESSION_SECRET_FILE: join(folder, 'keys', 'session.secret'),
    SIGNING_KEY_FILE: join(folder, 'keys', 'signing.key'),
    BLOB_FOLDER: join(folder, 'blobs'),
  };
  try {
    const early = start(env);
    expect(await early.code).toBe(1);
    expect(early.said()).toContain('npm run db:migrate');
    rmSync(keyFile);

    await migrateAt(postgres.url);
    const first = start(env);
    await expect.poll(first.said, { timeout: 60_000 }).toContain('Ready in');
    expect(first.said()).toContain(`The key file ${keyFile} was made. Back it up`);
    expect(existsSync(keyFile)).toBe(true);
    const link = /http:\/\/\S+\/join\/\S+/.exec(first.said())?.[0] ?? '';
    expect(link.startsWith(`${address}/join/`)).toBe(true);

    const page = await browser.newPage();
    await page.goto(link);
    await page.getByLabel('Your name').fill('Ada First');
    await page.getByLabel('Email address').fill('ada@people.example');
    await page.getByLabel('Password').fill('a long enough password');
    await page.getByRole('button', { name: 'Create my account' }).click();
    await expect(page).toHaveURL(/\/(mail|sign-in)/);
    await page.goto(link);
    await expect(page.getByText('This link no longer works')).toBeVisible();
    await page.close();
    await stop(first);

    const second = start(env);
    await expect.poll(second.said, { timeout: 60_000 }).toContain('Ready in');
    expect(second.said()).not.toContain('/join/');
    expect(second.said()).not.toContain('Back it up');
    const who = { email: 'ada@people.example', password: 'a long enough password' };
    const ada = await signIn(browser, who, { baseURL: address });
    await expect(ada.getByText('Which address shall we start with?')).toBeVisible();
    await ada.context().close();
    await stop(second);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
