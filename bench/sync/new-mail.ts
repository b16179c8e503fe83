import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImapFlow } from 'imapflow';
import { bringUp } from '../../scripts/demo/stack.ts';
import { Services } from '../../scripts/processes.ts';
import { findUserByEmail } from '../../src/identity/reading.ts';
import { withDeadline } from '../../src/platform/deadline.ts';
import { accountOf, press } from '../connect-account.ts';
import { fillMaildir } from '../fill-maildir.ts';
import type { BenchResult } from '../main.ts';
import { smallMessage } from '../messages.ts';
import { pause, percentile } from '../numbers.ts';
import { seededRandom } from '../random.ts';
import type { BenchStack } from '../stack.ts';
import { type OpenPage, openPage } from './browser-page.ts';
import { storedMails } from './first-50.ts';
import { connectClient } from './imap-client.ts';

const address = 'news@mail.example';
const before = 300;
const mails = 40;
/** The longest that one mail may take, in milliseconds. */
const longest = 15_000;

/** From the moment that a bare client in IDLE is told of a mail to its row in an open browser. */
export async function benchNewMail(stack: BenchStack): Promise<BenchResult> {
  const state = mkdtempSync(join(tmpdir(), 'mailroom-bench-web-'));
  const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
  const services = new Services();
  // The programs that are brought up read what the bench's own stack says.
  Object.assign(process.env, stack.environment);
  try {
    const databaseUrl = stack.environment.DATABASE_URL ?? null;
    const running = await bringUp({ root, state, databaseUrl, hasDemoMail: false }, 'demo', services);
    const [person] = running.users;
    if (person === undefined) throw new Error('Nobody can sign in.');
    await connect(stack, person.email);
    const page = await openPage(running.address, person);
    try {
      return await measure(stack, page);
    } finally {
      await page.close();
    }
  } finally {
    await services.stopAll(() => undefined);
    rmSync(state, { recursive: true, force: true });
  }
}

async function connect(stack: BenchStack, email: string): Promise<void> {
  const owner = await findUserByEmail(stack.db, email);
  if (owner === null) throw new Error(`${email} is nobody.`);
  fillMaildir(stack.dovecot.home(address), before, (n) => smallMessage(n, address));
  const accountId = await accountOf(stack, await press(stack, { address, ownerId: owner.id }), owner.id);
  const end = performance.now() + 4 * longest;
  while ((await storedMails(stack.db, accountId)) < before) {
    if (performance.now() > end) throw new Error(`${address} was not synchronised in time.`);
    await pause(50);
  }
}

function rawMail(subject: string): Buffer {
  const lines = [
    `Message-ID: <${subject.replaceAll(' ', '.')}@people.example>`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'From: June <june@people.example>',
    `To: <${address}>`,
    `Subject: ${subject}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    'News.',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

/** When the bare client is told of the next mail, by the machine's clock. */
function told(client: ImapFlow): Promise<number> {
  return new Promise((resolve) => client.once('exists', () => resolve(Date.now())));
}

async function measure(stack: BenchStack, page: OpenPage): Promise<BenchResult> {
  const [bare, sender] = await Promise.all([connectClient(stack, address), connectClient(stack, address)]);
  const random = seededRandom(9);
  const fromTold: number[] = [];
  const fromSent: number[] = [];
  try {
    await bare.mailboxOpen('INBOX', { readOnly: true });
    // It ends with the connection, or with the next command; there is none.
    const idling = bare.idle().catch(() => false);
    for (let n = 1; n <= mails; n += 1) {
      const subject = `Bench news ${n}`;
      const heard = told(bare);
      await sender.append('INBOX', rawMail(subject), []);
      const sentAt = Date.now();
      const within = <T>(work: Promise<T>, what: string) =>
        withDeadline(
          work,
          longest,
          () => undefined,
          () => new Error(`${subject}: ${what}`),
        );
      const [toldAt, shownAt] = await Promise.all([
        within(heard, 'the bare client was not told'),
        within(page.shownAt(subject), 'no row showed'),
      ]);
      fromTold.push(shownAt - toldAt);
      fromSent.push(shownAt - sentAt);
      await page.selectNewest();
      // Not in step with any timer.
      await pause(200 + random.below(800));
    }
    bare.close();
    await idling;
  } finally {
    bare.close();
    sender.close();
  }
  const figures = {
    newMails: mails,
    newMailMedianMs: percentile(fromTold, 0.5),
    newMailP95Ms: percentile(fromTold, 0.95),
    newMailMostMs: Math.max(...fromTold),
    newMailFromSentMedianMs: percentile(fromSent, 0.5),
  };
  console.log(
    `new mail: median ${figures.newMailMedianMs} ms, p95 ${figures.newMailP95Ms} ms after a bare client was told`,
  );
  return { figures, targets: { newMailMedianMs: 200, newMailP95Ms: 600 }, faults: [] };
}
