import { type Browser, expect, type Page, test } from 'playwright/test';
import { person, stack } from './stack/stack.ts';

async function signIn(browser: Browser, name: 'Anna' | 'Ben'): Promise<Page> {
  const context = await browser.newContext({ baseURL: stack().address, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const { email, password } = person(name);
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  return page;
}

test('a signed-out visitor sees nothing but the door', async ({ page }) => {
  await page.goto(`${stack().address}/mail/all/inbox`);
  await expect(page).toHaveURL(/\/sign-in/);
  const api = await page.request.get(`${stack().address}/api/trpc/accounts.list`);
  expect(api.status()).toBe(401);
});

test('a reply arrives in the other account, live, and joins its thread', async ({ browser }) => {
  const anna = await signIn(browser, 'Anna');
  const ben = await signIn(browser, 'Ben');
  const subject = `Lunch ${Date.now()}`;

  await anna.keyboard.press('c');
  const composer = anna.getByRole('dialog').or(anna.getByRole('region', { name: /Message/ })).last();
  await anna.getByLabel('To', { exact: true }).last().fill(person('Ben').email);
  await anna.keyboard.press('Enter');
  await anna.getByLabel('Subject').last().fill(subject);
  await anna.getByLabel('Message text').last().fill('Shall we have soup today?');
  await anna.keyboard.press('Control+Enter');
  await expect(anna.getByText(`Sending “${subject}”…`)).toBeVisible();
  void composer;

  const row = ben.getByRole('row').or(ben.getByRole('option')).filter({ hasText: subject });
  await expect(row).toBeVisible({ timeout: 30_000 });
  await row.click();
  await expect(ben.getByText('Shall we have soup today?').last()).toBeVisible();
  await ben.getByRole('button', { name: 'Reply', exact: true }).last().click();
  await ben.getByLabel('Message text').last().press('Control+Home');
  await ben.getByLabel('Message text').last().pressSequentially('Yes, at noon.');
  await ben.keyboard.press('Control+Enter');

  const answer = anna.getByRole('row').or(anna.getByRole('option')).filter({ hasText: subject });
  await expect(answer).toBeVisible({ timeout: 30_000 });
  await answer.click();
  await expect(anna.getByText('Yes, at noon.').first()).toBeVisible();
  await expect(anna.getByText('Shall we have soup today?').first()).toBeVisible();
});
