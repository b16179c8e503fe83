import { and, eq, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Queryable, Transaction } from '#db/client.ts';
import {
  attachments,
  draftAttachments,
  drafts,
  emails,
  type FiledDraft,
  type StoredAddress,
} from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { type EmailRow, findBody, findEmail } from '../emails/reading.ts';
import { identitiesOf } from '../identities/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import type { DraftView, ElsewhereDraftView } from '../views.ts';
import { draftOfMessageId } from './filed-message.ts';
import { draftView, findDraft } from './reading.ts';

/** Whether a copy in a mailbox of drafts is what Mailroom itself has filed there. */
const isFiledHere = sql`exists (
  select from drafts d where d.account_id = c.account_id and (
    (d.filed ->> 'mailboxId' = c.mailbox_id::text and (d.filed ->> 'uid')::bigint = c.uid
      and (d.filed ->> 'uidValidity')::bigint = c.uid_validity)
    or e.message_id like d.id::text || '.%'
  ))`;

/** Drafts on the mail servers of these accounts that were written in another program, the newest first. */
export async function draftsElsewhere(
  db: Queryable,
  accountIds: readonly string[],
): Promise<ElsewhereDraftView[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await db.execute<{
    account_id: string;
    email_id: string;
    to: StoredAddress[];
    subject: string;
    snippet: string;
    at: string;
  }>(sql`
    select c.account_id, c.email_id, e."to", e.subject, e.snippet, (extract(epoch from c.received_at) * 1000)::text as at
    from mailboxes m
    join mailbox_emails c on c.account_id = m.account_id and c.mailbox_id = m.id
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    where m.account_id = any(${sql.param([...accountIds])}::uuid[]) and m.role = 'drafts' and not ${isFiledHere}
    order by c.received_at desc limit 200`);
  return rows.map((row) => ({
    accountId: row.account_id,
    emailId: row.email_id,
    to: row.to,
    subject: row.subject,
    snippet: row.snippet,
    updatedAt: Math.round(Number(row.at)),
  }));
}

/**
 * Opens a mail in the account's mailbox of drafts as the draft that it is: the same one each time. From then on it is
 * written here, and the server's copy is replaced with the first saving. Its text and its files' bytes must be here.
 * @throws MailProblem `email_gone`, `not_a_draft`, `not_here_yet`
 */
export async function openDraftOf(db: Database, accountId: string, emailId: string): Promise<DraftView> {
  const draftId = await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const email = await findEmail(tx, accountId, emailId);
    if (email === null) throw new MailProblem('email_gone');
    const filed = await placeOf(tx, email);
    const known = await knownDraft(tx, email, filed);
    return known ?? (await takeOver(tx, email, filed, state));
  });
  const view = await draftView(db, accountId, draftId);
  if (view === null) throw new Error('A draft that was just opened is not there.');
  return view;
}

async function placeOf(tx: Transaction, email: EmailRow): Promise<FiledDraft> {
  const { rows } = await tx.execute<{
    mailbox_id: string;
    uid_validity: number | null;
    uid: number | null;
  }>(sql`
    select c.mailbox_id, c.uid_validity::float8 as uid_validity, c.uid::float8 as uid
    from mailbox_emails c
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where c.account_id = ${email.accountId} and c.email_id = ${email.id} and m.role = 'drafts'`);
  const [copy] = rows;
  if (copy === undefined) throw new MailProblem('not_a_draft');
  if (copy.uid === null || copy.uid_validity === null) throw new MailProblem('not_here_yet');
  return { version: 1, at: 0, mailboxId: copy.mailbox_id, uidValidity: copy.uid_validity, uid: copy.uid };
}

async function knownDraft(tx: Transaction, email: EmailRow, filed: FiledDraft): Promise<string | null> {
  const { accountId, messageId } = email;
  const named = messageId === null ? null : draftOfMessageId(messageId);
  if (named !== null && (await findDraft(tx, accountId, named)) !== null) return named;
  const [row] = await tx
    .select({ id: drafts.id })
    .from(drafts)
    .where(
      and(
        eq(drafts.accountId, accountId),
        sql`${drafts.discardedAt} is null`,
        sql`${drafts.filed} ->> 'mailboxId' = ${filed.mailboxId}`,
        sql`(${drafts.filed} ->> 'uidValidity')::bigint = ${filed.uidValidity}`,
        sql`(${drafts.filed} ->> 'uid')::bigint = ${filed.uid}`,
      ),
    );
  return row?.id ?? null;
}

async function takeOver(tx: Transaction, email: EmailRow, filed: FiledDraft, state: number): Promise<string> {
  const { accountId } = email;
  const body = await findBody(tx, accountId, email.id);
  if (body === null) throw new MailProblem('not_here_yet');
  const { first, rows } = await identitiesOf(tx, accountId);
  const from = email.from.map(({ address }) => address.toLowerCase());
  const id = newId();
  const [inserted] = await tx
    .insert(drafts)
    .values({
      accountId,
      id,
      identityId: (rows.find(({ email: address }) => from.includes(address.toLowerCase())) ?? first).id,
      to: email.to,
      cc: email.cc,
      bcc: email.bcc,
      subject: email.subject,
      text: body.text,
      html: body.html,
      ...(await answered(tx, email)),
      state,
    })
    .returning({ updatedAt: drafts.updatedAt });
  // What is filed is what was opened: it is replaced once something else is written.
  const at = inserted?.updatedAt.getTime() ?? 0;
  await tx
    .update(drafts)
    .set({ filed: { ...filed, at } })
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, id)));
  await takeFiles(tx, email, id);
  return id;
}

/** The mail that the draft answers, by its In-Reply-To. */
async function answered(
  tx: Transaction,
  { accountId, inReplyTo }: EmailRow,
): Promise<{ relatedEmailId: string; relation: 'reply' } | undefined> {
  const [parent] = inReplyTo;
  if (parent === undefined) return undefined;
  const [row] = await tx
    .select({ id: emails.id })
    .from(emails)
    .where(and(eq(emails.accountId, accountId), eq(emails.messageId, parent)))
    .limit(1);
  return row === undefined ? undefined : { relatedEmailId: row.id, relation: 'reply' };
}

/** The files are the draft's own from now on: the mail that they came in will be replaced. */
async function takeFiles(tx: Transaction, email: EmailRow, draftId: string): Promise<void> {
  const { accountId } = email;
  const files = await tx
    .select()
    .from(attachments)
    .where(and(eq(attachments.accountId, accountId), eq(attachments.emailId, email.id)));
  if (files.some(({ blobHash }) => blobHash === null)) throw new MailProblem('not_here_yet');
  if (files.length === 0) return;
  await tx.insert(draftAttachments).values(
    files.map(({ filename, mediaType, size, blobHash, contentId, disposition }) => ({
      ...{ accountId, draftId, id: newId(), filename, mediaType, size, blobHash, contentId },
      disposition: contentId === null ? ('attachment' as const) : disposition,
    })),
  );
}
