import { sql } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { listEmails } from '../../src/mail/emails/list.ts';
import { press } from '../connect-account.ts';
import { pause } from '../numbers.ts';
import type { BenchStack } from '../stack.ts';

/** The longest that the first page may take, in milliseconds. */
const longest = 60_000;

export interface FirstPage {
  accountId: string;
  /** When the button was pressed, by performance.now(). */
  pressed: number;
  /** From the job's start, which is the account's committed row, to the page, in milliseconds. */
  fromStart: number;
  faults: string[];
}

async function accountAt(db: Database, address: string): Promise<string | null> {
  const { rows } = await db.execute<{ id: string }>(sql`select id from accounts where address = ${address}`);
  return rows[0]?.id ?? null;
}

/** Connects an account and waits until the newest 50 of its inbox can be listed, newest first. */
export async function untilFirst50(stack: BenchStack, address: string, count: number): Promise<FirstPage> {
  const { db } = stack;
  const wanted = Math.min(50, count);
  const pressed = performance.now();
  await press(stack, { address });
  // The last moment at which the row was certainly not there: the time that is told is never too short.
  let started = pressed;
  let accountId: string | null = null;
  while (accountId === null) {
    const asked = performance.now();
    accountId = await accountAt(db, address);
    if (accountId === null) started = asked;
    if (performance.now() - pressed > longest) throw new Error(`${address} was not connected in time.`);
    await pause(3);
  }
  for (;;) {
    const { rows } = await listEmails(db, {
      accountIds: [accountId],
      mailboxId: null,
      role: 'inbox',
      list: 'emails',
      cursor: null,
      limit: 50,
    });
    if (rows.length >= wanted) {
      const fromStart = performance.now() - started;
      const isNewest = rows.every((row, at) => row.subject.endsWith(` ${count - at}`));
      const faults = isNewest ? [] : [`The first page of ${address} is not its newest mails.`];
      return { accountId, pressed, fromStart, faults };
    }
    if (performance.now() - pressed > longest) throw new Error(`${address} showed no page in time.`);
    await pause(5);
  }
}

/** How many mails an account has, over all its mailboxes. */
export async function storedMails(db: Database, accountId: string): Promise<number> {
  const { rows } = await db.execute<{ stored: number }>(
    sql`select coalesce(sum(email_count), 0)::int as stored from mailboxes where account_id = ${accountId}`,
  );
  return rows[0]?.stored ?? 0;
}
