import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import type { StoredAddress } from '#db/schema.ts';
import type { ListRow, Role } from '../views.ts';
import { decodeListCursor, encodeListCursor } from './list-cursor.ts';

export interface ListQuery {
  /** The accounts that the caller may use and wants. */
  accountIds: readonly string[];
  /** One mailbox, or null for the mailboxes of `role`. */
  mailboxId: string | null;
  role: Role | null;
  list: 'conversations' | 'emails';
  cursor: string | null;
  limit: number;
}

interface Listed extends Record<string, unknown> {
  account_id: string;
  mailbox_id: string;
  thread_id: string;
  email_id: string;
  sort_id: string;
  newest_at: Date;
  count: number;
  unread: number;
  is_flagged: boolean;
  is_answered: boolean;
  subject: string;
  snippet: string;
  has_attachment: boolean;
  body_status: string;
  address: string;
  people: { from: StoredAddress[]; to: StoredAddress[]; isSeen: boolean; isOut: boolean }[];
}

/**
 * One page of a list, newest first. Each mailbox gives its own page from its list index and the pages are
 * merged, so the cost is that of the rows shown and not of the mail stored. Keyset paging.
 */
export async function listEmails(
  db: Queryable,
  query: ListQuery,
): Promise<{ rows: ListRow[]; nextCursor: string | null }> {
  if (query.accountIds.length === 0) return { rows: [], nextCursor: null };
  const after = query.cursor === null ? null : decodeListCursor(query.cursor);
  const isFlaggedList = query.mailboxId === null && query.role === 'flagged';
  const boxes = sql`
    select account_id, id from mailboxes
    where account_id = any(${sql.param(query.accountIds)}::uuid[])
      and ${
        query.mailboxId !== null
          ? sql`id = ${query.mailboxId}`
          : isFlaggedList
            ? sql`(role is null or role not in ('trash', 'junk', 'all', 'flagged'))`
            : sql`role = ${query.role}`
      }`;
  const before = (at: string, id: string) =>
    after === null
      ? sql`true`
      : sql`(${sql.raw(at)}, ${sql.raw(id)}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`;
  const page =
    query.list === 'conversations'
      ? sql`
        select t.account_id, t.mailbox_id, t.thread_id, t.newest_email_id as email_id, t.thread_id as sort_id,
          t.newest_at, t.count, t.unread, t.is_flagged
        from mailbox_threads t
        where t.account_id = boxes.account_id and t.mailbox_id = boxes.id
          and ${before('t.newest_at', 't.thread_id')} ${isFlaggedList ? sql`and t.is_flagged` : sql``}
        order by t.newest_at desc, t.thread_id desc limit ${query.limit + 1}`
      : sql`
        select c.account_id, c.mailbox_id, c.thread_id, c.email_id, c.id as sort_id,
          c.received_at as newest_at, 1 as count, (not c.is_seen)::int as unread, c.is_flagged
        from mailbox_emails c
        where c.account_id = boxes.account_id and c.mailbox_id = boxes.id
          and ${before('c.received_at', 'c.id')} ${isFlaggedList ? sql`and c.is_flagged` : sql``}
        order by c.received_at desc, c.id desc limit ${query.limit + 1}`;
  const shown = query.list === 'conversations' ? sql`c.thread_id = l.thread_id` : sql`c.id = l.sort_id`;
  const result = await db.execute<Listed>(sql`
    with boxes as materialized (${boxes}),
    listed as materialized (
      select page.* from boxes cross join lateral (${page}) page
      order by newest_at desc, sort_id desc limit ${query.limit + 1}
    )
    select l.*, e.subject, e.snippet, e.has_attachment, e.body_status, a.address, p.people, p.is_answered
    from listed l
    join emails e on e.account_id = l.account_id and e.id = l.email_id
    join accounts a on a.id = l.account_id
    cross join lateral (
      select jsonb_agg(jsonb_build_object('from', m."from", 'to', m."to", 'isSeen', m.is_seen, 'isOut', m.is_out)
        order by m.received_at) as people, bool_or(m.is_answered) as is_answered
      from (
        select s."from", s."to", c.is_seen, c.received_at, '$answered' = any(c.keywords) as is_answered,
          b.role is not null and b.role in ('sent', 'drafts') as is_out
        from mailbox_emails c
        join emails s on s.account_id = c.account_id and s.id = c.email_id
        join mailboxes b on b.account_id = c.account_id and b.id = c.mailbox_id
        where c.account_id = l.account_id and c.mailbox_id = l.mailbox_id and ${shown}
        order by c.received_at desc limit 20
      ) m
    ) p
    order by l.newest_at desc, l.sort_id desc`);
  const rows = result.rows.slice(0, query.limit);
  const last = rows.at(-1);
  return {
    rows: rows.map(listRow),
    nextCursor:
      result.rows.length > query.limit && last !== undefined
        ? encodeListCursor({ at: new Date(last.newest_at), id: last.sort_id })
        : null,
  };
}

function listRow(row: Listed): ListRow {
  return {
    accountId: row.account_id,
    mailboxId: row.mailbox_id,
    threadId: row.thread_id,
    emailId: row.email_id,
    people: peopleOf(row),
    count: row.count,
    unread: row.unread,
    subject: row.subject,
    snippet: row.snippet,
    receivedAt: new Date(row.newest_at).getTime(),
    isFlagged: row.is_flagged,
    isAnswered: row.is_answered,
    hasAttachment: row.has_attachment,
    isBroken: row.body_status === 'failed',
  };
}

/** Who a row is about: the senders, or, of mail that the account sent itself, its recipients. */
function peopleOf({ people, address }: Listed): ListRow['people'] {
  const own = address.toLowerCase();
  const seen = new Map<string, ListRow['people'][number]>();
  for (const { from, to, isSeen, isOut } of people) {
    for (const person of isOut ? to : from) {
      const key = person.address.toLowerCase();
      const known = seen.get(key);
      if (known !== undefined) known.isUnread ||= !isSeen;
      else
        seen.set(key, { name: person.name, address: person.address, isMe: key === own, isUnread: !isSeen });
    }
  }
  return [...seen.values()].sort((one, other) => Number(one.isMe) - Number(other.isMe));
}
