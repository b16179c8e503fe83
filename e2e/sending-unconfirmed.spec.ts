import { expect, test } from 'playwright/test';
import { ownMailbox } from './stack/mailbox.ts';
import { connectAccount, send, signInAs } from './stack/pages.ts';
import { startTlsSmtp } from './stack/smtp-server.ts';

test('a mail of which nobody knows whether it arrived is asked about, and lies in Sent once the person knows', async ({
  browser,
}) => {
  test.setTimeout(100_000);
  const mailbox = await ownMailbox();
  const smtp = await startTlsSmtp(mailbox.password);
  smtp.breaksOff = true;
  const page = await signInAs(browser, 'Ben');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, { ...mailbox, smtpPort: smtp.port }, { smtp: 'TLS' });
  await page
    .getByRole('button', { name: 'Trust this certificate for this account' })
    .click({ timeout: 30_000 });
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });
  const subject = `Perhaps ${Date.now()}`;
  await send(page, { to: 'ann@elsewhere.example', subject, text: 'Did it come?' });
  await expect.poll(() => smtp.received.length, { timeout: 40_000 }).toBe(1);
  await page.getByRole('link', { name: 'Outbox' }).first().click();
  const outbox = page.getByRole('region', { name: 'Conversations' });
  const item = outbox.getByRole('listitem').filter({ hasText: subject });
  await expect(item).toContainText('nothing here can tell: ask whether it did', { timeout: 30_000 });
  await page.screenshot({ path: test.info().outputPath('outbox-unconfirmed.png') });
  await item.getByRole('button', { name: 'It arrived' }).click();
  await expect(item).toHaveCount(0);
  const filed = async () => {
    await mailbox.client.mailboxOpen('Sent', { readOnly: true });
    return mailbox.client.search({ subject });
  };
  await expect.poll(filed, { timeout: 30_000 }).toEqual([1]);
  expect(smtp.received).toHaveLength(1);
  await smtp.stop();
  await page.context().close();
});
