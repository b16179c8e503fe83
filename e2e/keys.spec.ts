import { expect, test } from 'playwright/test';
import { rows, signInAs } from './stack/pages.ts';

const goings = [
  ['g s', 'Starred'],
  ['g t', 'Sent'],
  ['g d', 'Drafts'],
  ['g a', 'Archive'],
  ['g k', 'Junk'],
  ['g i', 'Inbox'],
] as const;

test('two keys after one another go where they say, and do nothing else', async ({ browser }) => {
  const page = await signInAs(browser, 'Anna');
  const stars = rows(page).filter({ hasText: 'Starred' });
  const starred = await stars.count();
  await page.keyboard.press('j');
  for (const delay of [40, 150]) {
    for (const [keys, heading] of goings) {
      await page.keyboard.type(keys.replace(' ', ''), { delay });
      await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
    }
  }
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.type('gq', { delay: 40 });
  await page.keyboard.type('*u', { delay: 40 });
  await expect(page.getByText(/^\d+ selected$/)).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await stars.count()).toBe(starred);
});
