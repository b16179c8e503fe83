import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { payloads } from './stack/hostile-payloads.ts';
import { type OwnMailbox, ownMailbox, rawMail } from './stack/mailbox.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';
import { stack } from './stack/stack.ts';

const html = 'Content-Type: text/html; charset=utf-8';

/** Opens every mail of a connected account from the keyboard, and watches for whatever must not happen. */
async function openAll(page: Page, mailbox: OwnMailbox, count: number): Promise<string[]> {
  const incidents: string[] = [];
  page.on('dialog', (dialog) => {
    incidents.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(stack().address) && !/^(data|blob|about):/.test(url))
      incidents.push(`request ${url}`);
  });
  page.context().on('page', (opened) => incidents.push(`new page ${opened.url()}`));
  page.on('pageerror', (error) => incidents.push(`error ${error.message}`));
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });
  await expect(page.getByText(`of ${count}`).or(rows(page).first()).first()).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(
      async () => {
        const answer = await page.request.get('/api/trpc/accounts.list');
        const { result } = await answer.json();
        const own = result.data.find((account: { address: string }) => account.address === mailbox.address);
        return own?.mailboxes.find((box: { role: string }) => box.role === 'inbox')?.emailCount;
      },
      { timeout: 60_000 },
    )
    .toBe(count);
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  let last = '';
  for (let opened = 0; opened < count; opened += 1) {
    if (opened > 0) await page.keyboard.press('j');
    if (opened > 0) await page.keyboard.press('Enter');
    const isEnd = await page
      .waitForFunction((before) => location.pathname !== before, last, { timeout: 2000 })
      .then(() => false)
      .catch(() => true);
    if (isEnd) break;
    last = new URL(page.url()).pathname;
    await page.locator('main, [aria-label="Conversation"]').first().waitFor();
    await settled(page);
  }
  return incidents;
}

/** Waits until the opened mail is shown, and looks into its frames for what may not be there. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByText('Fetching this mail')).toHaveCount(0);
  for (const frame of page.frames()) {
    if (!frame.url().endsWith('/mail-frame')) continue;
    const found = await frame
      .evaluate(() => ({
        active: document.querySelectorAll('script, iframe, object, embed, form, svg, math, base, body link')
          .length,
        handlers: [...document.querySelectorAll('*')].flatMap((element) =>
          [...element.attributes].filter((attribute) => /^on/i.test(attribute.name)),
        ).length,
        isHacked: 'hacked' in window || (window.top !== null && 'hacked' in window.top),
      }))
      // The frame may be gone by now: the next mail has taken its place.
      .catch(() => null);
    if (found !== null) expect(found).toEqual({ active: 0, handlers: 0, isHacked: false });
  }
}

test('hostile mails run nothing, ask for nothing and stay in their frame', async ({ browser }) => {
  test.setTimeout(300_000);
  const mailbox = await ownMailbox();
  for (const [index, payload] of payloads.entries()) {
    await mailbox.client.append(
      'INBOX',
      rawMail(`Payload ${index}`, payload, html),
      [],
      new Date(Date.UTC(2026, 8, 1, 0, index)),
    );
  }
  const page = await signInAs(browser, 'Anna');
  const incidents = await openAll(page, mailbox, payloads.length);
  expect(incidents).toEqual([]);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  const frame = page.locator('iframe').first();
  await expect(frame).toHaveAttribute('sandbox', /allow-same-origin/);
  expect(await frame.getAttribute('sandbox')).not.toMatch(
    /allow-scripts|allow-forms|allow-top-navigation(?!-by)/,
  );
  await page.context().close();
  mailbox.client.close();
});

test('a mail’s colours and style attributes are seen', async ({ browser }) => {
  test.setTimeout(90_000);
  const mailbox = await ownMailbox();
  const body = `<style>.note { background-color: rgb(1, 200, 3) }</style><body bgcolor="#fff8e0">
    <p id="x" style="color: rgb(200, 10, 20); font-size: 30px">Red words</p><p class="note">Green ground</p>
    <font color="#0000ff">Blue words</font></body>`;
  await mailbox.client.append('INBOX', rawMail('In colour', body, html));
  const page = await signInAs(browser, 'Ben');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  await page
    .getByRole('link', { name: new RegExp(mailbox.address) })
    .first()
    .click({ timeout: 30_000 });
  await rows(page, 'In colour').first().click({ timeout: 20_000 });
  const frame = page.frameLocator('iframe').first();
  await expect(frame.getByText('Red words')).toHaveCSS('color', 'rgb(200, 10, 20)');
  await expect(frame.getByText('Red words')).toHaveCSS('font-size', '30px');
  await expect(frame.getByText('Green ground')).toHaveCSS('background-color', 'rgb(1, 200, 3)');
  await expect(frame.getByText('Blue words')).toHaveCSS('color', 'rgb(0, 0, 255)');
  await page.context().close();
  mailbox.client.close();
});

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const corpus = process.env.MAIL_CORPUS;

test('every mail of the corpus opens, and none reaches out of its frame', async ({ browser }) => {
  test.skip(corpus === undefined, 'MAIL_CORPUS is unset.');
  test.setTimeout(600_000);
  const mailbox = await ownMailbox();
  let count = 0;
  for (const path of files(corpus ?? '')) {
    const mails = path.endsWith('.json')
      ? (JSON.parse(readFileSync(path, 'utf8')) as { payload: string }[]).map(({ payload }) =>
          Buffer.from(rawMail('From a list', payload, html)),
        )
      : [readFileSync(path)];
    for (const mail of mails) {
      await mailbox.client.append('INBOX', mail, [], new Date(Date.UTC(2026, 8, 1, 0, count)));
      count += 1;
    }
  }
  expect(count).toBeGreaterThan(100);
  const page = await signInAs(browser, 'Anna');
  const incidents = await openAll(page, mailbox, count);
  expect(incidents).toEqual([]);
  await page.context().close();
  mailbox.client.close();
});
