import { and, count, desc, eq, gt, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import type { Rate } from '#platform/limits/table.ts';

/**
 * When an account may send the next message: null where it may at once. It is counted by the rows themselves, under the
 * account's lock, so that no restart and no flushed cache forgets what was sent. Each message that waits already has a
 * place before the next one.
 */
export async function nextFreeTime(
  tx: Transaction,
  accountId: string,
  limit: Rate,
  now: Date,
): Promise<Date | null> {
  const window = limit.seconds * 1000;
  const started = await tx
    .select({ at: submissions.dataStartedAt })
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, accountId),
        gt(submissions.dataStartedAt, new Date(now.getTime() - window)),
      ),
    )
    .orderBy(desc(submissions.dataStartedAt))
    .limit(limit.count);
  const [sending] = await tx
    .select({ count: count() })
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, accountId),
        eq(submissions.status, 'sending'),
        sql`${submissions.dataStartedAt} is null`,
      ),
    );
  if (started.length + (sending?.count ?? 0) < limit.count) return null;
  const [waiting] = await tx
    .select({ count: count() })
    .from(submissions)
    .where(
      and(
        eq(submissions.accountId, accountId),
        eq(submissions.status, 'queued'),
        sql`${submissions.problem} ->> 'code' = 'send_limit'`,
        gt(submissions.nextAttemptAt, now),
      ),
    );
  const before = waiting?.count ?? 0;
  const leaving = started.toReversed()[before % limit.count]?.at ?? now;
  return new Date(leaving.getTime() + window * (1 + Math.floor(before / limit.count)));
}
