import { expect, test } from 'playwright/test';
import { ownMailbox } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';

const messageId = `<plan-${Date.now()}@elsewhere.example>`;

function planForAll(address: string): string {
  return [
    'From: Sam Sender <sam@elsewhere.example>',
    `To: ${address}, Tia Third <tia@elsewhere.example>`,
    'Cc: Cleo Copied <cleo@elsewhere.example>',
    'Subject: The plan',
    `Message-ID: ${messageId}`,
    'Date: Tue, 01 Sep 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'We meet at noon.',
    '--b',
    'Content-Type: text/csv; name=times.csv',
    'Content-Disposition: attachment; filename=times.csv',
    '',
    'noon,12:00',
    '--b',
    // As some programs send whatever is attached: called inline, under a Content-ID that no text shows.
    'Content-Type: application/pdf; name=map.pdf',
    'Content-Disposition: inline; filename=map.pdf',
    'Content-ID: <map@elsewhere.example>',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('the way').toString('base64'),
    '--b--',
    '',
  ].join('\r\n');
}

test('an answer to all goes to all but oneself, and a forwarded mail takes its attachments along', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const mailbox = await ownMailbox();
  const { client } = mailbox;
  await client.append('INBOX', planForAll(mailbox.address));
  const page = await signInAs(browser, 'Ben');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  const account = page.getByRole('link', { name: new RegExp(mailbox.address) }).first();
  await account.click({ timeout: 30_000 });
  await rows(page, 'The plan').click({ timeout: 20_000 });
  await expect(page.getByText('We meet at noon.').last()).toBeVisible();

  /** What the server has in Sent, oldest first. */
  async function sent() {
    const lock = await client.getMailboxLock('Sent');
    try {
      await client.noop();
      const found: { source: string; to: string[]; cc: string[] }[] = [];
      if (client.mailbox === false || client.mailbox.exists === 0) return found;
      for await (const mail of client.fetch('1:*', { envelope: true, source: true })) {
        const addresses = (people: { address?: string | undefined }[] = []) =>
          people.map((person) => person.address ?? '').sort();
        found.push({
          source: mail.source?.toString() ?? '',
          to: addresses(mail.envelope?.to),
          cc: addresses(mail.envelope?.cc),
        });
      }
      return found;
    } finally {
      lock.release();
    }
  }

  await page.getByRole('button', { name: 'Reply all', exact: true }).last().click();
  const text = page.getByLabel('Message text').last();
  await expect(page.getByRole('button', { name: 'Show what is quoted' })).toBeVisible();
  await text.press('Control+Home');
  await text.pressSequentially('See you all.');
  await page.keyboard.press('Control+Enter');
  await expect.poll(async () => (await sent()).length, { timeout: 40_000 }).toBe(1);
  const [reply] = await sent();
  expect([...(reply?.to ?? []), ...(reply?.cc ?? [])].sort()).toEqual([
    'cleo@elsewhere.example',
    'sam@elsewhere.example',
    'tia@elsewhere.example',
  ]);
  expect(reply?.to).toContain('sam@elsewhere.example');
  expect(reply?.source).toContain(`In-Reply-To: ${messageId}`);
  expect(reply?.source).toMatch(/^Subject: Re: The plan\r$/m);

  await page.getByRole('button', { name: 'Forward', exact: true }).last().click();
  await expect(page.getByLabel('Subject', { exact: true }).last()).toHaveValue('Fwd: The plan');
  for (const name of ['times.csv', 'map.pdf'])
    await expect(page.getByRole('button', { name: `Remove ${name}` })).toBeVisible();
  await page.getByLabel('To', { exact: true }).last().fill('new@elsewhere.example');
  await page.keyboard.press('Enter');
  await page.getByLabel('Message text').last().press('Control+Enter');
  await expect.poll(async () => (await sent()).length, { timeout: 40_000 }).toBe(2);
  const forwarded = (await sent())[1];
  expect([forwarded?.to, forwarded?.cc]).toEqual([['new@elsewhere.example'], []]);
  expect(forwarded?.source).toContain('times.csv');
  for (const words of ['noon,12:00', 'the way'])
    expect(forwarded?.source).toContain(Buffer.from(words).toString('base64'));
  // Quoted-printable may break a line anywhere.
  expect(forwarded?.source.replaceAll('=\r\n', '')).toContain('From: Sam Sender <sam@elsewhere.example>');
  await page.context().close();
  client.close();
});
