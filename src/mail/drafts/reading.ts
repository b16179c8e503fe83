import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { draftAttachments, drafts } from '#db/schema.ts';
import type { AttachedView, DraftAttachmentView, DraftView } from '../views.ts';

export type DraftRow = typeof drafts.$inferSelect;
export type DraftAttachmentRow = typeof draftAttachments.$inferSelect;

/** Whether a draft's row is one to be read: a discarded one stays for a while. */
export const isKept = isNull(drafts.discardedAt);

/**
 * Whether anybody ever saved something in it, attached a file or began it elsewhere: until then it is a composer that
 * was opened.
 */
export const isWritten = or(
  gt(drafts.version, 1),
  isNotNull(drafts.filed),
  sql`exists (select from ${draftAttachments} where ${draftAttachments.accountId} = ${drafts.accountId}
    and ${draftAttachments.draftId} = ${drafts.id} and ${draftAttachments.sourceEmailId} is null)`,
);

/** Whether a file came along with the mail that is answered: it goes with the answer only where the text shows it. */
export function isQuoted(file: DraftAttachmentRow, relation: DraftRow['relation']): boolean {
  return relation === 'reply' && file.sourceEmailId !== null && file.contentId !== null;
}

function draftAttachmentView(row: DraftAttachmentRow, relation: DraftRow['relation']): DraftAttachmentView {
  const { id, filename, mediaType, size, contentId, disposition } = row;
  const isEmail = row.sourceEmailId !== null && row.sourcePosition === null;
  return {
    id,
    filename,
    mediaType,
    size,
    contentId,
    disposition,
    isEmail,
    isQuoted: isQuoted(row, relation),
  };
}

/** A file that was just put on a draft: no answer brought it along. */
export function attachedView({ row, version }: { row: DraftAttachmentRow; version: number }): AttachedView {
  return { ...draftAttachmentView(row, null), draftVersion: version };
}

function toView(row: DraftRow, files: readonly DraftAttachmentRow[]): DraftView {
  return {
    id: row.id,
    accountId: row.accountId,
    version: row.version,
    identityId: row.identityId,
    to: row.to,
    cc: row.cc,
    bcc: row.bcc,
    subject: row.subject,
    text: row.text,
    html: row.html,
    requestReceipt: row.requestReceipt,
    requestDsn: row.requestDsn,
    requireTls: row.requireTls,
    relatedEmailId: row.relatedEmailId,
    relation: row.relation,
    attachments: files.map((file) => draftAttachmentView(file, row.relation)),
    updatedAt: row.updatedAt.getTime(),
  };
}

export async function attachmentsOfDraft(
  db: Queryable,
  accountId: string,
  draftId: string,
): Promise<DraftAttachmentRow[]> {
  return db
    .select()
    .from(draftAttachments)
    .where(and(eq(draftAttachments.accountId, accountId), eq(draftAttachments.draftId, draftId)))
    .orderBy(asc(draftAttachments.id));
}

export async function findDraft(db: Queryable, accountId: string, draftId: string): Promise<DraftRow | null> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept));
  return row ?? null;
}

export async function draftView(
  db: Queryable,
  accountId: string,
  draftId: string,
): Promise<DraftView | null> {
  const row = await findDraft(db, accountId, draftId);
  return row === null ? null : toView(row, await attachmentsOfDraft(db, accountId, draftId));
}

/** The drafts of these accounts in which something was written, the one last written first. */
export async function draftViews(db: Queryable, accountIds: readonly string[]): Promise<DraftView[]> {
  if (accountIds.length === 0) return [];
  const rows = await db
    .select()
    .from(drafts)
    .where(and(inArray(drafts.accountId, [...accountIds]), isKept, isWritten))
    .orderBy(desc(drafts.updatedAt))
    .limit(200);
  const files = await db
    .select()
    .from(draftAttachments)
    .where(
      inArray(
        draftAttachments.draftId,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(asc(draftAttachments.id));
  return rows.map((row) =>
    toView(
      row,
      files.filter((file) => file.draftId === row.id && file.accountId === row.accountId),
    ),
  );
}
