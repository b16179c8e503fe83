import { and, eq, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { attachments, draftAttachments, drafts } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { findEmail } from '../emails/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { type DraftAttachmentRow, findDraft, isKept } from './reading.ts';

export interface NewDraftAttachment {
  filename: string;
  mediaType: string;
  size: number;
  blobHash: string;
  /** An inline picture gets a Content-ID of its own. */
  disposition: 'inline' | 'attachment';
}

/** A file was put on a draft, and with it the draft has this version. */
export interface Attached {
  row: DraftAttachmentRow;
  version: number;
}

/**
 * Puts a file on a draft, whatever its version: two files may come at once. It raises the version, so that every window
 * and the copy on the mail server learn of it.
 * @throws MailProblem `draft_gone`
 */
export async function addDraftAttachment(
  db: Database,
  accountId: string,
  draftId: string,
  file: NewDraftAttachment,
): Promise<Attached> {
  const id = newId();
  const contentId = file.disposition === 'inline' ? `${id}@mailroom` : null;
  return attach(db, accountId, draftId, async () => ({ id, ...file, contentId }));
}

/**
 * Puts a whole Email on a draft, as message/rfc822, by reference: its source is fetched when the draft is sent.
 * @throws MailProblem `draft_gone`, `email_gone`
 */
export async function attachEmail(
  db: Database,
  accountId: string,
  draftId: string,
  emailId: string,
): Promise<Attached> {
  return attach(db, accountId, draftId, (tx) => wholeEmail(tx, accountId, emailId));
}

type FileColumns = Omit<typeof draftAttachments.$inferInsert, 'accountId' | 'draftId'>;

async function attach(
  db: Database,
  accountId: string,
  draftId: string,
  columns: (tx: Transaction) => Promise<FileColumns>,
): Promise<Attached> {
  return inTransaction(db, async (tx) => {
    const version = await raiseVersion(tx, accountId, draftId, await raiseState(tx, accountId));
    const [row] = await tx
      .insert(draftAttachments)
      .values({ accountId, draftId, ...(await columns(tx)) })
      .returning();
    if (row === undefined) throw new Error('The insert of an attachment gave no row.');
    return { row, version };
  });
}

/** @throws MailProblem `draft_gone` where it was sent or discarded meanwhile */
async function raiseVersion(
  tx: Transaction,
  accountId: string,
  draftId: string,
  state: number,
): Promise<number> {
  const [draft] = await tx
    .update(drafts)
    .set({ version: sql`${drafts.version} + 1`, updatedAt: sql`now()`, state })
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept))
    .returning({ version: drafts.version });
  if (draft === undefined) throw new MailProblem('draft_gone');
  return draft.version;
}

const longestName = 100;

async function wholeEmail(tx: Transaction, accountId: string, emailId: string): Promise<FileColumns> {
  const email = await findEmail(tx, accountId, emailId);
  if (email === null) throw new MailProblem('email_gone');
  const name = email.subject
    .replace(/[\p{C}/\\:*?"<>|]+/gu, ' ')
    .trim()
    .slice(0, longestName);
  return {
    id: newId(),
    filename: `${name === '' ? 'message' : name}.eml`,
    mediaType: 'message/rfc822',
    size: email.size,
    sourceEmailId: emailId,
  };
}

/** Puts an Email's files, or that Email as a whole, on a draft that is being made. */
export async function referEmail(
  tx: Transaction,
  accountId: string,
  draftId: string,
  emailId: string,
  what: 'every_file' | 'inline_files' | 'whole_email',
): Promise<void> {
  if (what === 'whole_email') {
    await tx
      .insert(draftAttachments)
      .values({ accountId, draftId, ...(await wholeEmail(tx, accountId, emailId)) });
    return;
  }
  const files = await tx
    .select()
    .from(attachments)
    .where(and(eq(attachments.accountId, accountId), eq(attachments.emailId, emailId)));
  const chosen =
    what === 'every_file'
      ? files
      : files.filter((file) => file.contentId !== null && file.mediaType.startsWith('image/'));
  if (chosen.length === 0) return;
  await tx.insert(draftAttachments).values(
    chosen.map((file) => ({
      accountId,
      draftId,
      id: newId(),
      filename: file.filename,
      mediaType: file.mediaType,
      size: file.size,
      blobHash: file.blobHash,
      sourceEmailId: emailId,
      sourcePosition: file.position,
      contentId: file.contentId,
      disposition: file.contentId === null ? ('attachment' as const) : file.disposition,
    })),
  );
}

/** The bytes of a file that was taken from another mail are here now: what is filed of the draft was without them. */
export async function keepFetchedFile(
  db: Database,
  accountId: string,
  { draftId, id }: Pick<DraftAttachmentRow, 'draftId' | 'id'>,
  blobHash: string,
): Promise<void> {
  await db
    .update(draftAttachments)
    .set({ blobHash })
    .where(
      and(
        eq(draftAttachments.accountId, accountId),
        eq(draftAttachments.draftId, draftId),
        eq(draftAttachments.id, id),
      ),
    );
  await db
    .update(drafts)
    .set({ updatedAt: sql`now()` })
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept));
}

/**
 * Takes a file off a draft; raises its version as putting one on it does.
 * @returns the draft's version; where the file is off it already, the one that it has
 * @throws MailProblem `draft_gone`: nobody is to believe that it went without the file
 */
export async function removeDraftAttachment(
  db: Database,
  accountId: string,
  draftId: string,
  attachmentId: string,
): Promise<{ version: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const removed = await tx
      .delete(draftAttachments)
      .where(
        and(
          eq(draftAttachments.accountId, accountId),
          eq(draftAttachments.draftId, draftId),
          eq(draftAttachments.id, attachmentId),
        ),
      )
      .returning({ id: draftAttachments.id });
    if (removed.length > 0) return { version: await raiseVersion(tx, accountId, draftId, state) };
    const draft = await findDraft(tx, accountId, draftId);
    if (draft === null) throw new MailProblem('draft_gone');
    return { version: draft.version };
  });
}
