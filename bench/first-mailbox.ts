import { sql } from 'drizzle-orm';
import { ImapFlow } from 'imapflow';
import { listEmails } from '../src/mail/emails/list.ts';
import { checkConsistency } from '../src/operations/consistency.ts';
import { startWorker } from '../tests/faults/worker-process.ts';
import { accountOf, press } from './connect-account.ts';
import { fillMaildir } from './fill-maildir.ts';
import type { BenchResult } from './main.ts';
import { benchMessage } from './messages.ts';
import { pause, percentile } from './numbers.ts';
import { type BenchStack, startBenchStack } from './stack.ts';

const address = 'ada@mail.example';
/** How many messages; the bench's own figure is 20,000, fewer are for looking at something quickly. */
const count = Number(process.env.BENCH_MESSAGES ?? 20_000);
/** The longest that all may take, in milliseconds. */
const longest = 20 * 60_000;
const megabyte = 1024 * 1024;

async function serverUids({ dovecot }: BenchStack): Promise<number[]> {
  const client = new ImapFlow({
    host: dovecot.host,
    port: dovecot.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: address, pass: dovecot.password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  const found = await client.search({ all: true }, { uid: true });
  await client.logout();
  return found === false ? [] : (found ?? []).toSorted((one, other) => one - other);
}

/** From pressing the button until the newest 50 of a mailbox can be listed, until all is there, and what it costs. */
export async function benchFirstMailbox(): Promise<BenchResult> {
  const stack = await startBenchStack();
  try {
    const { bytes } = fillMaildir(stack.dovecot.home(address), count, (n) => benchMessage(n, address));
    console.log(`${count} messages, ${Math.round(bytes / megabyte)} MB`);
    // The server's own index is built once, as a server that is in use has it.
    const expected = await serverUids(stack);
    const worker = await startWorker({ ...stack.environment, LOG_LEVEL: 'info' });
    try {
      return await measure(stack, worker, expected);
    } finally {
      await worker.stop();
    }
  } finally {
    await stack.stop();
  }
}

async function measure(
  stack: BenchStack,
  worker: Awaited<ReturnType<typeof startWorker>>,
  expected: readonly number[],
): Promise<BenchResult> {
  const { db } = stack;
  const page = (accountId: string, list: 'emails' | 'conversations') =>
    listEmails(db, {
      accountIds: [accountId],
      mailboxId: null,
      role: 'inbox',
      list,
      cursor: null,
      limit: 50,
    });
  const idle = worker.memory().resident;
  const pressed = performance.now();
  const accountId = await accountOf(stack, await press(stack, { address }));
  const accepted = performance.now() - pressed;
  const wanted = Math.min(50, count);
  let first = await page(accountId, 'emails');
  while (first.rows.length < wanted) {
    await pause(10);
    first = await page(accountId, 'emails');
  }
  const first50 = performance.now() - pressed;
  console.log(
    `accepted after ${Math.round(accepted)} ms, the newest ${wanted} after ${Math.round(first50)} ms`,
  );
  const faults: string[] = [];
  first.rows.forEach((row, at) => {
    if (!row.subject.endsWith(` ${count - at}`))
      faults.push(`Place ${at} of the first page is not the newest mail.`);
  });
  const latencies: number[] = [];
  let peak = 0;
  let shown = 0;
  for (let stored = 0; stored < count; ) {
    const asked = performance.now();
    await page(accountId, 'conversations');
    latencies.push(performance.now() - asked);
    peak = Math.max(peak, worker.memory().resident);
    const { rows } = await db.execute<{ stored: number }>(
      sql`select coalesce(sum(email_count), 0)::int as stored from mailboxes where account_id = ${accountId}`,
    );
    stored = rows[0]?.stored ?? 0;
    if (performance.now() - pressed > longest)
      throw new Error(`Only ${stored} were there in time.\n${worker.said()}`);
    if (stored - shown >= 2000) {
      shown = stored;
      console.log(
        `${stored} after ${Math.round(performance.now() - pressed)} ms, ${Math.round(peak / megabyte)} MB`,
      );
    }
    await pause(100);
  }
  const all = performance.now() - pressed;
  const { rows } = await db.execute<{ uid: number }>(
    sql`select uid::float8 as uid from mailbox_emails where account_id = ${accountId} order by uid`,
  );
  if (JSON.stringify(rows.map((row) => row.uid)) !== JSON.stringify(expected)) {
    faults.push(`The stored UIDs (${rows.length}) are not the server's (${expected.length}).`);
  }
  const broken = await db.execute(
    sql`select 1 from emails where account_id = ${accountId} and body_status <> 'stored'`,
  );
  if (broken.rows.length > 0) faults.push(`${broken.rows.length} mails have no body.`);
  faults.push(...(await checkConsistency(db, accountId)));
  const { highest } = worker.memory();
  return {
    figures: {
      messages: count,
      acceptedMs: Math.round(accepted),
      first50Ms: Math.round(first50),
      allMs: Math.round(all),
      messagesPerSecond: Math.round((count / all) * 1000),
      listMedianMs: Math.round(percentile(latencies, 0.5)),
      listP95Ms: Math.round(percentile(latencies, 0.95)),
      listMostMs: Math.round(Math.max(...latencies)),
      workerIdleMb: Math.round(idle / megabyte),
      workerPeakMb: Math.round(highest / megabyte),
    },
    targets: { first50Ms: 3000, workerPeakMb: 400, listP95Ms: 200 },
    faults,
  };
}
