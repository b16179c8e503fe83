import { expect, test } from 'playwright/test';
import { ownMailbox } from './stack/mailbox.ts';
import { connectAccount, signInAs } from './stack/pages.ts';
import { startTlsSmtp } from './stack/smtp-server.ts';

const wishes = [
  'Ask for a read receipt',
  'Ask for a delivery report',
  'Require encryption on its whole way',
] as const;

test('what is asked of whoever carries or reads a mail arrives with it, and its date is of the sender’s clock', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const mailbox = await ownMailbox();
  const smtp = await startTlsSmtp(mailbox.password);
  const page = await signInAs(browser, 'Ben', { timezoneId: 'Asia/Kolkata' });
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, { ...mailbox, smtpPort: smtp.port }, { smtp: 'TLS' });
  await page
    .getByRole('button', { name: 'Trust this certificate for this account' })
    .click({ timeout: 30_000 });
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });

  const text = page.getByLabel('Message text').last();
  const composer = page.getByRole('dialog', { name: /^Message: / });
  async function write(subject: string): Promise<void> {
    await page.getByRole('button', { name: 'Compose' }).first().click();
    await page.getByLabel('To', { exact: true }).last().fill('ann@elsewhere.example');
    await page.keyboard.press('Enter');
    await page.getByLabel('Subject', { exact: true }).last().fill(subject);
    await text.click();
    await page.keyboard.type('Please confirm.');
  }
  async function ask(wish: string): Promise<void> {
    await composer.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitemcheckbox', { name: wish }).click();
    await page.keyboard.press('Escape');
  }
  await write('With wishes');
  for (const wish of wishes) await ask(wish);
  await composer.getByRole('button', { name: 'More' }).click();
  for (const wish of wishes) await expect(page.getByRole('menuitemcheckbox', { name: wish })).toBeChecked();
  await page.keyboard.press('Escape');
  await text.press('Control+Enter');

  await expect.poll(() => smtp.received.length, { timeout: 40_000 }).toBe(1);
  const [mail] = smtp.received;
  expect(mail?.sender).toMatchObject({ RET: 'HDRS', REQUIRETLS: true });
  expect(mail?.recipients).toEqual([
    {
      address: 'ann@elsewhere.example',
      parameters: expect.objectContaining({ NOTIFY: 'SUCCESS,FAILURE,DELAY' }),
    },
  ]);
  // Long fields are folded (RFC 5322 §2.2.3).
  const head = mail?.raw.replaceAll(/\r\n[ \t]+/g, ' ') ?? '';
  const field = (name: string) => new RegExp(`^${name}: *(.*)\r$`, 'm').exec(head)?.[1] ?? '';
  expect(field('Disposition-Notification-To')).toContain(mailbox.address);
  expect(field('Date')).toMatch(/ \+0530$/);
  expect(Math.abs(Date.parse(field('Date')) - Date.now())).toBeLessThan(120_000);

  // A report that the server will not give: it goes all the same, and that is said until somebody dismisses it.
  smtp.refusesReports = true;
  await write('Without a report');
  await ask('Ask for a delivery report');
  await text.press('Control+Enter');
  await expect.poll(() => smtp.received.length, { timeout: 40_000 }).toBe(2);
  await expect(page.getByText('“Without a report” was sent, but not all as you asked')).toBeVisible();
  await page.getByRole('link', { name: 'Outbox' }).first().click();
  const short = page.getByRole('region', { name: 'Sent, but not all as asked' }).getByRole('listitem');
  await expect(short).toContainText('refused the wish for a delivery report');
  await expect(short).toContainText('No reports today');
  await short.getByRole('button', { name: 'Dismiss' }).click();
  await expect(short).toHaveCount(0);
  await page.context().close();
  mailbox.client.close();
  await smtp.stop();
});
