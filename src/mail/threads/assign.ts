import { sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import type { StoredAddress } from '#db/schema.ts';
import { namesOf, planThreads, type ThreadCandidate } from './plan.ts';

/** A mail that is to be put into a thread. */
export interface Threaded {
  emailId: string;
  messageId: string | null;
  /** The conversation's identity at the source, where it has one: then the source decides. */
  remoteThreadId: string | null;
  inReplyTo: readonly string[];
  references: readonly string[];
  baseSubject: string;
  isReply: boolean;
  people: readonly StoredAddress[];
  receivedAt: Date;
}

/** How far apart, in days, an answer without references may be from what its subject answers. */
const subjectWindow = 30;

/**
 * Puts new mails into threads: by Message-ID, In-Reply-To and References first (RFC 5256 §3, without its
 * merging by subject), and only an answer that names no parent at all by its subject, among mails of the last
 * 30 days with a person in common. Threads that a mail joins are merged into the oldest. Where the source has
 * conversations of its own (X-GM-THRID, RFC 8474), theirs are taken over.
 * @returns the thread of each mail by its id, and the ids of threads whose mails were taken over
 */
export async function assignThreads(
  tx: Transaction,
  accountId: string,
  mails: readonly Threaded[],
  state: number,
): Promise<{ threadOf: Map<string, string>; mergedThreadIds: string[] }> {
  const known = await knownThreads(tx, accountId, mails);
  const bySubject = await subjectCandidates(tx, accountId, mails);
  const plan = planThreads(mails, known, bySubject, newId);
  if (plan.created.length > 0) {
    await tx.execute(sql`
      insert into threads (account_id, id, state)
      select ${accountId}, id, ${state} from unnest(${sql.param(plan.created)}::uuid[]) id`);
  }
  const [from, into] = [[...plan.merged.keys()], [...plan.merged.values()]];
  if (from.length > 0) await mergeThreads(tx, accountId, from, into, state);
  const [ids, threadIds] = [[...plan.messageIds.keys()], [...plan.messageIds.values()]];
  if (ids.length > 0) {
    await tx.execute(sql`
      insert into thread_message_ids (account_id, message_id, thread_id)
      select ${accountId}, message_id, thread_id
      from unnest(${sql.param(ids)}::text[], ${sql.param(threadIds)}::uuid[]) as n (message_id, thread_id)
      on conflict (account_id, message_id) do update set thread_id = excluded.thread_id`);
  }
  return { threadOf: plan.threadOf, mergedThreadIds: from };
}

async function knownThreads(
  tx: Transaction,
  accountId: string,
  mails: readonly Threaded[],
): Promise<Map<string, string>> {
  const ids = [...new Set(mails.flatMap((mail) => [...namesOf(mail).own, ...namesOf(mail).others]))];
  if (ids.length === 0) return new Map();
  const { rows } = await tx.execute<{ message_id: string; thread_id: string }>(sql`
    select message_id, thread_id from thread_message_ids
    where account_id = ${accountId} and message_id = any(${sql.param(ids)}::text[])`);
  return new Map(rows.map((row) => [row.message_id, row.thread_id]));
}

async function subjectCandidates(
  tx: Transaction,
  accountId: string,
  mails: readonly Threaded[],
): Promise<ThreadCandidate[]> {
  const asking = mails.filter(
    (mail) =>
      mail.remoteThreadId === null &&
      mail.isReply &&
      mail.inReplyTo.length === 0 &&
      mail.references.length === 0 &&
      mail.baseSubject !== '',
  );
  if (asking.length === 0) return [];
  const subjects = [...new Set(asking.map((mail) => mail.baseSubject))];
  const { rows } = await tx.execute<{
    thread_id: string;
    base_subject: string;
    received_at: Date;
    people: string[] | null;
  }>(sql`
    select e.thread_id, e.base_subject, e.received_at, p.people
    from unnest(${sql.param(subjects)}::text[]) s
    cross join lateral (
      select * from emails where account_id = ${accountId} and base_subject = s order by received_at desc limit 20
    ) e
    cross join lateral (
      select array_agg(lower(a ->> 'address')) as people
      from jsonb_array_elements(e."from" || e."to" || e.cc) a
    ) p`);
  return rows.map((row) => ({
    threadId: row.thread_id,
    baseSubject: row.base_subject,
    receivedAt: new Date(row.received_at),
    people: row.people ?? [],
    window: subjectWindow,
  }));
}

/** Hands the mails of some threads to others; the old ids lead to the new. */
async function mergeThreads(
  tx: Transaction,
  accountId: string,
  from: readonly string[],
  into: readonly string[],
  state: number,
): Promise<void> {
  const pairs = sql`unnest(${sql.param(from)}::uuid[], ${sql.param(into)}::uuid[]) as n (old_id, new_id)`;
  await tx.execute(sql`
    update emails set thread_id = n.new_id, state = ${state}
    from ${pairs} where account_id = ${accountId} and thread_id = n.old_id`);
  await tx.execute(sql`
    update mailbox_emails set thread_id = n.new_id, state = ${state}
    from ${pairs} where account_id = ${accountId} and thread_id = n.old_id`);
  await tx.execute(sql`
    update thread_message_ids set thread_id = n.new_id
    from ${pairs} where account_id = ${accountId} and thread_id = n.old_id`);
  await tx.execute(sql`
    update threads set merged_into = n.new_id, state = ${state}
    from ${pairs} where account_id = ${accountId} and (id = n.old_id or merged_into = n.old_id)`);
}
