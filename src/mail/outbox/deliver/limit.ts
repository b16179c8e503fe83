import { and, count, desc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { deferredDeliveries, handovers, submissions } from '#db/schema.ts';
import type { Rate } from '#platform/limits/table.ts';

/**
 * When an account may hand over the next message: null where it may at once. It is counted by rows, under the account's
 * lock, so that no restart and no flushed cache forgets what was sent, and sending something again counts again. Each
 * message that waits already has a place before the next one.
 */
export async function nextFreeTime(
  tx: Transaction,
  accountId: string,
  limit: Rate,
  now: Date,
): Promise<Date | null> {
  const window = limit.seconds * 1000;
  const started = await tx
    .select({ at: handovers.at })
    .from(handovers)
    .where(and(eq(handovers.accountId, accountId), gt(handovers.at, new Date(now.getTime() - window))))
    .orderBy(desc(handovers.at))
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
  const [again] = await tx
    .select({ count: count() })
    .from(deferredDeliveries)
    .where(
      and(
        eq(deferredDeliveries.accountId, accountId),
        isNotNull(deferredDeliveries.claim),
        isNull(deferredDeliveries.dataStartedAt),
      ),
    );
  if (started.length + (sending?.count ?? 0) + (again?.count ?? 0) < limit.count) return null;
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
