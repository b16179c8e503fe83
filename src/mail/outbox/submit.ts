import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database } from '#db/client.ts';
import { drafts, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { parseEmail } from '../content/parse.ts';
import { attachmentsOfDraft, type DraftAttachmentRow, findDraft } from '../drafts/reading.ts';
import { findEmail } from '../emails/reading.ts';
import { identitiesOf } from '../identities/reading.ts';
import { ensureMailboxOfRole } from '../mailboxes/ensure-role.ts';
import { MailProblem } from '../problem.ts';
import { bury, raiseState } from '../state.ts';
import { storeOwnEmail } from '../sync/store-own.ts';
import type { SubmissionView } from '../views.ts';
import { composeMessage } from './message.ts';
import { submissionView } from './reading.ts';
import { envelopeRecipients, oneLine } from './recipients.ts';
import { checkSendTime } from './reschedule.ts';

export interface SubmitRequest {
  accountId: string;
  draftId: string;
  /** The version of the draft that the person sees; another one is not sent. */
  version: number;
  idempotencyKey: string;
  /** Milliseconds within which it can be taken back. */
  undo: number;
  /** When it is to leave, chosen by the person in an IANA zone; null: as soon as it can't be taken back any more. */
  later: { sendAt: Date; timeZone: string } | null;
  /** The answered conversation leaves the inbox once it is accepted. */
  archiveAfterSending: boolean;
}

export interface SubmitParts {
  db: Database;
  /** Gives an attachment's bytes, fetched from the mail server where need be. @throws MailProblem */
  attachmentBytes(accountId: string, file: DraftAttachmentRow): Promise<Buffer>;
  now: Date;
}

/** The largest message that is composed, in bytes of attachments. */
const largestMessage = 50 * 1024 * 1024;

/**
 * Makes a submission of a draft: a committed row before anybody is told that it is being sent. A request that is
 * repeated with the same key gets the first one's answer.
 * @throws MailProblem `draft_gone`, `version_conflict`, `no_recipients`, `bad_address`, `too_large`, and what
 * `attachmentBytes` throws
 */
export async function submitDraft(parts: SubmitParts, request: SubmitRequest): Promise<SubmissionView> {
  const { db, now } = parts;
  const { accountId, draftId } = request;
  const earlier = await byKey(db, request);
  if (earlier !== null) return earlier;
  const draft = await findDraft(db, accountId, draftId);
  if (draft === null) throw new MailProblem('draft_gone');
  if (draft.version !== request.version) throw new MailProblem('version_conflict');
  if (request.later !== null) checkSendTime(request.later, now);
  const recipients = envelopeRecipients([...draft.to, ...draft.cc, ...draft.bcc]);
  const { first, rows } = await identitiesOf(db, accountId);
  const identity = rows.find((candidate) => candidate.id === draft.identityId) ?? first;
  const files = await attachmentsOfDraft(db, accountId, draftId);
  if (files.reduce((sum, file) => sum + file.size, 0) > largestMessage) throw new MailProblem('too_large');
  const contents = await Promise.all(
    files.map(async (file) => ({
      filename: file.filename,
      mediaType: file.mediaType,
      content: await parts.attachmentBytes(accountId, file),
    })),
  );
  const related = draft.relatedEmailId === null ? null : await findEmail(db, accountId, draft.relatedEmailId);
  const isReply = draft.relation === 'reply';
  const messageId = `${randomUUID()}@${identity.email.slice(identity.email.lastIndexOf('@') + 1)}`;
  const raw = await composeMessage({
    messageId,
    from: { name: oneLine(identity.name), address: identity.email },
    to: draft.to.map((person) => ({ ...person, name: oneLine(person.name) })),
    cc: draft.cc.map((person) => ({ ...person, name: oneLine(person.name) })),
    subject: oneLine(draft.subject),
    text: draft.text,
    date: now,
    inReplyTo: isReply ? (related?.messageId ?? null) : null,
    references: isReply && related !== null ? referencesOf(related) : [],
    attachments: contents,
  });
  const parsed = await parseEmail(raw);
  const submissionId = newId();
  const undoUntil = now.getTime() + request.undo;
  const sendAt = new Date(Math.max(undoUntil, request.later?.sendAt.getTime() ?? 0));
  const isNew = await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    // The account's row is locked: of two requests with one key, the second sees the first one's row here.
    if ((await byKey(tx, request)) !== null) return false;
    // A file that was added or removed while the message was made counts as another version of the draft.
    if (!isSameFiles(await attachmentsOfDraft(tx, accountId, draftId), files))
      throw new MailProblem('version_conflict');
    const [removed] = await tx
      .delete(drafts)
      .where(
        and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), eq(drafts.version, request.version)),
      )
      .returning({ id: drafts.id });
    if (removed === undefined) throw new MailProblem('version_conflict');
    await bury(tx, accountId, 'draft', [draftId], state);
    const sent = await ensureMailboxOfRole(tx, accountId, 'sent', state);
    const { emailId } = await storeOwnEmail(tx, {
      accountId,
      mailboxId: sent.id,
      parsed: { ...parsed, bcc: draft.bcc },
      size: raw.length,
      receivedAt: now,
      keywords: ['$seen'],
      state,
    });
    await tx.insert(submissions).values({
      accountId,
      id: submissionId,
      idempotencyKey: request.idempotencyKey,
      identityId: identity.id,
      messageId,
      envelopeFrom: identity.email,
      envelopeTo: recipients,
      raw,
      subject: draft.subject,
      status: 'scheduled',
      sendAt,
      timeZone: request.later?.timeZone ?? null,
      nextAttemptAt: sendAt,
      requestDsn: draft.requestDsn,
      requireTls: draft.requireTls,
      archiveAfterSending: request.archiveAfterSending,
      emailId,
      relatedEmailId: draft.relatedEmailId,
      relation: draft.relation,
      draft: {
        id: draftId,
        to: draft.to,
        cc: draft.cc,
        bcc: draft.bcc,
        subject: draft.subject,
        text: draft.text,
        html: draft.html,
        requestReceipt: draft.requestReceipt,
        attachments: files.map(({ accountId: _account, draftId: _draft, ...file }) => file),
      },
      state,
    });
    return true;
  });
  const view = isNew ? await submissionView(db, accountId, submissionId) : await byKey(db, request);
  if (view === null) throw new Error('A submission that was just made is not there.');
  return view;
}

function isSameFiles(now: readonly DraftAttachmentRow[], then: readonly DraftAttachmentRow[]): boolean {
  return now.length === then.length && now.every(({ id }, index) => id === then[index]?.id);
}

async function byKey(
  db: Parameters<typeof submissionView>[0],
  request: SubmitRequest,
): Promise<SubmissionView | null> {
  const [row] = await db
    .select({ id: submissions.id })
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, request.accountId),
        eq(submissions.idempotencyKey, request.idempotencyKey),
      ),
    );
  return row === undefined ? null : submissionView(db, request.accountId, row.id);
}

/** RFC 5322 §3.6.4: the parent's references and the parent itself. */
function referencesOf(parent: {
  messageId: string | null;
  references: string[];
  inReplyTo: string[];
}): string[] {
  const ancestors = parent.references.length > 0 ? parent.references : parent.inReplyTo.slice(0, 1);
  return [...ancestors, ...(parent.messageId === null ? [] : [parent.messageId])];
}
