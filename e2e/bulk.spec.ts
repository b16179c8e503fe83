import { expect, type Page, test } from 'playwright/test';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, signInAs } from './stack/pages.ts';

const many = 1500;

async function selectWhole(page: Page): Promise<void> {
  await page.keyboard.press('*');
  await page.keyboard.press('a');
  // The mailbox is counted while its older mails still come.
  await expect(page.getByRole('button', { name: /^Select all 1,500 mails in Inbox/ })).toBeVisible({
    timeout: 90_000,
  });
  await page.keyboard.press('*');
  await page.keyboard.press('w');
  await expect(page.getByText('All 1,500 mails in Inbox')).toBeVisible();
}

test('a whole mailbox is marked and archived, with progress, stop and undo', async ({ browser }) => {
  test.setTimeout(240_000);
  const mailbox = await ownMailbox();
  const { client } = mailbox;
  for (let index = 0; index < many; index += 1)
    await client.append('INBOX', rawMail(`Number ${index}`, 'Words'));
  const page = await signInAs(browser, 'Ben');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });
  const jobs = page.getByRole('list', { name: 'Actions on whole mailboxes' });
  const list = page.getByRole('region', { name: 'Conversations' });
  const unread = list.getByText('1,500 unread', { exact: true });
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  await expect(unread).toBeVisible({ timeout: 90_000 });

  await selectWhole(page);
  await page.keyboard.press('Shift+I');
  await expect(jobs.getByRole('progressbar', { name: 'Marking as read' })).toBeVisible();
  await expect(jobs.getByText('1,500 mails marked as read')).toBeVisible({ timeout: 60_000 });
  await expect(unread).toHaveCount(0);
  await page.keyboard.press('z');
  await expect(page.getByText('Undone')).toBeVisible({ timeout: 60_000 });
  await expect(jobs).toHaveCount(0);
  await expect(unread).toBeVisible();

  await selectWhole(page);
  await page.getByRole('toolbar', { name: 'Actions on what is selected' }).getByLabel('Archive').click();
  await jobs.getByRole('button', { name: 'Stop' }).click();
  await expect(jobs.getByText(/^Stopped: [\d,]+ mails? archived/)).toBeVisible();
  await jobs.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone')).toBeVisible({ timeout: 60_000 });
  await expect(unread).toBeVisible();
  const inbox = { messages: many, unseen: many };
  await expect
    .poll(() => client.status('INBOX', { messages: true, unseen: true }), { timeout: 60_000 })
    .toMatchObject(inbox);
  await page.context().close();
  client.close();
});
