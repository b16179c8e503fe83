import { expect, type Page, test } from 'playwright/test';
import { type OwnMailbox, ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';
import { paste, redDot } from './stack/paste.ts';

async function connect(page: Page, mailbox: OwnMailbox) {
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  const link = page.getByRole('link', { name: new RegExp(mailbox.address) }).first();
  await expect(link).toBeVisible({ timeout: 30_000 });
  return link;
}

/** The source of the one mail in Sent. */
async function sentSource({ client }: OwnMailbox): Promise<string> {
  const lock = await client.getMailboxLock('Sent');
  try {
    await client.noop();
    if (client.mailbox === false || client.mailbox.exists === 0) return '';
    const mail = await client.fetchOne('1', { source: true });
    return mail === false ? '' : (mail.source?.toString() ?? '');
  } finally {
    lock.release();
  }
}

test('an answer that is sent from another account keeps its picture and its thread', async ({ browser }) => {
  test.setTimeout(120_000);
  const [asked, other] = [await ownMailbox(), await ownMailbox()];
  const question = rawMail('Which boat', 'The red one?');
  await asked.client.append('INBOX', question);
  const messageId = /^Message-ID: (.*)$/m.exec(question)?.[1]?.trim() ?? '';
  const page = await signInAs(browser, 'Ben');
  await connect(page, other);
  await (await connect(page, asked)).click();
  await rows(page, 'Which boat').click({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Reply', exact: true }).last().click();
  const text = page.getByLabel('Message text').last();
  await expect(page.getByRole('button', { name: 'Show what is quoted' })).toBeVisible();
  await text.press('Control+Home');
  await page.keyboard.type('This one: ');
  await paste(text, { file: { name: 'boat.png', base64: redDot } });
  const picture = text.getByRole('img', { name: 'boat' });
  await expect(picture).toBeVisible();

  const from = page.getByLabel('From', { exact: true });
  const choice = from.locator('option', { hasText: other.address });
  await from.selectOption((await choice.getAttribute('value')) ?? '');
  await expect(picture).toHaveAttribute('src', /^\/api\/drafts\//);
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(5);
  await expect(from.locator('option:checked')).toContainText(other.address);
  await expect(text).toContainText('This one:');
  await text.press('Control+Enter');
  await expect.poll(() => sentSource(other), { timeout: 40_000 }).toContain(`In-Reply-To: ${messageId}`);
  const source = await sentSource(other);
  expect(source).toContain(`References: ${messageId}`);
  expect(source).toContain('Content-Disposition: inline; filename=boat.png');
  expect(source.replaceAll(/\s/g, '')).toContain(redDot);
  await page.context().close();
  for (const { client } of [asked, other]) client.close();
});
