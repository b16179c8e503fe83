import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, expect, test } from 'playwright/test';
import { payloads } from './stack/hostile-payloads.ts';
import { watchFrameRequests, watchIncidents } from './stack/incidents.ts';
import { ownMailbox, rawMail } from './stack/mailbox.ts';
import { inboxAddresses, type MailAddress, openMail } from './stack/opened-mail.ts';
import { watchOutside } from './stack/outside.ts';
import { connectAccount, rows, signInAs } from './stack/pages.ts';
import { withoutFrameWalls, withoutSanitiser } from './stack/walls.ts';

// A trace of hundreds of mails would take longer than the tests.
test.use({ trace: 'off' });

const html = 'Content-Type: text/html; charset=utf-8';

/** Puts mails into a fresh mailbox, a minute apart, and connects it to Anna's Mailroom. */
async function connected(browser: Browser, mails: readonly (string | Buffer)[]): Promise<MailAddress[]> {
  const mailbox = await ownMailbox();
  for (const [index, mail] of mails.entries()) {
    await mailbox.client.append('INBOX', mail, [], new Date(Date.UTC(2026, 8, 1, 0, index)));
  }
  const page = await signInAs(browser, 'Anna');
  await page.getByRole('button', { name: 'Add account' }).first().click();
  await connectAccount(page, mailbox);
  const addresses = await inboxAddresses(page, mailbox.address, mails.length);
  await page.context().close();
  mailbox.client.close();
  return addresses;
}

type Walls = 'both walls' | 'the sanitiser alone' | 'the frame alone' | 'no wall';

interface Outcome {
  /** What was read of each mail that was wholly shown. */
  words: string[];
  /** What no mail may bring about, as the browser tells it. */
  incidents: string[];
  /** What tried to leave the browser. */
  asked: string[];
}

/** Most of the time that a mail takes is waiting: so many pages open their share of them side by side. */
const pagesAtOnce = 3;

/** Opens mails behind some of the walls, and watches for whatever must not happen. */
async function openAll(browser: Browser, addresses: readonly MailAddress[], walls: Walls): Promise<Outcome> {
  const share = Math.ceil(addresses.length / pagesAtOnce);
  const outcomes = await Promise.all(
    Array.from({ length: pagesAtOnce }, (_, n) =>
      openShare(browser, addresses.slice(n * share, (n + 1) * share), walls),
    ),
  );
  return {
    words: outcomes.flatMap(({ words }) => words),
    incidents: outcomes.flatMap(({ incidents }) => incidents),
    asked: outcomes.flatMap(({ asked }) => asked),
  };
}

async function openShare(
  browser: Browser,
  addresses: readonly MailAddress[],
  walls: Walls,
): Promise<Outcome> {
  const outside = await watchOutside();
  const page = await signInAs(browser, 'Anna', { proxy: outside.proxy });
  const hasSanitiser = walls === 'both walls' || walls === 'the sanitiser alone';
  if (!hasSanitiser) await withoutSanitiser(page);
  if (walls === 'the sanitiser alone' || walls === 'no wall') await withoutFrameWalls(page);
  await page.reload();
  await expect(rows(page).first()).toBeVisible();
  const incidents = watchIncidents(page);
  // Without the sanitiser the frame's policy stops what is asked for: then what has left the browser is the measure.
  const wanted = hasSanitiser ? watchFrameRequests(page) : [];
  const words: string[] = [];
  for (const address of addresses) {
    const shown = await openMail(page, address);
    words.push(shown.words);
    if (shown.frame === null) continue;
    if (await shown.frame.evaluate(hasRun)) incidents.push('script in the frame');
    if (hasSanitiser) incidents.push(...(await shown.frame.evaluate(remains)));
  }
  if (await page.evaluate(hasRun)) incidents.push('script in the page');
  await page.context().close();
  outside.close();
  return { words, incidents: [...incidents, ...wanted], asked: outside.asked };
}

const hasRun = () => 'hacked' in window;

/** What the sanitiser has left in a mail and may not; this runs in the frame. */
function remains(): string[] {
  const active = 'script, iframe, object, embed, form, svg, math, base, link, style, meta, [id], [name]';
  return [...document.body.querySelectorAll('*')].flatMap((element) => [
    ...(element.matches(active) ? [`element ${element.localName}`] : []),
    ...[...element.attributes].filter(({ name }) => /^on/i.test(name)).map(({ name }) => `attribute ${name}`),
  ]);
}

