import { expect, test } from 'playwright/test';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';

test('a mail that the server does not hand over is listed and says so, and comes when it does', async ({
  browser,
}) => {
  // The server's silence is waited for twice, by the time-out that people have.
  test.setTimeout(180_000);
  const mailbox = await ownMailbox();
  for (const n of [1, 2, 3]) {
    await mailbox.client.append(
      'INBOX',
      rawMail(`Letter ${n}`, `Body of ${n}`),
      [],
      new Date(Date.UTC(2026, 8, n)),
    );
  }
  const proxy = await startImapProxy(mailbox.imapPort);
  proxy.stallUid = 2;
  const page = await signInAs(browser, 'Ben');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, { ...mailbox, imapPort: proxy.port });
  const account = page.getByRole('link', { name: new RegExp(mailbox.address) }).first();
  await account.click({ timeout: 30_000 });
  await expect(rows(page, 'could not be fetched')).toHaveCount(1, { timeout: 60_000 });
  await expect(rows(page, 'Letter 1')).toBeVisible({ timeout: 30_000 });
  await expect(rows(page, 'Letter 3')).toBeVisible();

  await rows(page, 'could not be fetched').click();
  const notice = page.getByRole('alert').filter({ hasText: 'This mail could not be fetched' });
  await expect(notice).toBeVisible();
  proxy.stallUid = null;
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Body of 2').last()).toBeVisible({ timeout: 60_000 });
  await expect(notice).toHaveCount(0);
  await page.context().close();
  mailbox.client.close();
  await proxy.stop();
});
