import { expect, type Frame, type Page } from 'playwright/test';

/** Where a mail is shown. */
export interface MailAddress {
  id: string;
  path: string;
}

/** The addresses of all mails in an account's inbox, once so many are there. */
export async function inboxAddresses(page: Page, address: string, count: number): Promise<MailAddress[]> {
  const ask = async (procedure: string, input?: object) => {
    const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`;
    const answer = await page.request.get(`/api/trpc/${procedure}${query}`);
    return (await answer.json()).result?.data;
  };
  const inbox = async () => {
    const accounts = await ask('accounts.list');
    const own = accounts.find((account: { address: string }) => account.address === address);
    return own?.mailboxes.find((box: { role: string }) => box.role === 'inbox');
  };
  await expect.poll(async () => (await inbox())?.emailCount, { timeout: 90_000 }).toBe(count);
  const { accountId, id: mailboxId } = await inbox();
  const found: MailAddress[] = [];
  let cursor: string | null = null;
  do {
    const input = { accountId, mailboxId, role: null, list: 'emails', cursor, limit: 200 };
    const answer = await ask('emails.list', input);
    for (const { threadId, emailId } of answer.rows) {
      found.push({ id: emailId, path: `/mail/${accountId}/${mailboxId}/${threadId}/${emailId}` });
    }
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return found;
}

export interface ShownMail {
  /** What can be read of it. */
  words: string;
  /** The frame that shows it; null where it is plain text. */
  frame: Frame | null;
}

/** Goes to an address as the Back button would, without loading the page anew, and lets it be drawn. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
    return new Promise((done) => requestAnimationFrame(done));
  }, path);
}

/** Goes to a mail, by way of the list so that nothing of the last one stays, and waits until it is wholly shown. */
export async function openMail(page: Page, { path }: MailAddress): Promise<ShownMail> {
  await goTo(page, path.split('/').slice(0, 4).join('/'));
  await expect(page.locator('main article')).toHaveCount(0);
  await goTo(page, path);
  const mail = page.locator('main article > section');
  await expect(mail, path).toHaveCount(1);
  await expect(mail.getByRole('status', { name: /Fetching this mail/ }), path).toHaveCount(0);
  await expect(mail.getByRole('alert'), path).toHaveCount(0);
  const sheet = mail.locator('iframe');
  const isHtml = (await sheet.count()) > 0;
  if (isHtml) await expect(sheet, path).toHaveAttribute('aria-busy', 'false');
  // Two frames: what is laid out by then has asked for its pictures and begun its animations.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  if (!isHtml) return { words: (await mail.textContent()) ?? '', frame: null };
  const frame = (await (await sheet.elementHandle())?.contentFrame()) ?? null;
  if (frame === null) throw new Error(`${path} has no frame to look into.`);
  return { words: await frame.evaluate(() => document.documentElement.textContent ?? ''), frame };
}
