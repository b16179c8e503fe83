import { type Browser, type BrowserContextOptions, expect, type Locator, type Page } from 'playwright/test';
import { person, stack } from './stack.ts';

/** A page of one's own for somebody who has signed in through the form. */
export async function signIn(
  browser: Browser,
  who: { email: string; password: string },
  options: BrowserContextOptions = {},
): Promise<Page> {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ baseURL: stack().address, viewport, ...options });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/mail/);
  return page;
}

/** One of the demo's people, signed in, with the mails of their inbox on screen: what they press is heard. */
export async function signInAs(
  browser: Browser,
  name: 'Anna' | 'Ben',
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await signIn(browser, person(name), options);
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
  return page;
}

/** The list's rows with these words. */
export function rows(page: Page, words?: string | RegExp): Locator {
  const all = page.getByRole('row');
  return words === undefined ? all : all.filter({ hasText: words });
}

export interface NewMail {
  to: string;
  subject: string;
  text: string;
}

/** Writes a mail in a new composer and presses Send. */
export async function send(page: Page, { to, subject, text }: NewMail): Promise<void> {
  await page.getByRole('button', { name: 'Compose' }).first().click();
  await page.getByLabel('To', { exact: true }).last().fill(to);
  await page.keyboard.press('Enter');
  await page.getByLabel('Subject', { exact: true }).last().fill(subject);
  await page.getByLabel('Message text').last().fill(text);
  await page.keyboard.press('Control+Enter');
}

/** Fills in the form that connects an account, with the advanced settings open; without encryption unless it is named. */
export async function connectAccount(
  page: Page,
  account: { address: string; password: string; imapPort: number; smtpPort: number; user: string },
  encryption: { imap?: 'TLS'; smtp?: 'TLS' } = {},
): Promise<void> {
  await page.getByLabel('Email address').fill(account.address);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel(`Password for ${account.address}`).fill(account.password);
  await page.getByRole('button', { name: 'Server settings' }).click();
  for (const [legend, port, wanted] of [
    ['Incoming mail (IMAP)', account.imapPort, encryption.imap],
    ['Outgoing mail (SMTP)', account.smtpPort, encryption.smtp],
  ] as const) {
    const fields = page.getByRole('group', { name: legend });
    await fields.getByLabel('Host').fill('127.0.0.1');
    await fields.getByLabel('Port').fill(String(port));
    await fields.getByLabel('User name').fill(account.user);
    await choose(page, fields.getByLabel('Encryption'), wanted ?? 'None (unsafe)');
  }
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

/** Chooses in a select, whether the browser draws it or the page does. */
async function choose(page: Page, field: Locator, option: string): Promise<void> {
  if ((await field.evaluate((element) => element.localName)) === 'select') {
    await field.selectOption({ label: option });
    return;
  }
  await field.click();
  await page.getByRole('option', { name: option }).click();
}
