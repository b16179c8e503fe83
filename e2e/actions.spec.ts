import { expect, test } from 'playwright/test';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';

test('what a person does shows at once and is carried out on the server', async ({ browser }) => {
  test.setTimeout(120_000);
  const mailbox = await ownMailbox();
  const { client } = mailbox;
  for (const subject of ['One', 'Two', 'Three', 'Four']) {
    await client.append(
      'INBOX',
      rawMail(`${subject} to act on`, subject),
      [],
      new Date(Date.UTC(2026, 8, 1)),
    );
  }
  const page = await signInAs(browser, 'Ben');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });
  await expect(rows(page, 'to act on')).toHaveCount(4, { timeout: 20_000 });

  const subjects = async (path: string) => {
    const lock = await client.getMailboxLock(path);
    try {
      // A mailbox that is selected already is not selected anew: NOOP brings what has changed.
      await client.noop();
      const found: string[] = [];
      if (client.mailbox !== false && client.mailbox.exists > 0) {
        for await (const mail of client.fetch('1:*', { envelope: true, flags: true })) {
          found.push(
            `${mail.envelope?.subject?.split(' ')[0]} ${[...(mail.flags ?? [])]
              .filter((flag) => flag !== '\\Recent')
              .sort()
              .join(' ')}`.trim(),
          );
        }
      }
      return found.sort();
    } finally {
      lock.release();
    }
  };

  await rows(page, 'One to act on').click();
  await expect(page.getByRole('heading', { name: 'One to act on' })).toBeVisible();
  await expect.poll(() => subjects('INBOX')).toContain('One \\Seen');
  await page.keyboard.press('s');
  await expect.poll(() => subjects('INBOX')).toContain('One \\Flagged \\Seen');

  await rows(page, 'Two to act on').click();
  await page.keyboard.press('e');
  await expect(rows(page, 'Two to act on')).toHaveCount(0);
  await expect.poll(() => subjects('Archive')).toEqual([expect.stringContaining('Two')]);

  await rows(page, 'Three to act on').click();
  await page.keyboard.press('#');
  await expect(rows(page, 'Three to act on')).toHaveCount(0);
  await expect.poll(() => subjects('Trash')).toEqual([expect.stringContaining('Three')]);
  await page.keyboard.press('z');
  await expect(rows(page, 'Three to act on')).toHaveCount(1);
  await expect.poll(() => subjects('Trash')).toEqual([]);

  await rows(page, 'Three to act on').click();
  await page.keyboard.press('#');
  await expect.poll(() => subjects('Trash')).toEqual([expect.stringContaining('Three')]);
  await page.getByRole('link', { name: 'Trash' }).first().click();
  await rows(page, 'Three to act on').click();
  await page.keyboard.press('#');
  // Nothing brings it back: it is asked first, and there is no Undo.
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('1 conversation deleted for good')).toBeVisible();
  await expect(rows(page, 'Three to act on')).toHaveCount(0);
  await expect.poll(() => subjects('Trash')).toEqual([]);
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click();

  await rows(page, 'Four to act on').click();
  await page.keyboard.press('v');
  await page.getByLabel('Name of a mailbox').fill('Junk');
  await page.keyboard.press('Enter');
  await expect(rows(page, 'Four to act on')).toHaveCount(0);
  await expect.poll(() => subjects('Junk')).toEqual([expect.stringContaining('Four')]);
  await page.context().close();
  client.close();
});
