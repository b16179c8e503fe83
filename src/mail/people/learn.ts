import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { accounts, identities, peopleProgress, type StoredAddress } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { type Meeting, rememberPeople } from './write.ts';

/** The most mails that are read in one transaction. */
const batch = 500;

/** What is younger than this, in milliseconds, may have been stored out of the order of its id. */
const settling = 60_000;

/** Machines that nobody writes to. */
const machine = /^(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?|notifications?)\b/i;

interface MailRow extends Record<string, unknown> {
  id: string;
  from: StoredAddress[];
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  at: string;
  is_list: boolean;
  is_junk: boolean;
  is_submitted: boolean;
}

/**
 * Learns from an account's stored mail whom it writes to and who writes to it, from where it was last left; at most
 * `batch` mails, each once. What Mailroom sent itself was counted when it was taken.
 * @returns whether there may be more
 */
export async function learnPeople(db: Database, accountId: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    await tx
      .insert(peopleProgress)
      .values({ accountId, afterEmailId: lowestId(0) })
      .onConflictDoNothing();
    const [progress] = await tx
      .select()
      .from(peopleProgress)
      .where(eq(peopleProgress.accountId, accountId))
      .for('update', { skipLocked: true });
    if (progress === undefined) return false;
    const { rows } = await tx.execute<MailRow>(sql`
      select e.id, e."from", e."to", e.cc, e.bcc, coalesce(e.sent_at, e.received_at)::text as at,
        e.list_id is not null as is_list,
        exists (
          select from mailbox_emails c
          join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
          where c.account_id = e.account_id and c.email_id = e.id and m.role = 'junk'
        ) as is_junk,
        exists (
          select from submissions s where s.account_id = e.account_id and s.email_id = e.id
        ) as is_submitted
      from emails e
      where e.account_id = ${accountId} and e.id > ${progress.afterEmailId}
        and e.id < ${lowestId(now.getTime() - settling)}
      order by e.id limit ${batch}`);
    const last = rows.at(-1);
    if (last === undefined) return false;
    const own = await ownAddresses(tx, accountId);
    await rememberPeople(
      tx,
      accountId,
      rows.flatMap((row) => meetingsOf(row, own)),
    );
    await tx
      .update(peopleProgress)
      .set({ afterEmailId: last.id })
      .where(eq(peopleProgress.accountId, accountId));
    return rows.length === batch;
  });
}

/** No UUID of version 7 that was made at or after this time (milliseconds since 1970) is lower (RFC 9562 §5.7). */
function lowestId(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

async function ownAddresses(tx: Transaction, accountId: string): Promise<ReadonlySet<string>> {
  const known = await tx
    .select({ address: identities.email })
    .from(identities)
    .where(eq(identities.accountId, accountId));
  const [account] = await tx
    .select({ address: accounts.address })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  return new Set(
    [...known, ...(account === undefined ? [] : [account])].map((row) => row.address.toLowerCase()),
  );
}

function meetingsOf(row: MailRow, own: ReadonlySet<string>): Meeting[] {
  const isOwn = (person: StoredAddress) => own.has(person.address.toLowerCase());
  const at = new Date(row.at);
  if (row.from.some(isOwn)) {
    if (row.is_submitted) return [];
    return [...row.to, ...row.cc, ...row.bcc]
      .filter((person) => !isOwn(person))
      .map((person) => ({ person, kind: 'written', at }));
  }
  if (row.is_list || row.is_junk) return [];
  return row.from
    .filter((person) => !machine.test(person.address))
    .map((person) => ({ person, kind: 'received', at }));
}

/** The accounts with mail that was not read for people yet, for the sweeper. */
export async function accountsToLearnFrom(db: Database, now: Date): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select a.id from accounts a
    left join people_progress p on p.account_id = a.id
    where exists (
      select from emails e
      where e.account_id = a.id and e.id > coalesce(p.after_email_id, ${lowestId(0)}::uuid)
        and e.id < ${lowestId(now.getTime() - settling)}
    )
    limit 100`);
  return rows.map(({ id }) => id);
}
