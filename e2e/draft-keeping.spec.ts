import { expect, type Page, test } from 'playwright/test';
import { rows, signInAs } from './stack/pages.ts';

async function write(page: Page, subject: string): Promise<void> {
  await page.keyboard.press('c');
  await page.getByLabel('Subject', { exact: true }).last().fill(subject);
  await expect(page.getByText(/Saved at/)).toBeVisible();
}

const composers = (page: Page) => page.getByRole('dialog', { name: /^Message: / });
const drafts = (page: Page) => page.getByRole('button', { name: /^Open the draft / });
const listed = (page: Page, subject: string) =>
  page.getByRole('button', { name: `Open the draft “${subject}”` });

async function goToDrafts(page: Page): Promise<void> {
  await page.keyboard.type('gd', { delay: 40 });
  await expect(page.getByRole('heading', { name: 'Drafts', level: 1 })).toBeVisible();
}

test('a discarded draft is gone for good at once, or comes back by Undo', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const subject = `On second thoughts ${Date.now()}`;
  await write(page, subject);
  const discarded = page.waitForResponse(/drafts\.discard/);
  await page.getByRole('button', { name: 'Discard this draft' }).click();
  await discarded;
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  await goToDrafts(page);
  await expect(listed(page, subject)).toHaveCount(0);
  await write(page, `${subject}, again`);
  await page.getByLabel('Message text').last().fill('and more');
  await page.getByRole('button', { name: 'Discard this draft' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByLabel('Message text').last()).toHaveText('and more');
  await page.keyboard.press('Escape');
  await expect(listed(page, `${subject}, again`)).toBeVisible();
  await page.context().close();
});

test('what nobody wrote in leaves no draft', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  await goToDrafts(page);
  await expect(page.getByRole('list', { name: 'Drafts' }).or(page.getByText('No drafts'))).toBeVisible();
  const before = await drafts(page).count();
  for (const [from, key] of [
    ['gi', 'c'],
    ['gi', 'r'],
  ] as const) {
    await page.keyboard.type(from, { delay: 40 });
    await expect(rows(page).first()).toBeVisible();
    await page.keyboard.press('j');
    await page.keyboard.press(key);
    await expect(page.getByLabel('Message text')).toBeVisible();
    const discarded = page.waitForResponse(/drafts\.discard/);
    await page.getByLabel('Message text').press('Escape');
    await discarded;
    await expect(composers(page)).toHaveCount(0);
  }
  await page.keyboard.press('c');
  await expect(page.getByLabel('Message text')).toBeVisible();
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  await goToDrafts(page);
  await expect(page.getByRole('list', { name: 'Drafts' }).or(page.getByText('No drafts'))).toBeVisible();
  await expect(drafts(page)).toHaveCount(before);
  await page.context().close();
});

test('the list of drafts is worked by its keys', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const stamp = Date.now();
  const [older, newer] = [`Older ${stamp}`, `Newer ${stamp}`];
  for (const subject of [older, newer]) {
    await write(page, subject);
    await page.keyboard.press('Escape');
    await expect(composers(page)).toHaveCount(0);
  }
  await goToDrafts(page);
  await expect(listed(page, newer)).toBeVisible();
  await page.keyboard.press('j');
  await expect(listed(page, newer)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('j');
  await expect(listed(page, older)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('k');
  await page.keyboard.press('o');
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue(newer);
  await page.keyboard.press('Escape');
  await expect(composers(page)).toHaveCount(0);
  await page.keyboard.press('Delete');
  await expect(listed(page, newer)).toHaveCount(0);
  await expect(listed(page, older)).toHaveAttribute('aria-current', 'true');
  await listed(page, older).hover();
  await page.getByRole('button', { name: `Discard the draft “${older}”` }).click();
  await expect(listed(page, older)).toHaveCount(0);
  await page.context().close();
});
