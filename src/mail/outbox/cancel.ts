import { and, eq, inArray } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { draftAttachments, drafts, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { digUpDraft } from '../drafts/discard.ts';
import { identityOrFirst } from '../identities/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { submissionView } from './reading.ts';
import { removeShownCopy } from './shown-copy.ts';

type Row = typeof submissions.$inferSelect;

/**
 * Takes a submission back before it left: undo and the worker's claim are one conditional update on the same
 * status, so exactly one of them wins. The draft is there again as it was.
 * @throws MailProblem `too_late` where it is being sent or was sent
 */
export function cancelSubmission(
  db: Database,
  accountId: string,
  submissionId: string,
): Promise<{ draftId: string }> {
  return backToDraft(db, accountId, submissionId, ['scheduled', 'queued']);
}

/**
 * Gives up a submission that failed, or of which it is not known whether it arrived: it is a draft again.
 * @throws MailProblem `too_late` where it stands otherwise by now
 */
export function discardSubmission(
  db: Database,
  accountId: string,
  submissionId: string,
): Promise<{ draftId: string }> {
  return backToDraft(db, accountId, submissionId, ['failed', 'unconfirmed']);
}

/**
 * Opens the draft of what has not left, or came to nothing, again.
 * @throws MailProblem `too_late`
 */
export function reopenSubmission(
  db: Database,
  accountId: string,
  submissionId: string,
): Promise<{ draftId: string }> {
  return backToDraft(db, accountId, submissionId, ['scheduled', 'queued', 'failed', 'unconfirmed']);
}

async function backToDraft(
  db: Database,
  accountId: string,
  submissionId: string,
  from: readonly Row['status'][],
): Promise<{ draftId: string }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [row] = await tx
      .update(submissions)
      .set({ status: 'canceled', claim: null, state })
      .where(
        and(
          eq(submissions.accountId, accountId),
          eq(submissions.id, submissionId),
          inArray(submissions.status, [...from]),
        ),
      )
      .returning();
    if (row === undefined) throw new MailProblem('too_late');
    await removeShownCopy(tx, accountId, row.emailId, state);
    await restoreDraft(tx, row, state);
    await forgetContent(tx, row);
    return { draftId: row.draft.id };
  });
}

async function restoreDraft(tx: Transaction, row: Row, state: number): Promise<void> {
  const { accountId, draft } = row;
  await digUpDraft(tx, accountId, draft.id);
  const identity = await identityOrFirst(tx, accountId, row.identityId);
  await tx.insert(drafts).values({
    accountId,
    id: draft.id,
    // Never one that a window may still hold: what it saves would go over newer words without a conflict.
    version: (draft.version ?? 1) + 1,
    identityId: identity.id,
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    subject: draft.subject,
    text: draft.text,
    html: draft.html,
    requestReceipt: draft.requestReceipt,
    requestDsn: row.requestDsn,
    requireTls: row.requireTls,
    relatedEmailId: row.relatedEmailId,
    relation: row.relation,
    parentIds: draft.parentIds ?? null,
    state,
  });
  if (draft.attachments.length > 0) {
    await tx
      .insert(draftAttachments)
      .values(draft.attachments.map((file) => ({ accountId, draftId: draft.id, ...file })));
  }
}

/** The draft holds all of it again: a row that was taken back is only there to be heard of. */
async function forgetContent(tx: Transaction, { accountId, id, draft }: Row): Promise<void> {
  await tx
    .update(submissions)
    .set({ raw: Buffer.alloc(0), draft: { ...draft, text: '', html: null, attachments: [] } })
    .where(and(eq(submissions.accountId, accountId), eq(submissions.id, id)));
}

/**
 * Sends a failed submission again when its owner says so. One whose fate is not known is sent again too: the
 * owner has been told what is known and decides.
 * @throws MailProblem `too_late`
 */
export function retrySubmission(
  db: Database,
  accountId: string,
  submissionId: string,
  now: Date,
): Promise<void> {
  return sendAgain(db, accountId, submissionId, ['failed', 'unconfirmed'], now);
}

/**
 * Sends a failed submission of somebody else's again. One that may have arrived is its owner's to decide about: nobody
 * else knows whether a second copy would do harm.
 * @throws MailProblem `too_late`, `owner_decides`
 */
export function retryForOwner(
  db: Database,
  accountId: string,
  submissionId: string,
  now: Date,
): Promise<void> {
  return unlessDoubtful(db, accountId, submissionId, () =>
    sendAgain(db, accountId, submissionId, ['failed'], now),
  );
}

/**
 * Gives up a failed submission of somebody else's: it is a draft of theirs again. Not one that may have arrived.
 * @throws MailProblem `too_late`, `owner_decides`
 */
export async function discardForOwner(db: Database, accountId: string, submissionId: string): Promise<void> {
  await unlessDoubtful(db, accountId, submissionId, () =>
    backToDraft(db, accountId, submissionId, ['failed']),
  );
}

async function unlessDoubtful<T>(
  db: Database,
  accountId: string,
  submissionId: string,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change();
  } catch (error) {
    const view = await submissionView(db, accountId, submissionId);
    throw view?.status === 'unconfirmed' ? new MailProblem('owner_decides') : error;
  }
}

async function sendAgain(
  db: Database,
  accountId: string,
  submissionId: string,
  from: readonly Row['status'][],
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [row] = await tx
      .update(submissions)
      .set({
        status: 'queued',
        problem: null,
        attempts: 0,
        dataStartedAt: null,
        nextAttemptAt: now,
        claim: null,
        state,
      })
      .where(
        and(
          eq(submissions.accountId, accountId),
          eq(submissions.id, submissionId),
          inArray(submissions.status, [...from]),
        ),
      )
      .returning({ id: submissions.id });
    if (row === undefined) throw new MailProblem('too_late');
  });
}
