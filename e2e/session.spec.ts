import { type BrowserContext, expect, type Page, test } from 'playwright/test';
import { readAccessToken, signAccessToken } from '../src/identity/tokens/access-token.ts';
import { signingKeys } from '../src/identity/tokens/signing-keys.ts';
import { rows, signInAs } from './stack/pages.ts';
import { stack } from './stack/stack.ts';

const access = 'mailroom.session';
const refresh = 'mailroom.refresh';
const fresh = 'mailroom.session-fresh';

async function cookieOf(context: BrowserContext, name: string): Promise<string> {
  return (await context.cookies()).find((cookie) => cookie.name === name)?.value ?? '';
}

/** As if a quarter of an hour had passed: the access token has expired, and the browser has let go of what tells that it is fresh. */
async function expire(context: BrowserContext): Promise<void> {
  const { address, signingKeyFile } = stack();
  const keys = signingKeys(signingKeyFile);
  const claim = await readAccessToken(keys, address, await cookieOf(context, access));
  if (claim === null) throw new Error('The session has no access token of ours.');
  const expired = await signAccessToken(keys, address, claim, Math.floor(Date.now() / 1000) - 1);
  await context.clearCookies({ name: fresh });
  await context.addCookies([{ name: access, value: expired, url: address, httpOnly: true, sameSite: 'Lax' }]);
}

/** Asks the server for something new, as the screen does. */
async function refreshMail(page: Page): Promise<void> {
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
}

test('a session goes on when its access token has expired, in two tabs at once', async ({ browser }) => {
  const first = await signInAs(browser, 'Anna');
  const context = first.context();
  const second = await context.newPage();
  await second.goto('/mail/all/inbox');
  await expect(rows(second).first()).toBeVisible();
  for (let round = 0; round < 3; round += 1) {
    const before = await cookieOf(context, refresh);
    await expire(context);
    await Promise.all([refreshMail(first), refreshMail(second)]);
    expect(await cookieOf(context, refresh)).not.toBe(before);
  }
  await expect(first).toHaveURL(/\/mail/);
  await expect(second).toHaveURL(/\/mail/);
  await context.close();
});

test('signing out ends the session, also for whoever has a copy of its cookies', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const copies = await page.context().cookies();
  await page.getByRole('button', { name: 'You and Mailroom' }).first().click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  expect(await cookieOf(page.context(), access)).toBe('');
  expect(await cookieOf(page.context(), refresh)).toBe('');
  const thief = await browser.newContext({ baseURL: stack().address });
  await thief.addCookies(copies);
  const answer = await thief.request.get('/api/trpc/users.me');
  expect(answer.status()).toBe(401);
  const exchange = await thief.request.post('/api/session/refresh', {
    headers: { origin: stack().address, 'content-type': 'application/json' },
    data: {},
  });
  expect(exchange.status()).toBe(401);
  await thief.close();
  await page.context().close();
});

test('a refresh token that is used again elsewhere signs both out', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const context = page.context();
  const stolen = (await context.cookies()).filter(({ name }) => name === refresh);
  await expire(context);
  await refreshMail(page);
  const thief = await browser.newContext({ baseURL: stack().address });
  await thief.addCookies(stolen);
  const exchange = await thief.request.post('/api/session/refresh', {
    headers: { origin: stack().address, 'content-type': 'application/json' },
    data: {},
  });
  expect(exchange.status()).toBe(401);
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in/);
  await thief.close();
  await context.close();
});

test('a person sees where they are signed in, and signs out all but this device at once', async ({
  browser,
}) => {
  const here = await signInAs(browser, 'Anna');
  const there = await signInAs(browser, 'Anna', {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0',
  });
  await here.getByRole('button', { name: 'Settings' }).first().click();
  const dialog = here.getByRole('dialog');
  await expect(dialog.getByText('Where you are signed in')).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Firefox on Linux' }).first()).toContainText(
    '127.0.0.1',
  );
  await expect(dialog.getByRole('listitem').filter({ hasText: 'This device' })).toHaveCount(1);
  await expect(
    dialog.getByRole('listitem').filter({ hasText: 'Signed in on a new device' }).first(),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Sign out everywhere else' }).click();
  // It is told so at once: nobody has touched it.
  await expect(there).toHaveURL(/\/sign-in/);
  await expect(dialog.getByRole('button', { name: 'Sign out everywhere else' })).toHaveCount(0);
  await here.keyboard.press('Escape');
  await refreshMail(here);
  await there.context().close();
  await here.context().close();
});
