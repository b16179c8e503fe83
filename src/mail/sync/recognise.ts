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

/** What a message's header says, as far as it tells it from others of the same size and moment. */
export interface Likeness {
  messageId: string | null;
  subject: string;
  sentAt: Date | null;
}

interface Candidate {
  uid: number;
  likeness: Likeness;
  /** Of a message that we sent ourselves the Message-ID is of our own making: it says all. */
  isOwn: boolean;
  recognised: Recognised;
}

/** Whether two headers say the same. */
export function isAlike(one: Likeness, other: Likeness): boolean {
  return (
    one.messageId === other.messageId &&
    one.subject === other.subject &&
    one.sentAt?.getTime() === other.sentAt?.getTime()
  );
}

function isRecognised({ likeness, isOwn }: Candidate, header: Likeness): boolean {
  return isOwn && header.messageId !== null
    ? header.messageId === likeness.messageId
    : isAlike(likeness, header);
}

/**
 * Tells which messages of a listing are here already. Size and INTERNALDATE choose the candidates; Message-ID, subject
 * and date, asked for those alone, decide. A Message-ID by itself would be a stranger's word.
 * @param likenesses asks the server for the header fields of these UIDs
 */
export async function recogniseMessages(
  db: Database,
  accountId: string,
  mailboxId: string,
  facts: readonly RecognisableFacts[],
  likenesses: (uids: readonly number[]) => Promise<ReadonlyMap<number, Likeness>>,
): Promise<Map<number, Recognised>> {
  const found = await recogniseByRemoteId(db, accountId, facts);
  const candidates = await candidatesOf(
    db,
    accountId,
    mailboxId,
    facts.filter(({ uid }) => !found.has(uid)),
  );
  if (candidates.length === 0) return found;
  const headers = await likenesses([...new Set(candidates.map(({ uid }) => uid))]);
  const taken = new Set<string>();
  for (const candidate of candidates) {
    const { uid, recognised } = candidate;
    const key = recognised.kind === 'unplaced' ? recognised.copyId : recognised.emailId;
    const header = headers.get(uid);
    if (found.has(uid) || taken.has(key) || header === undefined || !isRecognised(candidate, header))
      continue;
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
  interface Row extends Record<string, unknown> {
    uid: number;
    id: string;
    message_id: string | null;
    subject: string;
    sent_at: Date | string | null;
    is_own: boolean;
  }
  const { rows: unplaced } = await db.execute<Row>(sql`
    select n.uid::float8 as uid, c.id, e.message_id, e.subject, e.sent_at, own.is_own
    from mailbox_emails c
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    cross join lateral (select exists (
      select 1 from submissions s where s.account_id = e.account_id and s.email_id = e.id
    ) as is_own) own
    join ${listed} on n.size = e.size or own.is_own
    where c.account_id = ${accountId} and c.mailbox_id = ${mailboxId} and c.uid is null
      and (e.message_id is not null or ${sameSecond('c.received_at', 'n.received_at')})
    order by n.uid, ${sameSecond('c.received_at', 'n.received_at')} desc, c.id`);
  const { rows: departed } = await db.execute<Row>(sql`
    select n.uid::float8 as uid, d.email_id as id, e.message_id, e.subject, e.sent_at, false as is_own
    from departed_emails d
    join emails e on e.account_id = d.account_id and e.id = d.email_id
    join ${listed} on n.size = d.size and ${sameSecond('d.received_at', 'n.received_at')}
    where d.account_id = ${accountId}
    order by n.uid, d.departed_at, d.email_id`);
  const candidate = (row: Row, recognised: Recognised): Candidate => ({
    uid: row.uid,
    likeness: {
      messageId: row.message_id,
      subject: row.subject,
      sentAt: row.sent_at === null ? null : new Date(row.sent_at),
    },
    isOwn: row.is_own,
    recognised,
  });
  return [
    ...unplaced.map((row) => candidate(row, { kind: 'unplaced', copyId: row.id })),
    ...departed.map((row) => candidate(row, { kind: 'departed', emailId: row.id })),
  ];
}
