import { expect, test } from 'playwright/test';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';

test('each thing that can be wrong with an account has its own words, and then it works', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const mailbox = await ownMailbox();
  for (let n = 1; n <= 900; n += 1) {
    const at = new Date(Date.UTC(2026, 7, 1, 0, n));
    await mailbox.client.append(
      'INBOX',
      rawMail(`Number ${n}`, `Body of ${n}\n${'Words of some length. '.repeat(1000)}`),
      [],
      at,
    );
  }
  const page = await signInAs(browser, 'Anna');
  const open = () => page.getByRole('button', { name: 'Add account' }).first().click();

  await open();
  await page.getByLabel('Email address').fill('somebody@outlook.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('need a sign-in by Microsoft')).toBeVisible();
  await page.getByRole('button', { name: 'Another address' }).click();
  await page.getByLabel('Email address').fill('somebody@gmail.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText(/app password/).first()).toBeVisible();
  await page.keyboard.press('Escape');

  await open();
  await connectAccount(page, { ...mailbox, password: 'wrong' });
  await expect(page.getByText('does not accept this user name and password').first()).toBeVisible({
    timeout: 30_000,
  });
  const steps = page.getByRole('list', { name: 'How far the trial is' }).getByRole('listitem');
  await expect(steps).toHaveText([/incoming mail.*Failed/, /outgoing mail.*Not yet/]);
  await page.getByLabel(`Password for ${mailbox.address}`).fill(mailbox.password);
  const imap = page.getByRole('group', { name: 'Incoming mail (IMAP)' });
  await imap.getByLabel('Port').fill('1');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('cannot be reached').first()).toBeVisible({ timeout: 30_000 });
  await imap.getByLabel('Host').fill('no-such-host.invalid');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('no server of this name').first()).toBeVisible({ timeout: 30_000 });
  await imap.getByLabel('Host').fill('10.0.0.1');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('ALLOW_PRIVATE_ADDRESSES').first()).toBeVisible({ timeout: 30_000 });
  await imap.getByLabel('Host').fill('127.0.0.1');
  await imap.getByLabel('Port').fill(String(mailbox.smtpPort));
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('does not speak IMAP').first()).toBeVisible({ timeout: 40_000 });
  await imap.getByLabel('Port').fill(String(mailbox.imapPort));
  const progress = await page.evaluateHandle(() => {
    const seen: number[] = [];
    new MutationObserver(() => {
      const [, stored] = /(\d+) of 900, newest first/.exec(document.body.textContent) ?? [];
      if (stored !== undefined && Number(stored) !== seen.at(-1)) seen.push(Number(stored));
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return seen;
  });
  await page.getByRole('button', { name: 'Connect', exact: true }).click();

  const account = page.getByRole('link', { name: new RegExp(mailbox.address) }).first();
  await expect(account).toBeVisible({ timeout: 30_000 });
  await account.click();
  await expect(rows(page, 'Number 900').first()).toBeVisible({ timeout: 15_000 });

  // How much of it is here is said, more each time, until all is.
  await expect(page.getByText(/of 900, newest first/)).toHaveCount(0, { timeout: 30_000 });
  const counts = await progress.jsonValue();
  expect(counts.length).toBeGreaterThan(0);
  expect(counts).toEqual([...new Set(counts)].sort((one, other) => one - other));

  // New mail shows by itself.
  await mailbox.client.append('INBOX', rawMail('Fresh from the server', 'Hello'));
  await expect(rows(page, 'Fresh from the server').first()).toBeVisible({ timeout: 15_000 });
  await page.context().close();
  mailbox.client.close();
});
