import { expect, test } from 'playwright/test';
import { signIn, signInAs } from './stack/pages.ts';
import { person, stack } from './stack/stack.ts';

test('a signed-out visitor sees nothing but the door', async ({ page }) => {
  const { address } = stack();
  await page.goto(`${address}/mail/all/inbox`);
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText('plain http')).toBeVisible();
  const headers = { 'x-middleware-subrequest': 'middleware:middleware:middleware', RSC: '1' };
  const shell = await page.request.get(`${address}/mail/all/inbox`, { headers, maxRedirects: 0 });
  expect(await shell.text()).not.toContain('anna@demo.example');
  for (const path of ['accounts.list', 'users.me', 'submissions.list']) {
    const answer = await page.request.get(`${address}/api/trpc/${path}`);
    expect(answer.status(), path).toBe(401);
  }
});

test('a wrong password is refused in plain words', async ({ page }) => {
  await page.goto(`${stack().address}/sign-in`);
  await page.getByLabel('Email address').fill(person('Anna').email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Address and password do not go together')).toBeVisible();
});

test('another site cannot act with a visitor’s cookie', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  for (const origin of ['https://evil.example', 'null']) {
    const answer = await page.request.post('/api/trpc/users.saveSettings', {
      headers: { origin, 'content-type': 'application/json' },
      data: { theme: 'dark' },
    });
    expect(answer.status(), origin).toBe(403);
  }
  await page.context().close();
});

test('an admin invites somebody by a link that works once', async ({ browser }) => {
  const admin = await signInAs(browser, 'Ben');
  await admin.getByRole('button', { name: 'Settings' }).first().click();
  await admin.getByRole('button', { name: 'Make a one-time link' }).click();
  const link = (await admin.getByText(/\/join\//).textContent()) ?? '';
  expect(link).toContain(`${stack().address}/join/`);

  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  const email = `new${Date.now()}@people.example`;
  await page.getByLabel('Your name').fill('Nia New');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill('a long enough password');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page).toHaveURL(/\/(mail|sign-in)/);
  await context.close();

  const again = await browser.newPage();
  await again.goto(link);
  await expect(again.getByText('This link no longer works')).toBeVisible();
  await again.close();

  const nia = await signIn(browser, { email, password: 'a long enough password' });
  await expect(nia.getByText('Which address shall we start with?')).toBeVisible();
  await nia.context().close();
  await admin.context().close();
});
