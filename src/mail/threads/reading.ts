import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { attachments, emailBodies, emails, mailboxEmails, threads } from '#db/schema.ts';
import { unpackBody } from '../content/packed-text.ts';
import { filedDraftsAmong } from '../drafts/filed-message.ts';
import { submissionsOfEmails } from '../outbox/reading.ts';
import type { EmailView, ThreadView } from '../views.ts';

/** Bodies given along with a thread, in characters of text and HTML together. */
const bodiesWithThread = 512 * 1024;

/** The thread that an id leads to: itself, or the older one that it was merged into. Null where there is none. */
async function currentThreadId(db: Queryable, accountId: string, threadId: string): Promise<string | null> {
  let id = threadId;
  for (let step = 0; step < 10; step += 1) {
    const [row] = await db
      .select({ mergedInto: threads.mergedInto })
      .from(threads)
      .where(and(eq(threads.accountId, accountId), eq(threads.id, id)));
    if (row === undefined) return null;
    if (row.mergedInto === null) return id;
    id = row.mergedInto;
  }
  return null;
}

/** An Email that has departed from its last mailbox is kept for a while, and shown no more. */
const isPresent = sql`not exists (
  select 1 from departed_emails d where d.account_id = ${emails.accountId} and d.email_id = ${emails.id})`;

/** A whole conversation over all mailboxes, oldest first; null where there is none (any more). */
export async function threadView(
  db: Queryable,
  accountId: string,
  threadId: string,
): Promise<ThreadView | null> {
  const id = await currentThreadId(db, accountId, threadId);
  if (id === null) return null;
  const rows = await db
    .select()
    .from(emails)
    .where(and(eq(emails.accountId, accountId), eq(emails.threadId, id), isPresent))
    .orderBy(asc(emails.receivedAt), asc(emails.id));
  const shown = await withoutFiledDrafts(db, accountId, rows);
  const views = await emailViews(db, accountId, shown);
  const last = shown.at(-1);
  return last === undefined
    ? null
    : { accountId, id, subject: shown[0]?.subject ?? last.subject, emails: views };
}

/** What Mailroom has filed of a draft is no mail of the conversation yet; alone, it is all that there is to show. */
async function withoutFiledDrafts(
  db: Queryable,
  accountId: string,
  rows: (typeof emails.$inferSelect)[],
): Promise<(typeof emails.$inferSelect)[]> {
  const filed = await filedDraftsAmong(
    db,
    accountId,
    rows.flatMap(({ messageId }) => messageId ?? []),
  );
  const mails = rows.filter(({ messageId }) => messageId === null || !filed.has(messageId));
  return mails.length === 0 ? rows : mails;
}

async function emailViews(
  db: Queryable,
  accountId: string,
  rows: readonly (typeof emails.$inferSelect)[],
): Promise<EmailView[]> {
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const [copies, files, sending] = await Promise.all([
    db
      .select()
      .from(mailboxEmails)
      .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.emailId, ids))),
    db
      .select()
      .from(attachments)
      .where(and(eq(attachments.accountId, accountId), inArray(attachments.emailId, ids)))
      .orderBy(asc(attachments.position)),
    submissionsOfEmails(db, accountId, ids),
  ]);
  const views = rows.map((row): EmailView => {
    const own = copies.filter((copy) => copy.emailId === row.id);
    return {
      id: row.id,
      accountId,
      threadId: row.threadId,
      messageId: row.messageId,
      from: row.from,
      to: row.to,
      cc: row.cc,
      bcc: row.bcc,
      replyTo: row.replyTo,
      subject: row.subject,
      sentAt: row.sentAt?.getTime() ?? null,
      receivedAt: row.receivedAt.getTime(),
      snippet: row.snippet,
      size: row.size,
      isSeen: own.every((copy) => copy.isSeen),
      isFlagged: own.some((copy) => copy.isFlagged),
      copies: own.map(({ id, mailboxId, keywords }) => ({ id, mailboxId, keywords })),
      attachments: files
        .filter((file) => file.emailId === row.id)
        .map(({ position, filename, mediaType, size, contentId, disposition }) => ({
          position,
          filename,
          mediaType,
          size,
          contentId,
          disposition,
        })),
      authenticationResults: row.authenticationResults,
      listUnsubscribe: row.listUnsubscribe,
      bodyStatus: row.bodyStatus,
      bodyProblem: row.bodyProblem,
      body: null,
      submission: sending.find((submission) => submission.emailId === row.id) ?? null,
    };
  });
  await addBodies(db, accountId, views);
  return views;
}

/** Fills in the bodies that the reader opens at once: the unread mails' and the newest one's. */
async function addBodies(db: Queryable, accountId: string, views: EmailView[]): Promise<void> {
  const wanted = views.filter(
    (view, index) => view.bodyStatus === 'stored' && (!view.isSeen || index === views.length - 1),
  );
  if (wanted.length === 0) return;
  const bodies = await db
    .select()
    .from(emailBodies)
    .where(
      and(
        eq(emailBodies.accountId, accountId),
        inArray(
          emailBodies.emailId,
          wanted.slice(-10).map((view) => view.id),
        ),
      ),
    );
  let total = 0;
  for (const view of wanted.toReversed()) {
    const packed = bodies.find((row) => row.emailId === view.id);
    if (packed === undefined) continue;
    const body = await unpackBody(packed);
    total += body.text.length + (body.html?.length ?? 0);
    if (total > bodiesWithThread) return;
    view.body = body;
  }
}
