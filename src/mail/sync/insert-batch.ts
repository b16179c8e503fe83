import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { emailBodies } from '#db/schema.ts';
import { askToIndex } from '../search/to-index.ts';
import type { EmailRowValues } from './email-row.ts';
import type { FetchedCopy, IncomingCopy } from './incoming.ts';

/*
 * Batches are written by one statement a table. Rows travel as one jsonb value: unnest cannot carry the arrays
 * that a row's columns hold, since Postgres's arrays of arrays must be rectangular.
 */

interface RowOfCopy {
  row: EmailRowValues;
  copy: FetchedCopy;
}

export async function insertEmails(
  tx: Transaction,
  accountId: string,
  rows: readonly EmailRowValues[],
  state: number,
): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(
    rows.map((row) => ({
      id: row.id,
      thread_id: row.threadId,
      remote_id: row.remoteId,
      remote_thread_id: row.remoteThreadId,
      message_id: row.messageId,
      in_reply_to: row.inReplyTo,
      references: row.references,
      subject: row.subject,
      base_subject: row.baseSubject,
      from: row.from,
      to: row.to,
      cc: row.cc,
      bcc: row.bcc,
      reply_to: row.replyTo,
      sent_at: row.sentAt,
      received_at: row.receivedAt,
      size: row.size,
      snippet: row.snippet,
      has_attachment: row.hasAttachment,
      list_unsubscribe: row.listUnsubscribe,
      list_unsubscribe_post: row.listUnsubscribePost,
      list_id: row.listId,
      calendar_method: row.calendarMethod,
      authentication_results: row.authenticationResults,
      body_status: row.bodyStatus,
      body_problem: row.bodyProblem,
      fetch_attempts: row.fetchAttempts,
    })),
  );
  await tx.execute(sql`
    insert into emails (account_id, id, thread_id, remote_id, remote_thread_id, message_id, in_reply_to, "references",
      subject, base_subject, "from", "to", cc, bcc, reply_to, sent_at, received_at, size, snippet, has_attachment,
      list_unsubscribe, list_unsubscribe_post, list_id, calendar_method, authentication_results, body_status,
      body_problem, fetch_attempts, state)
    select ${accountId}, id, thread_id, remote_id, remote_thread_id, message_id, in_reply_to, "references", subject,
      base_subject, "from", "to", cc, bcc, reply_to, sent_at, received_at, size, snippet, has_attachment,
      list_unsubscribe, list_unsubscribe_post, list_id, calendar_method, authentication_results, body_status,
      body_problem, fetch_attempts, ${state}
    from jsonb_to_recordset(${json}::jsonb) as n (id uuid, thread_id uuid, remote_id text, remote_thread_id text,
      message_id text, in_reply_to text[], "references" text[], subject text, base_subject text, "from" jsonb, "to" jsonb, cc jsonb,
      bcc jsonb, reply_to jsonb, sent_at timestamptz, received_at timestamptz, size bigint, snippet text,
      has_attachment boolean, list_unsubscribe text, list_unsubscribe_post text,
      list_id text, calendar_method text, authentication_results text[], body_status text,
      body_problem text, fetch_attempts int)`);
  await askToIndex(
    tx,
    accountId,
    rows.map(({ id }) => id),
  );
}

export async function insertBodies(
  tx: Transaction,
  accountId: string,
  rows: readonly RowOfCopy[],
): Promise<void> {
  const bodies = rows.flatMap(({ row, copy }) => {
    if (copy.content.kind !== 'parsed') return [];
    const { text, html } = copy.content.parsed.body;
    return [
      { accountId, emailId: row.id, text: Buffer.from(text.buffer), html: html && Buffer.from(html.buffer) },
    ];
  });
  // A parameter each: as an array the bytes would travel as text, twice as long.
  if (bodies.length > 0) await tx.insert(emailBodies).values(bodies);
}

export async function insertAttachments(
  tx: Transaction,
  accountId: string,
  rows: readonly RowOfCopy[],
): Promise<void> {
  const files = rows.flatMap(({ row, copy }) =>
    copy.content.kind === 'parsed'
      ? copy.content.parsed.attachments.map((file) => ({
          email_id: row.id,
          position: file.position,
          part: file.part,
          encoding: file.encoding,
          filename: file.filename,
          media_type: file.mediaType,
          size: file.size,
          content_id: file.contentId,
          disposition: file.disposition,
        }))
      : [],
  );
  if (files.length === 0) return;
  await tx.execute(sql`
    insert into attachments
      (account_id, email_id, position, part, encoding, filename, media_type, size, content_id, disposition)
    select ${accountId}, n.* from jsonb_to_recordset(${JSON.stringify(files)}::jsonb) as n (email_id uuid,
      position int, part text, encoding text, filename text, media_type text, size bigint, content_id text,
      disposition text)`);
}

export async function insertCopies(
  tx: Transaction,
  place: { accountId: string; mailboxId: string; uidValidity: number | null; state: number },
  copies: readonly {
    id: string;
    emailId: string;
    threadId: string;
    copy: Omit<IncomingCopy, 'uid' | 'content'> & { uid: number | null };
  }[],
): Promise<void> {
  if (copies.length === 0) return;
  const { accountId, mailboxId, uidValidity, state } = place;
  const json = JSON.stringify(
    copies.map(({ id, emailId, threadId, copy }) => ({
      id,
      email_id: emailId,
      thread_id: threadId,
      uid: copy.uid,
      modseq: copy.modseq?.toString() ?? null,
      received_at: copy.receivedAt,
      is_seen: copy.keywords.includes('$seen'),
      is_flagged: copy.keywords.includes('$flagged'),
      keywords: [...copy.keywords].sort(),
    })),
  );
  await tx.execute(sql`
    insert into mailbox_emails (account_id, mailbox_id, uid_validity, state, id, email_id, thread_id, uid, modseq,
      received_at, is_seen, is_flagged, keywords)
    select ${accountId}, ${mailboxId}, ${uidValidity}::bigint, ${state}, n.*
    from jsonb_to_recordset(${json}::jsonb) as n (id uuid, email_id uuid, thread_id uuid, uid bigint, modseq bigint,
      received_at timestamptz, is_seen boolean, is_flagged boolean, keywords text[])`);
}
