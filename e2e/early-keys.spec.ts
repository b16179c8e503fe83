import { expect, test } from 'playwright/test';
import { signInAs } from './stack/pages.ts';

test('a key that is pressed before the page’s code is there does what it means', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const errors: string[] = [];
  // What the test's own tools try to run in the sandboxed frames of mail is refused there, and said.
  const isOfTools = (text: string) => /^Blocked script execution in '.*\/mail-frame'/.test(text);
  page.on('console', (message) => {
    if (message.type() === 'error' && !isOfTools(message.text())) errors.push(message.text());
  });
  const { promise: pressed, resolve } = Promise.withResolvers<void>();
  await page.route('**/_next/static/**/*.js', async (route) => {
    await pressed;
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByRole('button', { name: 'Compose' }).first()).toBeVisible();
  await page.keyboard.press('c');
  await expect(page.getByLabel('Subject', { exact: true })).toHaveCount(0);
  resolve();
  await expect(page.getByLabel('Subject', { exact: true })).toHaveCount(1);
  expect(errors).toEqual([]);
  // It takes what is typed: letters of a message are no actions on mail.
  await expect(page.getByLabel('To', { exact: true })).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.context().close();
});
