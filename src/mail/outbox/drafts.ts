import { and, asc, desc, eq, gt, inArray, lt, or, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Queryable, Transaction } from '#db/client.ts';
import {
  attachments,
  draftAttachments,
  drafts,
  identities,
  type StoredAddress,
  tombstones,
} from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { findBody, findEmail } from '../emails/reading.ts';
import { MailProblem } from '../problem.ts';
import { bury, raiseState } from '../state.ts';
import type { DraftView } from '../views.ts';
import { type Prefilled, prefill, type Relation } from './reply.ts';

const empty: Prefilled = { to: [], cc: [], subject: '', text: '' };

/** Whether a draft's row is one to be read: a discarded one stays for a while, under its version's negative. */
export const isKept = gt(drafts.version, 0);

/** Whether anybody ever saved something in it, or attached a file: until then it is a composer that was opened. */
const isWritten = or(
  gt(drafts.version, 1),
  sql`exists (select from ${draftAttachments} where ${draftAttachments.accountId} = ${drafts.accountId}
    and ${draftAttachments.draftId} = ${drafts.id} and ${draftAttachments.sourceEmailId} is null)`,
);

/** An account's identities, in their order. @throws MailProblem `no_identity` */
export async function identitiesOf(db: Queryable, accountId: string) {
  const rows = await db
    .select()
    .from(identities)
    .where(eq(identities.accountId, accountId))
    .orderBy(asc(identities.position));
  const [first] = rows;
  if (first === undefined) throw new MailProblem('no_identity');
  return { first, rows };
}

/**
 * Begins a draft: a new message, or an answer with recipients, subject, quoted text and, where it is forwarded,
 * its attachments by reference.
 * @throws MailProblem `email_gone`, `no_identity`
 */
export async function createDraft(
  db: Database,
  accountId: string,
  related: { emailId: string; relation: Relation } | null,
): Promise<DraftView> {
  const id = newId();
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const { first, rows } = await identitiesOf(tx, accountId);
    const own = rows.map((identity) => identity.email.toLowerCase());
    const filled =
      related === null
        ? { content: empty, identity: first }
        : await answer(tx, accountId, related, own, rows);
    const { to, cc, subject, text } = filled.content;
    await tx.insert(drafts).values({
      accountId,
      id,
      identityId: (filled.identity ?? first).id,
      to,
      cc,
      bcc: [],
      subject,
      text,
      relatedEmailId: related?.emailId ?? null,
      relation: related === null ? null : related.relation === 'forward' ? 'forward' : 'reply',
      state,
    });
    if (related?.relation === 'forward') await referAttachments(tx, accountId, id, related.emailId);
  });
  const view = await draftView(db, accountId, id);
  if (view === null) throw new Error('A draft that was just made is not there.');
  return view;
}

async function answer(
  tx: Transaction,
  accountId: string,
  { emailId, relation }: { emailId: string; relation: Relation },
  own: readonly string[],
  known: readonly (typeof identities.$inferSelect)[],
) {
  const email = await findEmail(tx, accountId, emailId);
  if (email === null) throw new MailProblem('email_gone');
  const body = await findBody(tx, accountId, emailId);
  const content = prefill(
    relation,
    {
      from: email.from,
      replyTo: email.replyTo,
      to: email.to,
      cc: email.cc,
      subject: email.subject,
      sentAt: email.sentAt ?? email.receivedAt,
      text: body?.text ?? '',
    },
    own,
  );
  const recipients = [...email.to, ...email.cc].map((person) => person.address.toLowerCase());
  const identity = known.find((candidate) => recipients.includes(candidate.email.toLowerCase()));
  return { content, identity };
}

async function referAttachments(
  tx: Transaction,
  accountId: string,
  draftId: string,
  emailId: string,
): Promise<void> {
  const files = await tx
    .select()
    .from(attachments)
    .where(and(eq(attachments.accountId, accountId), eq(attachments.emailId, emailId)));
  if (files.length === 0) return;
  await tx.insert(draftAttachments).values(
    files.map((file) => ({
      accountId,
      draftId,
      id: newId(),
      filename: file.filename,
      mediaType: file.mediaType,
      size: file.size,
      blobHash: file.blobHash,
      sourceEmailId: emailId,
      sourcePosition: file.position,
    })),
  );
}

export type DraftRow = typeof drafts.$inferSelect;
export type DraftAttachmentRow = typeof draftAttachments.$inferSelect;

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
    relatedEmailId: row.relatedEmailId,
    relation: row.relation,
    attachments: files.map(({ id, filename, mediaType, size }) => ({ id, filename, mediaType, size })),
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

export async function draftView(
  db: Queryable,
  accountId: string,
  draftId: string,
): Promise<DraftView | null> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept));
  return row === undefined ? null : toView(row, await attachmentsOfDraft(db, accountId, draftId));
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
    );
  return rows.map((row) =>
    toView(
      row,
      files.filter((file) => file.draftId === row.id && file.accountId === row.accountId),
    ),
  );
}

