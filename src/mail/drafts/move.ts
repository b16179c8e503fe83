import { and, eq } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { drafts, emails, type ParentIds } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { AttachmentBytes } from '../compose/draft-message.ts';
import { parentIdsOf } from '../compose/parent-ids.ts';
import { placeFiles } from '../compose/place-files.ts';
import { findEmail } from '../emails/reading.ts';
import { identitiesOf } from '../identities/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import type { DraftView } from '../views.ts';
import { discardWithin } from './discard.ts';
import { insertWritten, type NewFile } from './insert-written.ts';
import { attachmentsOfDraft, type DraftRow, draftView, findDraft, isKept } from './reading.ts';

export interface DraftMove {
  accountId: string;
  draftId: string;
  /** The version that the person sees; another one is not moved. */
  version: number;
  toAccountId: string;
  /** Of the other account. */
  identityId: string;
}

export interface DraftMoveParts {
  db: Database;
  attachmentBytes: AttachmentBytes;
  /** Keeps bytes for an account, and gives their hash. */
  keep(accountId: string, bytes: Buffer): Promise<string>;
}

/**
 * Moves a draft to another account of the same person, because it is to be sent from there: with its files, whose bytes
 * are that account's own from now on, and with its place in the thread. In the first account it is discarded.
 * @throws MailProblem `draft_gone`, `version_conflict`, `no_identity`, and what `attachmentBytes` throws
 */
export async function moveDraft(parts: DraftMoveParts, move: DraftMove): Promise<DraftView> {
  const { db } = parts;
  const { accountId, draftId, toAccountId } = move;
  const draft = await findDraft(db, accountId, draftId);
  if (draft === null) throw new MailProblem('draft_gone');
  const files = await ownFiles(parts, move, draft);
  const id = newId();
  await inTransaction(db, async (tx) => {
    // Always in this order: of two moves in opposite directions neither waits for the other.
    const states = new Map<string, number>();
    for (const account of [accountId, toAccountId].sort()) states.set(account, await raiseState(tx, account));
    await checkMove(tx, move);
    const place = await placeIn(tx, toAccountId, draft);
    const made = { accountId: toAccountId, id, identityId: move.identityId };
    const state = states.get(toAccountId) ?? 0;
    await insertWritten(tx, { ...contentOf(draft), ...place, ...made, state }, files);
    await discardWithin(tx, accountId, draftId, states.get(accountId) ?? 0);
  });
  const view = await draftView(db, toAccountId, id);
  if (view === null) throw new Error('A draft that was just moved is not there.');
  return view;
}

/** The files that go with the message, as files of the other account's own. */
async function ownFiles(
  { db, attachmentBytes, keep }: DraftMoveParts,
  { accountId, draftId, toAccountId }: DraftMove,
  draft: DraftRow,
) {
  const all = await attachmentsOfDraft(db, accountId, draftId);
  // As they were: whether the text shows them may change yet.
  const going = new Set(placeFiles(draft, all).map(({ id }) => id));
  const files: NewFile[] = [];
  for (const file of all.filter(({ id }) => going.has(id))) {
    const { filename, mediaType, size, contentId, disposition } = file;
    const blobHash = await keep(toAccountId, await attachmentBytes(accountId, file));
    files.push({
      ...{ id: newId(), filename, mediaType, size, blobHash, contentId, disposition },
    });
  }
  return files;
}

async function checkMove(
  tx: Transaction,
  { accountId, draftId, version, toAccountId, identityId }: DraftMove,
): Promise<void> {
  const [now] = await tx
    .select({ version: drafts.version })
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isKept));
  if (now === undefined) throw new MailProblem('draft_gone');
  if (now.version !== version) throw new MailProblem('version_conflict');
  const { rows } = await identitiesOf(tx, toAccountId);
  if (!rows.some(({ id }) => id === identityId)) throw new MailProblem('no_identity');
}

function contentOf({ to, cc, bcc, subject, text, html, requestReceipt, requestDsn, requireTls }: DraftRow) {
  return { to, cc, bcc, subject, text, html, requestReceipt, requestDsn, requireTls };
}

/** The draft's place in its thread as the other account knows it: by the same mail, where it came there too. */
async function placeIn(
  tx: Transaction,
  toAccountId: string,
  draft: DraftRow,
): Promise<{ relatedEmailId: string | null; relation: DraftRow['relation']; parentIds: ParentIds | null }> {
  const related =
    draft.relatedEmailId === null ? null : await findEmail(tx, draft.accountId, draft.relatedEmailId);
  const parentIds = related === null ? draft.parentIds : parentIdsOf(draft.relation, related);
  const named = parentIds?.inReplyTo ?? parentIds?.references.at(-1);
  const [there] =
    named === undefined
      ? []
      : await tx
          .select({ id: emails.id })
          .from(emails)
          .where(and(eq(emails.accountId, toAccountId), eq(emails.messageId, named)))
          .limit(1);
  return { relatedEmailId: there?.id ?? null, relation: draft.relation, parentIds };
}
