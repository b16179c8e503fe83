import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import { actOnEmails } from '../actions/act.ts';
import { findEmail } from '../emails/reading.ts';
import { mailboxOfRole } from '../mailboxes/reading.ts';

/**
 * Archives the conversation that a sent message answers, where the person asked for it. Safe to run again: the wish is
 * forgotten once it is done. What fails here has nothing to do with the message, which has been taken.
 * @returns the account's new state, or null where there was nothing to do
 */
export async function archiveAnswered(
  db: Database,
  accountId: string,
  submissionId: string,
): Promise<number | null> {
  const isWished = and(
    eq(submissions.accountId, accountId),
    eq(submissions.id, submissionId),
    eq(submissions.status, 'sent'),
    eq(submissions.archiveAfterSending, true),
  );
  const [row] = await db
    .select({ relatedEmailId: submissions.relatedEmailId })
    .from(submissions)
    .where(isWished);
  if (row === undefined) return null;
  const related = row.relatedEmailId === null ? null : await findEmail(db, accountId, row.relatedEmailId);
  const inbox = await mailboxOfRole(db, accountId, 'inbox');
  const result =
    related === null || inbox === null
      ? null
      : await actOnEmails(db, {
          accountId,
          mailboxId: inbox.id,
          threadIds: [related.threadId],
          emailIds: [],
          action: { kind: 'moveToRole', role: 'archive' },
        });
  await db.update(submissions).set({ archiveAfterSending: false }).where(isWished);
  return result?.state ?? null;
}