export interface DraftContent {
  identityId: string;
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  subject: string;
  text: string;
}

/**
 * Saves what was typed, where the caller knows the newest version; one conditional update.
 * @throws MailProblem `version_conflict` where another tab saved meanwhile, `draft_gone`, `no_identity`
 */
export async function saveDraft(
  db: Database,
  accountId: string,
  draftId: string,
  version: number,
  content: DraftContent,
): Promise<{ version: number; updatedAt: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const { rows } = await identitiesOf(tx, accountId);
    if (!rows.some((identity) => identity.id === content.identityId)) throw new MailProblem('no_identity');
    const [saved] = await tx
      .update(drafts)
      .set({ ...content, version: sql`${drafts.version} + 1`, updatedAt: sql`now()`, state })
      .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), eq(drafts.version, version)))
      .returning({ version: drafts.version, updatedAt: drafts.updatedAt });
    if (saved !== undefined) return { version: saved.version, updatedAt: saved.updatedAt.getTime() };
    throw new MailProblem(
      (await draftView(tx, accountId, draftId)) === null ? 'draft_gone' : 'version_conflict',
    );
  });
}

/** Takes a draft away at once; `restoreDraft` brings it back for an hour at least. */
export async function discardDraft(db: Database, accountId: string, draftId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    await forgetDrafts(tx, accountId);
    const gone = await tx
      .update(drafts)
      .set({ version: sql`-${drafts.version}`, updatedAt: sql`now()`, state })
      .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept))
      .returning({ id: drafts.id });
    await bury(
      tx,
      accountId,
      'draft',
      gone.map(({ id }) => id),
      state,
    );
  });
}

/** Deletes what can't be taken back any more, and what was opened long ago and never written in. */
async function forgetDrafts(tx: Transaction, accountId: string): Promise<void> {
  await tx
    .delete(drafts)
    .where(
      and(
        eq(drafts.accountId, accountId),
        or(
          sql`${drafts.version} < 0 and ${drafts.updatedAt} < now() - interval '1 hour'`,
          sql`${drafts.version} = 1 and ${drafts.updatedAt} < now() - interval '7 days' and not (${isWritten})`,
        ),
      ),
    );
}

/** A draft that was buried is there again: nobody who was away is to hear that it has gone. */
export async function digUpDraft(tx: Transaction, accountId: string, draftId: string): Promise<void> {
  const isOfDraft = and(eq(tombstones.kind, 'draft'), eq(tombstones.id, draftId));
  await tx.delete(tombstones).where(and(eq(tombstones.accountId, accountId), isOfDraft));
}

/**
 * Brings back a draft that was discarded, as it was, under a new version, which it returns; one that is there already
 * is left alone.
 * @throws MailProblem `draft_gone`
 */
export async function restoreDraft(
  db: Database,
  accountId: string,
  draftId: string,
): Promise<{ version: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [row] = await tx
      .update(drafts)
      .set({ version: sql`1 - ${drafts.version}`, updatedAt: sql`now()`, state })
      .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), lt(drafts.version, 0)))
      .returning({ version: drafts.version });
    if (row !== undefined) {
      await digUpDraft(tx, accountId, draftId);
      return row;
    }
    const there = await draftView(tx, accountId, draftId);
    if (there === null) throw new MailProblem('draft_gone');
    return { version: there.version };
  });
}

/** @throws MailProblem `draft_gone` */
export async function addDraftAttachment(
  db: Database,
  accountId: string,
  draftId: string,
  file: { filename: string; mediaType: string; size: number; blobHash: string },
): Promise<DraftAttachmentRow> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [draft] = await tx
      .update(drafts)
      .set({ state })
      .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept))
      .returning({ id: drafts.id });
    if (draft === undefined) throw new MailProblem('draft_gone');
    const [row] = await tx
      .insert(draftAttachments)
      .values({ accountId, draftId, id: newId(), ...file })
      .returning();
    if (row === undefined) throw new Error('The insert of an attachment gave no row.');
    return row;
  });
}

/** @throws MailProblem `draft_gone` */
export async function removeDraftAttachment(
  db: Database,
  accountId: string,
  draftId: string,
  attachmentId: string,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    await tx
      .delete(draftAttachments)
      .where(
        and(
          eq(draftAttachments.accountId, accountId),
          eq(draftAttachments.draftId, draftId),
          eq(draftAttachments.id, attachmentId),
        ),
      );
    const [draft] = await tx
      .update(drafts)
      .set({ state })
      .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId)))
      .returning({ id: drafts.id });
    // It was sent or discarded meanwhile: nobody is to believe that it went without the file.
    if (draft === undefined) throw new MailProblem('draft_gone');
  });
}
