import { and, desc, eq, inArray, isNotNull, lt, or } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { systemMessages } from '#db/schema.ts';
import { problemView } from '../problem.ts';
import type { SystemMessageView } from '../views.ts';

const most = 100;

/** What should have been tried so long ago, in milliseconds, and was not: no worker sends it, or there is no server. */
const longest = 5 * 60_000;

/**
 * Mailroom's own mails that did not get away, the newest first: those that failed, those of which nobody knows whether
 * they arrived, those that are tried again, and those that nobody tries. For who runs the installation. What they said is
 * not kept.
 * @param before the id of the last one of the page before; null: the first page
 */
export async function listTroubledSystemMessages(
  db: Queryable,
  before: string | null,
  now: Date,
): Promise<SystemMessageView[]> {
  const late = new Date(now.getTime() - longest);
  const isTroubled = or(
    inArray(systemMessages.status, ['failed', 'unconfirmed']),
    and(
      inArray(systemMessages.status, ['queued', 'sending']),
      or(isNotNull(systemMessages.problem), lt(systemMessages.nextAttemptAt, late)),
    ),
  );
  const rows = await db
    .select({
      id: systemMessages.id,
      kind: systemMessages.kind,
      to: systemMessages.envelopeTo,
      status: systemMessages.status,
      attempts: systemMessages.attempts,
      nextAttemptAt: systemMessages.nextAttemptAt,
      problem: systemMessages.problem,
      createdAt: systemMessages.createdAt,
    })
    .from(systemMessages)
    .where(and(isTroubled, before === null ? undefined : lt(systemMessages.id, before)))
    .orderBy(desc(systemMessages.id))
    .limit(most);
  return rows.flatMap(({ status, nextAttemptAt, problem, createdAt, ...row }) =>
    status === 'sent'
      ? []
      : [
          {
            ...row,
            status: standingOf(status, nextAttemptAt < late),
            nextAttemptAt: status === 'queued' ? nextAttemptAt.getTime() : null,
            problem: problemView(problem),
            createdAt: createdAt.getTime(),
          },
        ],
  );
}

function standingOf(
  status: Exclude<(typeof systemMessages.$inferSelect)['status'], 'sent'>,
  isLate: boolean,
): SystemMessageView['status'] {
  if (status === 'failed' || status === 'unconfirmed') return status;
  return isLate ? 'overdue' : 'retrying';
}

/** Who runs the installation has seen that a mail of Mailroom's own came to nothing. Another one is left as it is. */
export async function dismissSystemMessage(db: Queryable, id: string): Promise<void> {
  await db
    .delete(systemMessages)
    .where(and(eq(systemMessages.id, id), inArray(systemMessages.status, ['failed', 'unconfirmed'])));
}
