import { randomUUID } from 'node:crypto';
import { and, eq, ne } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { drafts, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { type AttachmentBytes, draftMessage, newMessageId, outgoingFiles } from '../compose/draft-message.ts';
import { composeMessage } from '../compose/message.ts';
import { placeFiles } from '../compose/place-files.ts';
import { plainAlternative } from '../compose/plain-alternative.ts';
import { parseEmail } from '../content/parse.ts';
import type { ParsedEmail } from '../content/parsed-email.ts';
import { removeFiled } from '../drafts/filed.ts';
import {
  attachmentsOfDraft,
  type DraftAttachmentRow,
  type DraftRow,
  findDraft,
  isKept,
} from '../drafts/reading.ts';
import { findEmail } from '../emails/reading.ts';
import { type IdentityRow, identityOrFirst } from '../identities/reading.ts';
import { ensureMailboxOfRole } from '../mailboxes/ensure-role.ts';
import { findMailbox, type MailboxRow } from '../mailboxes/reading.ts';
import { MailProblem } from '../problem.ts';
import { bury, raiseState } from '../state.ts';
import { storeOwnEmail } from '../sync/store-own.ts';
import type { SubmissionView } from '../views.ts';
import { submissionView } from './reading.ts';
import { envelopeRecipients } from './recipients.ts';
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
  /** The IANA zone of the person's clock, which the message tells its readers; null: it tells none. */
  timeZone: string | null;
  /** The answered conversation leaves the inbox once it is accepted. */
  archiveAfterSending: boolean;
}

export interface SubmitParts {
  db: Database;
  attachmentBytes: AttachmentBytes;
  now: Date;
}

/** The largest message that is composed, in bytes of attachments. */
const largestMessage = 50 * 1024 * 1024;

/** A draft as it goes out. */
interface Composed {
  draft: DraftRow;
  identity: IdentityRow;
  /** The draft's files as they were when the message was made. */
  files: DraftAttachmentRow[];
  recipients: string[];
  messageId: string;
  raw: Buffer;
  parsed: ParsedEmail;
  sendAt: Date;
}

/**
 * Makes a submission of a draft: a committed row before anybody is told that it is being sent.
 *
 * An idempotency key names one attempt to send one draft, from the first request until the message is taken back. A request that
 * is repeated with the same key gets the first one's answer, whatever has become of the message. Taking it back ends the
 * attempt: the same key sends anew then. A request of the old attempt that comes late sends nothing all the same, since
 * the draft is restored under another version than it names.
 * @throws MailProblem `key_used` where the key names the sending of another draft, so that its answer would be taken for
 * this one's; `draft_gone`, `version_conflict`, `no_recipients`, `too_many_recipients`, `bad_address`,
 * `too_large`, those of `checkSendTime`, and what `attachmentBytes` throws
 */
export async function submitDraft(parts: SubmitParts, request: SubmitRequest): Promise<SubmissionView> {
  const { db } = parts;
  const { accountId } = request;
  const earlier = await byKey(db, request);
  if (earlier !== null) return earlier;
  const composed = await composeSubmission(parts, request);
  const submissionId = newId();
  const isNew = await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    // The account's row is locked: of two requests with one key, the second sees the first one's row here.
    if ((await byKey(tx, request)) !== null) return false;
    await consumeDraft(tx, request, state);
    const emailId = await storeShownCopy(tx, composed, state);
    await tx.insert(submissions).values(submissionRow(request, composed, { submissionId, emailId, state }));
    return true;
  });
  const view = isNew ? await submissionView(db, accountId, submissionId) : await byKey(db, request);
  if (view === null) throw new Error('A submission that was just made is not there.');
  return view;
}

