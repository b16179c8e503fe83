import { expect, type Page, test } from 'playwright/test';
import { signInAs } from './stack/pages.ts';

const drafts = (page: Page, subject: string) =>
  page.getByRole('button', { name: `Open the draft “${subject}”` });

test('a draft follows in a second window: made, changed, and gone when it is discarded', async ({
  browser,
}) => {
  const writing = await signInAs(browser, 'Anna');
  const looking = await signInAs(browser, 'Anna');
  await looking.getByRole('link', { name: 'Drafts' }).first().click();
  const subject = `Seen from afar ${Date.now()}`;
  await writing.keyboard.press('c');
  await writing.getByLabel('Subject', { exact: true }).last().fill(subject);
  await expect(drafts(looking, subject)).toBeVisible();
  await writing.getByLabel('Message text').last().fill('Word by word');
  await expect(drafts(looking, subject)).toContainText('Word by word');
  await writing.getByRole('button', { name: 'Discard this draft' }).last().click();
  await expect(drafts(looking, subject)).toHaveCount(0);
  await writing.context().close();
  await looking.context().close();
});
