import { type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import { removeCopies, removeOrphans } from '../actions/copies.ts';
import { bury, raiseState } from '../state.ts';

/**
 * How long, in milliseconds, an Email without copies waits for one to appear elsewhere: longer than the slowest look
 * at all mailboxes of an account.
 */
export const settling = 10 * 60_000;

/** An Email that has lost its last copy. */
interface LoneEmail {
  id: string;
  threadId: string;
  messageId: string | null;
  size: string;
  /** INTERNALDATE of the copy that went, as ISO 8601. */
  receivedAt: string;
}

/** An Email, and the one that was stored of the same message meanwhile. */
interface Twin {
  id: string;
  threadId: string;
  twinId: string;
  twinThreadId: string;
}

/** The lowest version 7 UUID (RFC 9562 §5.7) of a moment: ids of rows made since then are not below it. */
function lowestIdSince(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/**
 * Takes copies out of their mailbox that the server no longer has there. An Email that loses its last copy is kept
 * for a settling: the copy may have been moved by another client, and has then appeared, or will, in another mailbox.
 * Call `recountThreads` and `removeOrphans` with the threads that are answered.
 */
export async function departCopies(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  state: number,
  now: Date,
): Promise<string[]> {
  if (copyIds.length === 0) return [];
  const ids = sql`${sql.param([...copyIds])}::uuid[]`;
  const { rows: leaving } = await tx.execute<{ email_id: string; thread_id: string; received_at: Date }>(sql`
    select distinct on (email_id) email_id, thread_id, received_at from mailbox_emails
    where account_id = ${accountId} and id = any(${ids}) order by email_id, received_at`);
  const threadIds = new Set(leaving.map((row) => row.thread_id));
  await removeCopies(tx, accountId, copyIds, state);
  const dates = new Map(leaving.map((row) => [row.email_id, new Date(row.received_at)]));
  const { rows: alone } = await tx.execute<{
    id: string;
    thread_id: string;
    message_id: string | null;
    size: string;
  }>(sql`
    select id, thread_id, message_id, size::text as size from emails e
    where account_id = ${accountId} and id = any(${sql.param([...dates.keys()])}::uuid[])
      and not exists (select 1 from mailbox_emails c where c.account_id = e.account_id and c.email_id = e.id)
      and not exists (
        select 1 from submissions s
        where s.account_id = e.account_id and s.email_id = e.id and s.status not in ('sent', 'canceled')
      )`);
  const lone = alone.map((row) => ({
    id: row.id,
    threadId: row.thread_id,
    messageId: row.message_id,
    size: row.size,
    receivedAt: (dates.get(row.id) ?? now).toISOString(),
  }));
  const twins = await twinsOf(tx, accountId, lone, lowestIdSince(new Date(now.getTime() - settling)));
  await handOver(tx, accountId, twins, state);
  for (const { twinThreadId } of twins) threadIds.add(twinThreadId);
  const handedOver = new Set(twins.map(({ id }) => id));
  const departed = lone.filter(({ id }) => !handedOver.has(id));
  if (departed.length > 0) {
    await tx.execute(sql`
      insert into departed_emails (account_id, email_id, message_id, size, received_at, departed_at)
      select ${accountId}, n.id, n."messageId", n.size, n."receivedAt", ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(departed)}::jsonb)
        as n (id uuid, "messageId" text, size bigint, "receivedAt" timestamptz)
      on conflict (account_id, email_id) do update set departed_at = excluded.departed_at,
        received_at = excluded.received_at`);
    await bury(
      tx,
      accountId,
      'email',
      departed.map(({ id }) => id),
      state,
    );
  }
  return [...threadIds];
}

/** The same messages at the server, stored anew while the departure of these had not been noticed. */
async function twinsOf(
  tx: Transaction,
  accountId: string,
  lone: readonly LoneEmail[],
  since: string,
): Promise<Twin[]> {
  if (lone.length === 0) return [];
  const { rows } = await tx.execute<{
    id: string;
    thread_id: string;
    twin_id: string;
    twin_thread_id: string;
  }>(sql`
    select n.id, n."threadId" as thread_id, t.id as twin_id, t.thread_id as twin_thread_id
    from jsonb_to_recordset(${JSON.stringify(lone)}::jsonb)
      as n (id uuid, "threadId" uuid, "messageId" text, size bigint, "receivedAt" timestamptz)
    join emails e on e.account_id = ${accountId} and e.id = n.id
    join emails t on t.account_id = ${accountId} and t.size = n.size and t.id >= ${since}::uuid and t.id <> n.id
      and t.message_id is not distinct from n."messageId" and t.subject = e.subject
      and t.sent_at is not distinct from e.sent_at
    where exists (
      select 1 from mailbox_emails c
      where c.account_id = t.account_id and c.email_id = t.id and ${sameSecond('c.received_at', 'n."receivedAt"')}
    )
    order by n.id, t.id desc`);
  const [used, found] = [new Set<string>(), new Map<string, Twin>()];
  for (const row of rows) {
    if (used.has(row.twin_id) || found.has(row.id)) continue;
    used.add(row.twin_id);
    found.set(row.id, {
      id: row.id,
      threadId: row.thread_id,
      twinId: row.twin_id,
      twinThreadId: row.twin_thread_id,
    });
  }
  return [...found.values()];
}

/** SQL: INTERNALDATE has no fractions of a second; a date of our own may. */
export function sameSecond(one: string, other: string): SQL {
  return sql.raw(`date_trunc('second', ${one}) = date_trunc('second', ${other})`);
}

/** Gives the twins' copies to the Emails that were here first: their ids, threads and what people made of them stay. */
async function handOver(
  tx: Transaction,
  accountId: string,
  twins: readonly Twin[],
  state: number,
): Promise<void> {
  if (twins.length === 0) return;
  const pairs = sql`jsonb_to_recordset(${JSON.stringify(twins)}::jsonb)
    as n (id uuid, "threadId" uuid, "twinId" uuid)`;
  await tx.execute(sql`
    update mailbox_emails set email_id = n.id, thread_id = n."threadId", state = ${state}
    from ${pairs} where account_id = ${accountId} and email_id = n."twinId"`);
  await tx.execute(sql`
    update emails e set state = ${state} from ${pairs} where e.account_id = ${accountId} and e.id = n.id`);
}

/** Accounts with Emails whose settling is over, for the sweeper. */
export async function accountsWithDepartedEmails(db: Database, now: Date): Promise<string[]> {
  const { rows } = await db.execute<{ account_id: string }>(sql`
    select distinct account_id from departed_emails
    where departed_at < ${new Date(now.getTime() - settling).toISOString()}::timestamptz`);
  return rows.map((row) => row.account_id);
}

/**
 * Removes an account's Emails that no copy has taken over within the settling. Nobody is told: they have been out of
 * every list since they departed.
 */
export async function removeDepartedEmails(db: Database, accountId: string, now: Date): Promise<void> {
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const { rows } = await tx.execute<{ thread_id: string }>(sql`
      with due as (
        delete from departed_emails
        where account_id = ${accountId}
          and departed_at < ${new Date(now.getTime() - settling).toISOString()}::timestamptz
        returning email_id
      )
      select distinct e.thread_id from emails e join due on due.email_id = e.id where e.account_id = ${accountId}`);
    await removeOrphans(
      tx,
      accountId,
      rows.map((row) => row.thread_id),
      state,
    );
  });
}
