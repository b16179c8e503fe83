import { randomUUID } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import { expect, type Locator, type Page, test } from 'playwright/test';
import { type ChangingServer, startChangingServer } from './stack/changing-server.ts';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';

/** The account in the side bar, with its mailboxes. */
function inSideBar(page: Page, address: string): Locator {
  return page.getByRole('region', { name: address });
}

async function addAccount(page: Page, mailbox: ChangingServer['account'], subject: string): Promise<void> {
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  await inSideBar(page, mailbox.address).getByRole('link').first().click({ timeout: 30_000 });
  await expect(rows(page, subject)).toHaveCount(1, { timeout: 20_000 });
}

/** Chooses from the menu of the account, or of one of its mailboxes. */
async function choose(page: Page, address: string, name: string, item: string): Promise<void> {
  const line = inSideBar(page, address);
  const isAccount = name === address;
  await line.getByRole('link', { name, exact: !isAccount }).first().hover();
  await line
    .getByRole('button', { name: isAccount ? /^Actions on the account/ : `Actions on ${name}`, exact: true })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** The mailboxes that the server did not make by itself. */
async function made(client: ImapFlow): Promise<string[]> {
  const listed = await client.list();
  return listed
    .map(({ path }) => path)
    .filter((path) => !/^(INBOX|Drafts|Sent|Archive|Junk|Trash)$/.test(path))
    .sort();
}

async function countIn(client: ImapFlow, path: string): Promise<number | undefined> {
  const status = await client.status(path, { messages: true });
  return status === false ? undefined : status.messages;
}

test('a password that was changed at the server is asked for, and then mail flows again', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const server = await startChangingServer();
  try {
    const { account } = server;
    await (await server.client()).append('INBOX', rawMail('Before the change', 'Still readable'));
    const page = await signInAs(browser, 'Ben');
    await addAccount(page, account, 'Before the change');

    const password = randomUUID();
    await server.changePassword(password);
    const field = page.getByLabel(`New password for ${account.address}`);
    await expect(field).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('The password was refused: type the new one').first()).toBeVisible();
    await rows(page, 'Before the change').click();
    await expect(page.getByRole('heading', { name: 'Before the change' })).toBeVisible();

    await field.fill('not the new one');
    await page.getByRole('button', { name: 'Try and save' }).click();
    await expect(page.getByText('The account is as it was.')).toBeVisible({ timeout: 30_000 });
    await field.fill(password);
    await page.getByRole('button', { name: 'Try and save' }).click();
    await expect(field).toHaveCount(0, { timeout: 30_000 });

    await (await server.client()).append('INBOX', rawMail('After the change', 'It flows'));
    await expect(rows(page, 'After the change')).toHaveCount(1, { timeout: 30_000 });
    await page.context().close();
  } finally {
    await server.stop();
  }
});

test('an account says how it stands, and can be paused, resumed and asked for new mail', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const mailbox = await ownMailbox();
  const { client, address } = mailbox;
  await client.append('INBOX', rawMail('Here from the start', 'Hello'));
  const page = await signInAs(browser, 'Ben');
  await addAccount(page, mailbox, 'Here from the start');

  await choose(page, address, address, 'State and settings');
  const dialog = page.getByRole('dialog', { name: address });
  await expect(dialog.getByText('Up to date')).toBeVisible({ timeout: 20_000 });
  const inbox = dialog.getByRole('row', { name: 'Inbox' });
  await expect(inbox.getByRole('cell').first()).toHaveText('1');
  await expect(inbox.getByText('Complete')).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await expect(dialog.getByText(/^Paused\./)).toBeVisible();
  await client.append('INBOX', rawMail('Came while paused', 'Hello'));
  await page.keyboard.press('Escape');
  await inSideBar(page, address).getByRole('button', { name: 'Paused' }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.keyboard.press('Escape');
  await expect(rows(page, 'Came while paused')).toHaveCount(1, { timeout: 30_000 });

  await page.getByRole('button', { name: 'Ask for new mail now' }).click();
  await expect(page.getByText(/are up to date|could not be asked/)).toBeVisible({ timeout: 30_000 });
  await page.context().close();
  client.close();
});

test('mailboxes are made, renamed and deleted here and on the server, and what it refuses is said', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const mailbox = await ownMailbox();
  const { client, address } = mailbox;
  await client.append('INBOX', rawMail('To be filed', 'Hello'));
  const page = await signInAs(browser, 'Anna');
  await addAccount(page, mailbox, 'To be filed');
  const sideBar = inSideBar(page, address);

  await choose(page, address, address, 'New mailbox…');
  await page.getByLabel('Name', { exact: true }).fill('a/b');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('A mailbox’s name cannot have / in it here.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Büro');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('heading', { name: 'Büro' })).toBeVisible();
  await choose(page, address, 'Büro', 'New mailbox inside…');
  await page.getByLabel('Name', { exact: true }).fill('請求書');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect.poll(() => made(client)).toEqual(['Büro', 'Büro/請求書']);

  await choose(page, address, 'Büro', 'Name, place and role…');
  await page.getByLabel('Name', { exact: true }).fill('Office');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(sideBar.getByRole('link', { name: 'Office' })).toBeVisible();
  await expect(sideBar.getByRole('link', { name: 'Büro' })).toHaveCount(0);
  await expect.poll(() => made(client)).toEqual(['Office', 'Office/請求書']);

  await sideBar.getByRole('link', { name: 'Inbox' }).last().click();
  await rows(page, 'To be filed').click();
  await page.keyboard.press('Shift+V');
  await page.getByLabel('Name of a mailbox').fill('Office');
  await page.keyboard.press('Enter');
  await expect.poll(() => countIn(client, 'Office')).toBe(1);
  await expect(rows(page, 'To be filed')).toHaveCount(1);

  await choose(page, address, 'Office', 'Delete…');
  await expect(page.getByText('1 mail lies in it and is gone with it')).toBeVisible();
  await page.getByRole('button', { name: 'Delete the mailbox' }).click();
  await expect(sideBar.getByRole('link', { name: 'Office' })).toHaveCount(0);
  await expect.poll(() => made(client)).toEqual([]);

  // A Maildir has its own use for a dot: this server refuses such a name.
  await choose(page, address, address, 'New mailbox…');
  await page.getByLabel('Name', { exact: true }).fill('a.b');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('Making the mailbox a.b did not work.')).toBeVisible({ timeout: 30_000 });
  await expect(sideBar.getByRole('link', { name: 'a.b' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByText('Making the mailbox a.b did not work.')).toHaveCount(0);
  await page.context().close();
  client.close();
});