/** A mail made of hostile HTML, behind words by which it is known to be shown. */
function hostileMail(payload: string, index: number): string {
  return rawMail(`Payload ${index}`, `<p>shown-${index}.</p>${payload}`, html);
}

function shownNumbers(words: readonly string[]): number[] {
  return words.map((text) => Number(/shown-(\d+)\./.exec(text)?.[1])).sort((one, other) => one - other);
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const corpus = process.env.MAIL_CORPUS;
const corpusFiles = corpus === undefined ? [] : files(corpus);

/** What others have collected, where it is at hand: lists of hostile HTML. */
function collectedPayloads(): string[] {
  return corpusFiles
    .filter((path) => path.endsWith('.json'))
    .flatMap((path) =>
      JSON.parse(readFileSync(path, 'utf8')).map((entry: { payload: string }) => entry.payload),
    );
}

test.describe('hostile HTML runs nothing, asks for nothing and stays in its frame', () => {
  test.setTimeout(300_000);
  const all = [...payloads, ...collectedPayloads()];
  let addresses: MailAddress[] = [];
  test.beforeAll(async ({ browser }) => {
    addresses = await connected(browser, all.map(hostileMail));
  });
  for (const walls of ['both walls', 'the sanitiser alone', 'the frame alone'] as const) {
    test(`behind ${walls}`, async ({ browser }) => {
      const { words, incidents, asked } = await openAll(browser, addresses, walls);
      expect(shownNumbers(words)).toEqual(all.map((_, index) => index));
      expect(incidents).toEqual([]);
      expect(asked).toEqual([]);
    });
  }

  test('and behind no wall at all it is seen to run and to ask', async ({ browser }) => {
    const { incidents, asked } = await openAll(browser, addresses.slice(-20), 'no wall');
    expect(incidents).toContain('script in the page');
    expect(asked.join('\n')).toContain('t.example');
  });
});

test('a mail’s frame is a sandbox without scripts', async ({ browser }) => {
  const [address] = await connected(browser, [rawMail('In a frame', '<p>words</p>', html)]);
  const page = await signInAs(browser, 'Anna');
  if (address) await openMail(page, address);
  const sandbox = await page.locator('iframe').getAttribute('sandbox');
  expect(sandbox?.split(' ').sort()).toEqual([
    'allow-popups',
    'allow-popups-to-escape-sandbox',
    'allow-same-origin',
  ]);
  await page.context().close();
});

test('a mail’s colours and style attributes are seen', async ({ browser }) => {
  test.setTimeout(90_000);
  const mailbox = await ownMailbox();
  const body = `<style>.note { background-color: rgb(1, 200, 3) }</style><body bgcolor="#fff8e0">
    <p id="x" style="color: rgb(200, 10, 20); font-size: 30px">Red words</p><p class="note">Green ground</p>
    <p style="width: calc(100px + 2em); background: linear-gradient(rgb(1, 2, 3), hsl(0 50% 50%)) no-repeat">Shaded</p>
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
  await expect(frame.getByText('Shaded')).toHaveCSS('width', '130px');
  await expect(frame.getByText('Shaded')).toHaveCSS('background-image', /^linear-gradient\(rgb\(1, 2, 3\)/);
  await expect(frame.getByText('Blue words')).toHaveCSS('color', 'rgb(0, 0, 255)');
  await page.context().close();
  mailbox.client.close();
});

test('every mail of the corpus is shown, and none reaches out of its frame', async ({ browser }) => {
  test.skip(corpus === undefined, 'MAIL_CORPUS is unset.');
  test.setTimeout(600_000);
  const mails = corpusFiles.filter((path) => !path.endsWith('.json')).map((path) => readFileSync(path));
  expect(mails.length).toBeGreaterThan(100);
  const addresses = await connected(browser, mails);
  expect(new Set(addresses.map(({ id }) => id)).size).toBe(mails.length);
  const { words, incidents, asked } = await openAll(browser, addresses, 'both walls');
  expect(words.length).toBe(mails.length);
  expect(incidents).toEqual([]);
  expect(asked).toEqual([]);
});
