import { type Browser, expect, type Page, test } from 'playwright/test';
import { signInAs } from './stack/pages.ts';
import { stack } from './stack/stack.ts';

/** Somebody whom Ben has just invited, who has no mail account yet. */
async function newcomer(browser: Browser, role: 'User' | 'Admin'): Promise<Page> {
  const ben = await signInAs(browser, 'Ben');
  await ben.getByRole('button', { name: 'Settings' }).first().click();
  if (role === 'Admin') {
    const field = ben.getByLabel('Role');
    if ((await field.evaluate((element) => element.localName)) === 'select') {
      await field.selectOption({ label: role });
    } else {
      await field.click();
      await ben.getByRole('option', { name: role }).click();
    }
  }
  await ben.getByRole('button', { name: 'Make a one-time link' }).click();
  const link = (await ben.getByText(/\/join\//).textContent()) ?? '';
  await ben.context().close();
  const context = await browser.newContext({
    baseURL: stack().address,
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByLabel('Your name').fill('Nora New');
  await page.getByLabel('Email address').fill(`nora-${Date.now()}-${role}@people.example`);
  await page.getByLabel('Password').fill('quite a long password');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', { name: 'Which address shall we start with?' })).toBeVisible();
  return page;
}

test('whoever has no account yet can put it off, and sign out', async ({ browser }) => {
  const page = await newcomer(browser, 'User');
  await expect(page.getByRole('button', { name: 'Invite people first' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Later' }).click();
  await expect(page.getByText('No mail account yet')).toBeVisible();
  await page.reload();
  await expect(page.getByText('No mail account yet')).toBeVisible();
  await page
    .getByRole('region', { name: 'Conversations' })
    .getByRole('button', { name: 'Add an account' })
    .click();
  await expect(page.getByLabel('Email address')).toBeVisible();
  const other = await page.context().newPage();
  await other.goto('/mail');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(other).toHaveURL(/\/sign-in/);
  await page.context().close();
});

test('an admin without an account can invite people', async ({ browser }) => {
  const page = await newcomer(browser, 'Admin');
  await page.getByRole('button', { name: 'Invite people first' }).click();
  await expect(page.getByRole('button', { name: 'Make a one-time link' })).toBeVisible();
  await page.context().close();
});
