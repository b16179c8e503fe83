import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { drafts, type StoredAddress } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { identityOrFirst } from '../identities/reading.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { findDraft, isKept } from './reading.ts';

export interface DraftContent {
  identityId: string;
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  subject: string;
  /** In plain-text mode the content; with `html` what a list shows of it. */
  text: string;
  html: string | null;
  requestReceipt: boolean;
  requestDsn: boolean;
  requireTls: boolean;
}

/**
 * Saves what was typed, where the caller knows the newest version; one conditional update. What was written
 * as an identity that is gone by now is the account's first one's.
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
    const { id: identityId } = await identityOrFirst(tx, accountId, content.identityId);
    const [saved] = await tx
      .update(drafts)
      .set({ ...content, identityId, version: sql`${drafts.version} + 1`, updatedAt: sql`now()`, state })
      .where(
        and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), eq(drafts.version, version), isKept),
      )
      .returning({ version: drafts.version, updatedAt: drafts.updatedAt });
    if (saved !== undefined) return { version: saved.version, updatedAt: saved.updatedAt.getTime() };
    throw new MailProblem(
      (await findDraft(tx, accountId, draftId)) === null ? 'draft_gone' : 'version_conflict',
    );
  });
}
