import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, expect, type Page, test } from 'playwright/test';
import { browserPath } from '../scripts/test/browser.ts';
import { rows, signInAs } from './stack/pages.ts';
import { person, stack } from './stack/stack.ts';

const text = (page: Page) => page.getByLabel('Message text').last();
const composers = (page: Page) => page.getByRole('dialog', { name: /^Message: / });

async function write(page: Page, subject: string, words: string): Promise<void> {
  await page.keyboard.press('c');
  await page.getByLabel('Subject', { exact: true }).last().fill(subject);
  await text(page).click();
  await page.keyboard.type(words);
}

/** A browser of its own, which can be killed as a crash would. */
async function launch(profile: string): Promise<{ browser: Browser; process: ChildProcess }> {
  rmSync(join(profile, 'DevToolsActivePort'), { force: true });
  const process_ = spawn(
    browserPath(),
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...[`--user-data-dir=${profile}`, '--window-size=1440,900', 'about:blank'],
    ],
    { stdio: 'ignore', detached: true },
  );
  let port = '';
  await expect
    .poll(async () => {
      port =
        (await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n')[0] ?? '';
      return port;
    })
    .not.toBe('');
  return { browser: await chromium.connectOverCDP(`http://127.0.0.1:${port}`), process: process_ };
}

function kill({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return Promise.resolve();
  process.kill(-pid, 'SIGKILL');
  return expect
    .poll(() => {
      try {
        process.kill(-pid, 0);
        return true;
      } catch {
        return false;
      }
    })
    .toBe(false);
}

async function firstPage(browser: Browser): Promise<Page> {
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('The browser has no context.');
  return context.newPage();
}

async function signInIfAsked(page: Page): Promise<void> {
  const address = page.getByLabel('Email address');
  await expect(address.or(rows(page).first())).toBeVisible();
  if (await address.isVisible()) {
    await address.fill(person('Anna').email);
    await page.getByLabel('Password').fill(person('Anna').password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await expect(rows(page).first()).toBeVisible();
}

test('a browser killed while typing loses at most the last 2 seconds', async () => {
  test.setTimeout(120_000);
  const profile = mkdtempSync(join(tmpdir(), 'mailroom-killed-'));
  const first = await launch(profile);
  const page = await firstPage(first.browser);
  await page.goto(`${stack().address}/mail`);
  await signInIfAsked(page);
  const subject = `Killed ${Date.now()}`;
  await write(page, subject, '');
  // The server hears nothing of it: what comes back was kept by the browser alone.
  await page.route('**/api/trpc/drafts.save*', (route) => route.abort());
  const typed: { word: string; at: number }[] = [];
  const end = Date.now() + 8000;
  for (let index = 0; Date.now() < end; index += 1) {
    await page.keyboard.type(`w${index} `);
    typed.push({ word: `w${index}`, at: Date.now() });
  }
  const killedAt = Date.now();
  await kill(first.process);

  const second = await launch(profile);
  const again = await firstPage(second.browser);
  await again.goto(`${stack().address}/mail`);
  // A browser that dies within half a minute forgets that one had signed in.
  await signInIfAsked(again);
  await expect(again.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  const kept = ((await text(again).textContent()) ?? '').split(/\s+/);
  const due = typed.filter(({ at }) => at <= killedAt - 2000).map(({ word }) => word);
  expect(due.length).toBeGreaterThan(10);
  expect(kept).toEqual(expect.arrayContaining(due));
  // And now the server has it too.
  await expect(again.getByText(/Saved at/).last()).toBeVisible();
  await kill(second.process);
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('a composer is open again after a reload, with every letter', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `Reloaded ${Date.now()}`;
  await write(page, subject, 'to the last letter');
  const input = page.locator('input[type=file][aria-label="Attach files"]').last();
  await input.setInputFiles({ name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('words') });
  const attached = page.getByRole('button', { name: 'Remove list.txt' });
  await expect(attached).toBeVisible();
  await expect(page.getByRole('progressbar', { name: /list\.txt/ })).toHaveCount(0);
  // What is shown now is what this browser knows: the server says nothing of it.
  await page.route(/drafts\.(get|list)/, async (route) => {
    const response = await route.fetch();
    const answers: unknown[] = await response.json();
    const calls = new URL(route.request().url()).pathname.split('/').at(-1)?.split(',') ?? [];
    const data = { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, problem: null };
    const failed = { error: { message: 'away', code: -32_603, data } };
    const json = answers.map((answer, index) => (calls[index]?.startsWith('drafts.') ? failed : answer));
    await route.fulfill({ response, json });
  });
  await page.reload();
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  await expect(text(page)).toHaveText('to the last letter');
  await expect(attached).toBeVisible();
  await page.unroute(/drafts\.(get|list)/);
  await text(page).press('Escape');
  await expect(composers(page)).toHaveCount(0);
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  await expect(composers(page)).toHaveCount(0);
  await page.context().close();
});

test('a second window does not open what is open in the first', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await write(page, `Mine ${Date.now()}`, 'here');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  const other = await page.context().newPage();
  await other.goto('/mail');
  await expect(rows(other).first()).toBeVisible();
  await expect(composers(other)).toHaveCount(0);
  await page.context().close();
});

test('writing goes on offline, also of a new message, and is saved once there is a connection', async ({
  browser,
}) => {
  const page = await signInAs(browser, 'Anna');
  const warm = `Warm ${Date.now()}`;
  await write(page, warm, 'online');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await page.context().setOffline(true);
  await page.keyboard.type(' and offline');
  await expect(page.getByText('Kept on this device; saved once Mailroom answers')).toBeVisible();
  await page.getByRole('button', { name: 'Minimise' }).click();
  const begun = `Begun offline ${Date.now()}`;
  await page.getByRole('button', { name: 'Compose' }).first().click();
  await page.getByLabel('Subject', { exact: true }).last().fill(begun);
  await page.context().setOffline(false);
  const other = await signInAs(browser, 'Anna');
  await other.getByRole('link', { name: 'Drafts' }).first().click();
  const listed = (subject: string) => other.getByRole('button', { name: `Open the draft “${subject}”` });
  await expect(listed(begun)).toBeVisible({ timeout: 20_000 });
  await expect(listed(warm)).toContainText('online and offline');
  await page.context().close();
  await other.context().close();
});

test('two windows on one draft: the untouched one follows, and both written in ask whose it is to be', async ({
  browser,
}) => {
  const one = await signInAs(browser, 'Anna');
  const subject = `Both ${Date.now()}`;
  await write(one, subject, 'first');
  await expect(one.getByText(/Saved at/)).toBeVisible();
  const two = await signInAs(browser, 'Anna');
  await two.getByRole('link', { name: 'Drafts' }).first().click();
  await two.getByRole('button', { name: `Open the draft “${subject}”` }).click();
  await expect(text(two)).toHaveText('first');
  await text(one).press('End');
  await one.keyboard.type(' second');
  await expect(text(two)).toHaveText('first second');

  // Both write at once: the one whose save comes second is asked.
  await two.route('**/api/trpc/drafts.save*', async (route) => {
    await expect(one.getByText('Saving…').or(one.getByText(/Saved at/))).toBeVisible();
    await route.continue();
  });
  await two.context().setOffline(true);
  await text(two).press('End');
  await two.keyboard.type(' of two');
  await text(one).press('End');
  await one.keyboard.type(' of one');
  await expect(one.getByText(/Saved at/)).toBeVisible();
  await two.context().setOffline(false);
  await expect(two.getByRole('button', { name: 'Keep mine' })).toBeVisible({ timeout: 20_000 });
  await expect(text(two)).toHaveText('first second of two');
  await two.getByRole('button', { name: 'Load the newer one' }).click();
  await expect(text(two)).toHaveText('first second of one');
  await one.context().close();
  await two.context().close();
});

test('two tabs of one browser on one draft: neither takes the other’s unsaved words', async ({ browser }) => {
  test.setTimeout(120_000);
  const one = await signInAs(browser, 'Anna');
  const subject = `Tabs ${Date.now()}`;
  await write(one, subject, 'first');
  await expect(one.getByText(/Saved at/)).toBeVisible();
  const open = async () => {
    const tab = await one.context().newPage();
    await tab.goto('/mail');
    await tab.getByRole('link', { name: 'Drafts' }).first().click();
    await tab.getByRole('button', { name: `Open the draft “${subject}”` }).click();
    await expect(text(tab)).toHaveText('first');
    return tab;
  };
  const two = await open();
  const three = await open();
  // Of the first and the third the server hears nothing: what they hold is in this browser alone.
  for (const tab of [one, three]) await tab.route('**/api/trpc/drafts.save*', (route) => route.abort());
  const add = async (tab: Page, words: string) => {
    await text(tab).press('Control+End');
    await tab.keyboard.type(words);
  };
  await add(one, ' of one');
  await add(three, ' of three');
  await add(two, ' of two');
  await expect(two.getByText(/Saved at/)).toBeVisible();

  // Signing out in the tab that is saved asks all the same.
  await two.getByRole('button', { name: 'You and Mailroom' }).first().click();
  await two.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(two.getByText('Not everything is saved')).toBeVisible();
  await two.keyboard.press('Escape');

  await one.unroute('**/api/trpc/drafts.save*');
  await one.reload();
  await expect(one.getByRole('button', { name: 'Keep mine' })).toBeVisible({ timeout: 20_000 });
  await expect(text(one)).toHaveText('first of one');

  // The third is closed: whoever comes next takes over what it held, beside what stands open there.
  await three.close();
  await one.reload();
  await expect(composers(one)).toHaveCount(2);
  await expect(one.getByLabel('Message text').filter({ hasText: 'first of three' })).toHaveCount(1);
  await expect(one.getByLabel('Message text').filter({ hasText: 'first of one' })).toHaveCount(1);
  await one.getByRole('button', { name: 'Keep mine' }).click();
  await expect(one.getByText(/Saved at/)).toHaveCount(2, { timeout: 20_000 });
  await expect(text(two)).toHaveText('first of one');
  await one.context().close();
});

test('what an older Mailroom kept in this browser is opened by this one', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await page.route('**/api/trpc/drafts.save*', (route) => route.abort());
  const subject = `Older ${Date.now()}`;
  await write(page, subject, 'kept long ago');
  await expect(page.getByText('Kept on this device; saved once Mailroom answers')).toBeVisible();
  // The same row as version 1 of the database held it.
  await page.goto('/sign-in-help-that-is-no-page');
  await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const name =
      (await indexedDB.databases()).map((each) => each.name ?? '').find((each) => /^mailroom-/.test(each)) ??
      '';
    const newer = await done(indexedDB.open(name));
    const rows = await done(newer.transaction('drafts').objectStore('drafts').getAll());
    newer.close();
    await done(indexedDB.deleteDatabase(name));
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore('drafts', { keyPath: 'draftId' });
      for (const row of rows) store.put(row);
    };
    (await done(request)).close();
  });
  await page.goto('/mail');
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  await expect(text(page)).toHaveText('kept long ago');
  await page.unroute('**/api/trpc/drafts.save*');
  await expect(page.getByText(/Saved at/)).toBeVisible({ timeout: 40_000 });
  await page.context().close();
});

