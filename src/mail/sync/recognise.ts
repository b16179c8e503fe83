import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { sameSecond } from './depart.ts';

/** A message at the server that is an Email of ours already, so that nothing of its content is fetched. */
export type Recognised =
  /** A copy in this mailbox that has no UID: moved or appended by us, or of a UIDVALIDITY that is over. */
  | { kind: 'unplaced'; copyId: string }
  /** An Email that has lost its last copy: another client has moved it here. */
  | { kind: 'departed'; emailId: string }
  /** An Email with the same identity at the source (X-GM-MSGID, EMAILID). */
  | { kind: 'same'; emailId: string };

/** What a listing says of a message, as far as it tells one from another. */
export interface RecognisableFacts {
  uid: number;
  size: number;
  receivedAt: Date;
  remoteId: string | null;
}

interface Candidate {
  uid: number;
  messageId: string | null;
  recognised: Recognised;
}

/**
 * Tells which messages of a listing are here already. Size and INTERNALDATE choose the candidates, the Message-ID,
 * asked for those alone, decides; a Message-ID by itself would be a stranger's word.
 * @param messageIds asks the server for the Message-IDs of these UIDs; null where a message has none
 */
export async function recogniseMessages(
  db: Database,
  accountId: string,
  mailboxId: string,
  facts: readonly RecognisableFacts[],
  messageIds: (uids: readonly number[]) => Promise<ReadonlyMap<number, string | null>>,
): Promise<Map<number, Recognised>> {
  const found = await recogniseByRemoteId(db, accountId, facts);
  const candidates = await candidatesOf(
    db,
    accountId,
    mailboxId,
    facts.filter(({ uid }) => !found.has(uid)),
  );
  if (candidates.length === 0) return found;
  const ids = await messageIds([...new Set(candidates.map(({ uid }) => uid))]);
  const taken = new Set<string>();
  for (const { uid, messageId, recognised } of candidates) {
    const key = recognised.kind === 'unplaced' ? recognised.copyId : recognised.emailId;
    if (found.has(uid) || taken.has(key) || !ids.has(uid) || ids.get(uid) !== messageId) continue;
    taken.add(key);
    found.set(uid, recognised);
  }
  return found;
}

async function recogniseByRemoteId(
  db: Database,
  accountId: string,
  facts: readonly RecognisableFacts[],
): Promise<Map<number, Recognised>> {
  const remoteIds = facts.flatMap(({ remoteId }) => (remoteId === null ? [] : [remoteId]));
  if (remoteIds.length === 0) return new Map();
  const { rows } = await db.execute<{ remote_id: string; id: string }>(sql`
    select remote_id, id from emails
    where account_id = ${accountId} and remote_id = any(${sql.param(remoteIds)}::text[]) and body_status = 'stored'`);
  const ids = new Map(rows.map((row) => [row.remote_id, row.id]));
  const found = new Map<number, Recognised>();
  for (const { uid, remoteId } of facts) {
    const emailId = remoteId === null ? undefined : ids.get(remoteId);
    if (emailId !== undefined) found.set(uid, { kind: 'same', emailId });
  }
  return found;
}

/**
 * Copies that wait in this mailbox, and Emails that have departed, of a message's size. Of a departed one, and of one
 * without a Message-ID, the INTERNALDATE must be the same too. What we sent ourselves bears a Message-ID of our own
 * making, and is recognised by it alone: servers may give it another date, and some another size.
 */
async function candidatesOf(
  db: Database,
  accountId: string,
  mailboxId: string,
  facts: readonly RecognisableFacts[],
): Promise<Candidate[]> {
  if (facts.length === 0) return [];
  const listed = sql`jsonb_to_recordset(${JSON.stringify(
    facts.map(({ uid, size, receivedAt }) => ({ uid, size, received_at: receivedAt })),
  )}::jsonb) as n (uid bigint, size bigint, received_at timestamptz)`;
  const { rows: unplaced } = await db.execute<{ uid: number; id: string; message_id: string | null }>(sql`
    select n.uid::float8 as uid, c.id, e.message_id
    from mailbox_emails c
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    join ${listed} on n.size = e.size or exists (
      select 1 from submissions s where s.account_id = e.account_id and s.email_id = e.id
    )
    where c.account_id = ${accountId} and c.mailbox_id = ${mailboxId} and c.uid is null
      and (e.message_id is not null or ${sameSecond('c.received_at', 'n.received_at')})
    order by n.uid, ${sameSecond('c.received_at', 'n.received_at')} desc, c.id`);
  const { rows: departed } = await db.execute<{ uid: number; id: string; message_id: string | null }>(sql`
    select n.uid::float8 as uid, d.email_id as id, d.message_id
    from departed_emails d
    join ${listed} on n.size = d.size and ${sameSecond('d.received_at', 'n.received_at')}
    where d.account_id = ${accountId}
    order by n.uid, d.departed_at, d.email_id`);
  return [
    ...unplaced.map(
      (row): Candidate => ({
        uid: row.uid,
        messageId: row.message_id,
        recognised: { kind: 'unplaced', copyId: row.id },
      }),
    ),
    ...departed.map(
      (row): Candidate => ({
        uid: row.uid,
        messageId: row.message_id,
        recognised: { kind: 'departed', emailId: row.id },
      }),
    ),
  ];
}
