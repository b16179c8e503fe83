import { sql } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { unpackText } from '../../src/mail/content/packed-text.ts';
import { type AccountView, mailboxKey, mailboxLine, mailKey, mailLine } from './account-view.ts';

/** The account as Mailroom has it. */
export async function storedView(db: Database, accountId: string): Promise<AccountView> {
  const view: AccountView = new Map();
  const mailboxes = await db.execute<{ path: string; selectable: boolean; validity: number | null }>(sql`
    select remote_id as path, is_selectable as selectable, (cursor ->> 'uidValidity')::float8 as validity
    from mailboxes where account_id = ${accountId}`);
  for (const { path, selectable, validity } of mailboxes.rows) {
    view.set(mailboxKey(path), mailboxLine({ isSelectable: selectable, uidValidity: validity }));
  }
  const mails = await db.execute<{
    id: string;
    path: string;
    validity: number | null;
    uid: number | null;
    keywords: string[];
    at: string;
    size: number;
    message_id: string | null;
    subject: string;
    text: Buffer | null;
    html: Buffer | null;
    attachments: string[];
    status: string;
  }>(sql`
    select c.id, m.remote_id as path, c.uid_validity::float8 as validity, c.uid::float8 as uid, c.keywords,
      to_char(c.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
      e.size::float8 as size, e.message_id, e.subject, b.text, b.html, e.body_status as status,
      array(select a.filename || ' ' || a.media_type from attachments a
        where a.account_id = e.account_id and a.email_id = e.id order by a.position) as attachments
    from mailbox_emails c
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    left join email_bodies b on b.account_id = e.account_id and b.email_id = e.id
    where c.account_id = ${accountId}`);
  for (const row of mails.rows) {
    const facts = {
      keywords: row.keywords,
      receivedAt: new Date(row.at),
      size: row.size,
      messageId: row.message_id,
      subject: row.subject,
      text: row.text === null ? '' : await unpackText(row.text),
      html: row.html === null ? null : await unpackText(row.html),
      attachments: row.attachments,
      bodyStatus: row.status,
    };
    const uid = row.uid ?? `without a UID, ${row.id}`;
    view.set(mailKey(row.path, row.validity, uid), mailLine(facts));
  }
  return view;
}
