import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Queryable } from '#db/client.ts';
import { drafts, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { identityOrFirst } from '../identities/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import type { DraftView } from '../views.ts';
import { insertWritten, type NewFile } from './insert-written.ts';
import { attachmentsOfDraft, type DraftRow, draftView } from './reading.ts';
import type { DraftContent } from './save.ts';

/** What goes along with the words. */
interface Original {
  place: Pick<DraftRow, 'relatedEmailId' | 'relation' | 'parentIds'>;
  files: NewFile[];
}

/**
 * Makes a new draft of these words with the files and the place in the thread of another one, which may be discarded or
 * sent: what was written on in it meanwhile is to go as a message of its own.
 * @throws MailProblem `draft_gone` where nothing is known of the other one any more
 */
export async function copyDraft(
  db: Database,
  accountId: string,
  draftId: string,
  content: DraftContent,
): Promise<DraftView> {
  const id = newId();
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const original = (await ofDraft(tx, accountId, draftId)) ?? (await ofSubmission(tx, accountId, draftId));
    if (original === null) throw new MailProblem('draft_gone');
    const identity = await identityOrFirst(tx, accountId, content.identityId);
    const made = { accountId, id, identityId: identity.id, state };
    await insertWritten(tx, { ...content, ...original.place, ...made }, original.files);
  });
  const view = await draftView(db, accountId, id);
  if (view === null) throw new Error('A draft that was just copied is not there.');
  return view;
}

/** Of a draft's row, which outlasts its discarding for a while. */
async function ofDraft(db: Queryable, accountId: string, draftId: string): Promise<Original | null> {
  const [place] = await db
    .select({ relatedEmailId: drafts.relatedEmailId, relation: drafts.relation, parentIds: drafts.parentIds })
    .from(drafts)
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId)));
  return place === undefined ? null : { place, files: await attachmentsOfDraft(db, accountId, draftId) };
}

/** Of the newest message that was sent from it. */
async function ofSubmission(db: Queryable, accountId: string, draftId: string): Promise<Original | null> {
  const [row] = await db
    .select()
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, accountId),
        sql`${submissions.draft}->>'id' = ${draftId}`,
        // A message that was taken back holds nothing any more.
        ne(submissions.status, 'canceled'),
      ),
    )
    .orderBy(desc(submissions.id))
    .limit(1);
  if (row === undefined) return null;
  const { relatedEmailId, relation, draft } = row;
  return {
    place: { relatedEmailId, relation, parentIds: draft.parentIds ?? null },
    files: draft.attachments,
  };
}