test('signing out saves first, or asks; what stays is for the same person alone', async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await signInAs(browser, 'Anna');
  const subject = `Left ${Date.now()}`;
  await write(page, subject, 'unsaved');
  await page.route('**/api/trpc/drafts.save*', (route) => route.abort());
  await page.keyboard.type(' words');
  const signOut = async () => {
    await page.getByRole('button', { name: 'You and Mailroom' }).first().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
  };
  await signOut();
  await expect(page.getByText('Not everything is saved')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out and keep it here' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.unroute('**/api/trpc/drafts.save*');

  const signIn = async (name: 'Anna' | 'Ben') => {
    const { email, password } = person(name);
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(rows(page).first()).toBeVisible();
  };
  await signIn('Ben');
  await expect(composers(page)).toHaveCount(0);
  await signOut();
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn('Anna');
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(subject);
  await expect(text(page)).toHaveText('unsaved words');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await signOut();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(await page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);
  await page.context().close();
});

test('a session that has ended keeps the text for the same person', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `Expired ${Date.now()}`;
  await write(page, subject, 'before');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await page.context().clearCookies();
  await page.keyboard.type(' and after');
  // Nobody is led away while they type.
  await expect(text(page)).toHaveText('before and after');
  await expect(
    page.getByText('You are signed out.').or(page.getByLabel('Email address')).first(),
  ).toBeVisible();
  await page.goto('/sign-in');
  const { email, password } = person('Anna');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(text(page)).toHaveText('before and after');
  await expect(page.getByText(/Saved at/)).toBeVisible();
  await page.context().close();
});
