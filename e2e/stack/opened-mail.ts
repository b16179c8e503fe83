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

/**
 * In the page, so that nothing waits longer than the page does (hundreds of mails are opened so): goes to an address as the
 * Back button would, by way of the list so that nothing of the last mail stays, and waits until it is wholly shown.
 */
async function showMail(path: string): Promise<{ isHtml: boolean; words: string }> {
  const frames = async (count: number) => {
    for (let n = 0; n < count; n += 1) await new Promise((done) => requestAnimationFrame(done));
  };
  const goTo = (to: string) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  };
  const until = async <T>(what: string, look: () => T | null): Promise<T> => {
    for (const end = performance.now() + 10_000; performance.now() < end; ) {
      await frames(1);
      const found = look();
      if (found !== null) return found;
    }
    throw new Error(`${path}: ${what}`);
  };
  goTo(path.split('/').slice(0, 4).join('/'));
  await until('the last mail stays', () => (document.querySelector('main article') === null ? true : null));
  goTo(path);
  const mail = await until('it is not shown, or is fetched, or has a problem', () => {
    const [section, ...others] = document.querySelectorAll('main article > section');
    if (section === undefined || others.length > 0) return null;
    const isAway =
      section.querySelector('[role=alert], [role=status][aria-label^="Fetching this mail"]') !== null;
    const sheet = section.querySelector('iframe');
    return isAway || (sheet !== null && sheet.getAttribute('aria-busy') !== 'false') ? null : section;
  });
  // Two frames: what is laid out by then has asked for its pictures and begun its animations.
  await frames(2);
  return { isHtml: mail.querySelector('iframe') !== null, words: mail.textContent ?? '' };
}

/** Opens a mail, and waits until it is wholly shown. */
export async function openMail(page: Page, { path }: MailAddress): Promise<ShownMail> {
  const { isHtml, words } = await page.evaluate(showMail, path);
  if (!isHtml) return { words, frame: null };
  const sheet = page.locator('main article > section iframe');
  const frame = (await (await sheet.elementHandle())?.contentFrame()) ?? null;
  if (frame === null) throw new Error(`${path} has no frame to look into.`);
  return { words: await frame.evaluate(() => document.documentElement.textContent ?? ''), frame };
}
