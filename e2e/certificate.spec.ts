import { expect, test } from 'playwright/test';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';
import { startTlsServer } from './stack/tls-server.ts';

test('a certificate that nobody vouches for is shown, and trusted for this account once a person says so', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const mailbox = await ownMailbox();
  await mailbox.client.append('INBOX', rawMail('Behind my own certificate', 'Hello'));
  const secure = await startTlsServer(mailbox.imapPort);
  const page = await signInAs(browser, 'Anna');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, { ...mailbox, imapPort: secure.port }, { imap: 'TLS' });

  await expect(page.getByText('certificate cannot be trusted').first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'The certificate of 127.0.0.1' })).toBeVisible();
  const said = (term: string) =>
    page.getByRole('term').filter({ hasText: term }).locator('xpath=following-sibling::dd[1]');
  await expect(said('Issued to')).toContainText('mail.at.home');
  await expect(said('Issued by')).toContainText('Somebody at home');
  await expect(said('Fingerprint')).toHaveText(secure.certificate.fingerprint256);
  await page.getByRole('button', { name: 'Trust this certificate for this account' }).click();

  const account = page.getByRole('link', { name: new RegExp(mailbox.address) }).first();
  await account.click({ timeout: 30_000 });
  await expect(rows(page, 'Behind my own certificate')).toBeVisible({ timeout: 15_000 });
  await page.context().close();
  mailbox.client.close();
  secure.stop();
});
