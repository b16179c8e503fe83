import { and, eq, gt, or } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';

/** What has failed for so long, in milliseconds, is left. */
const longest = 24 * 3_600_000;

/**
 * Sent messages of which something that follows is still to be done: their conversations to be archived, the people that
 * they went to to be remembered. For the sweeper, where the process that sent them died before it came to that.
 */
export async function dueAfterSending(
  db: Database,
  now: Date,
): Promise<{ accountId: string; submissionId: string }[]> {
  return db
    .select({ accountId: submissions.accountId, submissionId: submissions.id })
    .from(submissions)
    .where(
      and(
        or(eq(submissions.archiveAfterSending, true), eq(submissions.isToRemember, true)),
        eq(submissions.status, 'sent'),
        gt(submissions.sentAt, new Date(now.getTime() - longest)),
      ),
    )
    .limit(500);
}
