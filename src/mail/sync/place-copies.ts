import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { setKeywords } from './apply-flags.ts';
import type { IncomingCopy } from './incoming.ts';
import { pendingKeywords } from './pending.ts';

/** What a listing recognised is not as it was: the content has to be fetched after all. */
export class RecognitionOutdated extends Error {
  override name = 'RecognitionOutdated';
}

interface Place {
  accountId: string;
  mailboxId: string;
  uidValidity: number;
  state: number;
}

/**
 * Gives recognised copies their place. A copy that waited for its UID gets it, with the server's keywords; of the
 * others the Email and thread are answered, for which a copy is to be inserted.
 * @returns also the threads of the copies that were placed
 * @throws RecognitionOutdated
 */
export async function placeCopies(
  tx: Transaction,
  place: Place,
  incoming: readonly IncomingCopy[],
): Promise<{ copies: { emailId: string; threadId: string; copy: IncomingCopy }[]; threadIds: string[] }> {
  const waiting: { copyId: string; copy: IncomingCopy }[] = [];
  const known: { emailId: string; copy: IncomingCopy }[] = [];
  const departed: string[] = [];
  for (const copy of incoming) {
    if (copy.content.kind !== 'recognised') continue;
    const { recognised } = copy.content;
    if (recognised.kind === 'unplaced') waiting.push({ copyId: recognised.copyId, copy });
    else known.push({ emailId: recognised.emailId, copy });
    if (recognised.kind === 'departed') departed.push(recognised.emailId);
  }
  const threadIds = await placeWaiting(tx, place, waiting);
  const emailIds = known.map(({ emailId }) => emailId);
  const back = await bringBack(tx, place, emailIds);
  if (departed.some((emailId) => !back.has(emailId))) throw new RecognitionOutdated();
  const threads = await threadsOf(tx, place.accountId, emailIds);
  const copies = known.map(({ emailId, copy }) => {
    const threadId = threads.get(emailId);
    if (threadId === undefined) throw new RecognitionOutdated();
    return { emailId, threadId, copy };
  });
  return { copies, threadIds };
}

async function placeWaiting(
  tx: Transaction,
  { accountId, mailboxId, uidValidity, state }: Place,
  waiting: readonly { copyId: string; copy: IncomingCopy }[],
): Promise<string[]> {
  if (waiting.length === 0) return [];
  const json = JSON.stringify(
    waiting.map(({ copyId, copy }) => ({
      id: copyId,
      uid: copy.uid,
      modseq: copy.modseq?.toString() ?? null,
      received_at: copy.receivedAt,
    })),
  );
  const { rows } = await tx.execute<{ thread_id: string }>(sql`
    update mailbox_emails c set
      uid = n.uid, uid_validity = ${uidValidity}, modseq = n.modseq, received_at = n.received_at, state = ${state}
    from jsonb_to_recordset(${json}::jsonb) as n (id uuid, uid bigint, modseq bigint, received_at timestamptz)
    where c.account_id = ${accountId} and c.id = n.id and c.mailbox_id = ${mailboxId} and c.uid is null
    returning c.thread_id`);
  if (rows.length < waiting.length) throw new RecognitionOutdated();
  const withPending = await pendingKeywords(tx, accountId);
  await setKeywords(
    tx,
    accountId,
    waiting.map(({ copyId, copy }) => ({
      id: copyId,
      keywords: withPending(copyId, copy.keywords),
      modseq: null,
    })),
    state,
  );
  return rows.map((row) => row.thread_id);
}

/** Emails whose last copy had vanished are in a mailbox again. @returns those of the ids that had departed */
export async function bringBack(
  tx: Transaction,
  { accountId, state }: Pick<Place, 'accountId' | 'state'>,
  emailIds: readonly string[],
): Promise<Set<string>> {
  if (emailIds.length === 0) return new Set();
  const ids = sql`${sql.param([...emailIds])}::uuid[]`;
  const { rows } = await tx.execute<{ email_id: string }>(sql`
    delete from departed_emails where account_id = ${accountId} and email_id = any(${ids}) returning email_id`);
  if (rows.length === 0) return new Set();
  await tx.execute(sql`
    delete from tombstones where account_id = ${accountId} and kind = 'email' and id = any(${ids}::text[])`);
  await tx.execute(sql`
    update emails set state = ${state} where account_id = ${accountId} and id = any(${ids})`);
  return new Set(rows.map((row) => row.email_id));
}

/** The threads of Emails, by their ids. */
export async function threadsOf(
  tx: Transaction,
  accountId: string,
  emailIds: readonly string[],
): Promise<Map<string, string>> {
  if (emailIds.length === 0) return new Map();
  const { rows } = await tx.execute<{ id: string; thread_id: string }>(sql`
    select id, thread_id from emails
    where account_id = ${accountId} and id = any(${sql.param([...emailIds])}::uuid[])`);
  return new Map(rows.map((row) => [row.id, row.thread_id]));
}
