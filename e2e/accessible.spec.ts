import { expect, test } from 'playwright/test';
import { rows, signInAs } from './stack/pages.ts';
import { stack } from './stack/stack.ts';
import { violations } from './stack/violations.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`no screen has an accessibility violation in the ${theme} theme`, async ({ browser, page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${stack().address}/sign-in`);
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(await violations(page), 'sign-in').toEqual([]);

    const mail = await signInAs(browser, 'Ben');
    await mail.emulateMedia({ colorScheme: theme });
    await expect(rows(mail).first()).toBeVisible();
    expect(await violations(mail), 'list').toEqual([]);
    await rows(mail, 'Timber & Light').first().click();
    await expect(mail.locator('iframe').first()).toBeVisible();
    expect(await violations(mail), 'reader').toEqual([]);
    await mail.getByRole('button', { name: 'Compose' }).first().click();
    await expect(mail.getByLabel('Subject', { exact: true })).toBeVisible();
    expect(await violations(mail), 'composer').toEqual([]);
    await mail.keyboard.press('Escape');
    await mail.getByRole('button', { name: 'Settings' }).first().click();
    await expect(mail.getByRole('dialog')).toBeVisible();
    expect(await violations(mail), 'settings').toEqual([]);
    await mail.context().close();
  });

  test(`an account's page and mailboxes have none either in the ${theme} theme`, async ({ browser }) => {
    test.setTimeout(180_000);
    const mail = await signInAs(browser, 'Ben');
    await mail.emulateMedia({ colorScheme: theme });
    const openAccount = async () => {
      await mail.getByRole('button', { name: 'Settings' }).first().click();
      await mail.getByRole('button', { name: 'State and settings of ben@demo.example' }).click();
      await expect(mail.getByRole('table')).toBeVisible();
    };
    await openAccount();
    await mail.getByRole('button', { name: 'Change password or servers' }).click();
    await expect(mail.getByLabel(/^New password for/)).toBeVisible();
    expect(await violations(mail), 'account').toEqual([]);
    await mail.getByRole('dialog').getByRole('button', { name: 'Actions on Trash' }).click();
    await expect(mail.getByRole('menu')).toBeVisible();
    expect(await violations(mail), 'menu of a mailbox').toEqual([]);
    await mail.getByRole('menuitem', { name: 'Empty…' }).click();
    await expect(mail.getByRole('button', { name: 'Delete for good' })).toBeVisible();
    expect(await violations(mail), 'emptying a mailbox').toEqual([]);
    await mail.keyboard.press('Escape');
    await openAccount();
    await mail.getByRole('dialog').getByRole('button', { name: 'Actions on Trash' }).click();
    await mail.getByRole('menuitem', { name: 'Name, place and role…' }).click();
    await expect(mail.getByLabel('Used as')).toBeVisible();
    expect(await violations(mail), 'editing a mailbox').toEqual([]);
    await mail.context().close();
  });
}