async function composeSubmission(
  { db, attachmentBytes, now }: SubmitParts,
  request: SubmitRequest,
): Promise<Composed> {
  const { accountId, draftId, later } = request;
  const draft = await findDraft(db, accountId, draftId);
  if (draft === null) throw new MailProblem('draft_gone');
  if (draft.version !== request.version) throw new MailProblem('version_conflict');
  if (later !== null) checkSendTime(later, now);
  const recipients = envelopeRecipients([...draft.to, ...draft.cc, ...draft.bcc]);
  const identity = await identityOrFirst(db, accountId, draft.identityId);
  const files = await attachmentsOfDraft(db, accountId, draftId);
  const placed = placeFiles(draft, files);
  if (placed.reduce((sum, file) => sum + file.size, 0) > largestMessage) throw new MailProblem('too_large');
  const related = draft.relatedEmailId === null ? null : await findEmail(db, accountId, draft.relatedEmailId);
  const messageId = newMessageId(randomUUID(), identity.email);
  const sendAt = new Date(Math.max(now.getTime() + request.undo, later?.sendAt.getTime() ?? 0));
  const raw = await composeMessage(
    draftMessage(draft, identity, related, {
      messageId,
      date: later === null ? now : sendAt,
      timeZone: later?.timeZone ?? request.timeZone,
      files: await outgoingFiles(accountId, placed, attachmentBytes),
    }),
  );
  const own = identity.bccSelf ? envelopeRecipients([{ name: '', address: identity.email }]) : [];
  const isNamed = (address: string) =>
    recipients.some((named) => named.toLowerCase() === address.toLowerCase());
  return {
    draft,
    identity,
    files,
    recipients: [...recipients, ...own.filter((address) => !isNamed(address))],
    messageId,
    raw,
    parsed: await parseEmail(raw),
    sendAt,
  };
}

/** The draft is a submission from now on. A file that came or went while the message was made is another version. */
async function consumeDraft(
  tx: Transaction,
  { accountId, draftId, version }: SubmitRequest,
  state: number,
): Promise<void> {
  const [removed] = await tx
    .delete(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), eq(drafts.version, version), isKept))
    .returning({ filed: drafts.filed });
  if (removed === undefined) throw new MailProblem('version_conflict');
  await removeFiled(tx, accountId, draftId, removed.filed, state);
  await bury(tx, accountId, 'draft', [draftId], state);
}

/** The message stands in its thread and in Sent at once. */
async function storeShownCopy(
  tx: Transaction,
  { draft, identity, parsed, raw, sendAt }: Composed,
  state: number,
): Promise<string> {
  const { accountId } = draft;
  const mailbox = await sentMailbox(tx, accountId, identity, state);
  const { emailId } = await storeOwnEmail(tx, {
    accountId,
    mailboxId: mailbox.id,
    parsed: { ...parsed, bcc: draft.bcc },
    size: raw.length,
    receivedAt: sendAt,
    keywords: ['$seen'],
    state,
  });
  return emailId;
}

/** Where the identity's sent mail is filed; the mailbox of that role where its own is gone. */
async function sentMailbox(
  tx: Transaction,
  accountId: string,
  { sentMailboxId }: IdentityRow,
  state: number,
): Promise<MailboxRow> {
  const chosen = sentMailboxId === null ? null : await findMailbox(tx, accountId, sentMailboxId);
  return chosen?.isSelectable === true ? chosen : ensureMailboxOfRole(tx, accountId, 'sent', state);
}

function submissionRow(
  request: SubmitRequest,
  { draft, identity, files, recipients, messageId, raw, sendAt }: Composed,
  made: { submissionId: string; emailId: string; state: number },
): typeof submissions.$inferInsert {
  return {
    accountId: draft.accountId,
    id: made.submissionId,
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
    emailId: made.emailId,
    relatedEmailId: draft.relatedEmailId,
    relation: draft.relation,
    draft: {
      id: draft.id,
      version: draft.version,
      to: draft.to,
      cc: draft.cc,
      bcc: draft.bcc,
      subject: draft.subject,
      text: draft.html === null ? draft.text : plainAlternative(draft.html),
      html: draft.html,
      requestReceipt: draft.requestReceipt,
      parentIds: draft.parentIds,
      attachments: files.map(({ accountId: _account, draftId: _draft, ...file }) => file),
    },
    state: made.state,
  };
}

async function byKey(
  db: Parameters<typeof submissionView>[0],
  request: SubmitRequest,
): Promise<SubmissionView | null> {
  const [row] = await db
    .select({ id: submissions.id, draft: submissions.draft })
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, request.accountId),
        eq(submissions.idempotencyKey, request.idempotencyKey),
        ne(submissions.status, 'canceled'),
      ),
    );
  if (row === undefined) return null;
  if (row.draft.id !== request.draftId) throw new MailProblem('key_used');
  return submissionView(db, request.accountId, row.id);
}
