import { type Browser, chromium, type Page } from 'playwright';

export interface OpenPage {
  /** When a row with this text first stood in the page, by the machine's clock. */
  shownAt(text: string): Promise<number>;
  /** Moves the selection to the newest row, as somebody who looks at the list's top does: the list follows it. */
  selectNewest(): Promise<void>;
  close(): Promise<void>;
}

/** Signs in with a real Chromium and reports when rows of the list appear. */
export async function openPage(address: string, who: { email: string; password: string }): Promise<OpenPage> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  try {
    return await watchRows(browser, await signIn(browser, address, who));
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function signIn(
  browser: Browser,
  address: string,
  who: { email: string; password: string },
): Promise<Page> {
  const page = await browser.newPage({ baseURL: address, viewport: { width: 1440, height: 900 } });
  await page.goto('/sign-in');
  await page.getByLabel('Email address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/mail/);
  await page.getByRole('row').first().waitFor();
  return page;
}

async function watchRows(browser: Browser, page: Page): Promise<OpenPage> {
  const seen = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  await page.exposeFunction('reportRow', (text: string, at: number) => {
    seen.set(text, at);
    waiting.get(text)?.(at);
  });
  await page.evaluate(() => {
    const reported = new Set<string>();
    new MutationObserver(() => {
      const now = Date.now();
      for (const row of document.querySelectorAll('[role=row]')) {
        const text = /Bench news \d+/.exec(row.textContent)?.[0];
        if (text === undefined || reported.has(text)) continue;
        reported.add(text);
        const report: unknown = Reflect.get(window, 'reportRow');
        if (typeof report === 'function') report(text, now);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  return {
    shownAt(text) {
      const at = seen.get(text);
      if (at !== undefined) return Promise.resolve(at);
      return new Promise((resolve) => waiting.set(text, resolve));
    },
    selectNewest: () => page.keyboard.press('k'),
    close: () => browser.close(),
  };
}
