import { and, desc, eq, inArray, isNotNull, lt, or } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { systemMessages } from '#db/schema.ts';
import { problemView } from '../problem.ts';
import type { SystemMessageView } from '../views.ts';

const most = 100;

/**
 * Mailroom's own mails that did not get away, the newest first: those that failed, those of which nobody knows whether
 * they arrived, and those that are tried again. For who runs the installation. What they said is not kept.
 * @param before the id of the last one of the page before; null: the first page
 */
export async function listTroubledSystemMessages(
  db: Queryable,
  before: string | null,
): Promise<SystemMessageView[]> {
  const isTriedAgain = and(
    inArray(systemMessages.status, ['queued', 'sending']),
    isNotNull(systemMessages.problem),
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
    .where(
      and(
        or(inArray(systemMessages.status, ['failed', 'unconfirmed']), isTriedAgain),
        before === null ? undefined : lt(systemMessages.id, before),
      ),
    )
    .orderBy(desc(systemMessages.id))
    .limit(most);
  return rows.flatMap(({ status, nextAttemptAt, problem, createdAt, ...row }) =>
    status === 'sent'
      ? []
      : [
          {
            ...row,
            status: status === 'failed' || status === 'unconfirmed' ? status : 'retrying',
            nextAttemptAt: status === 'queued' ? nextAttemptAt.getTime() : null,
            problem: problemView(problem),
            createdAt: createdAt.getTime(),
          },
        ],
  );
}

/** Who runs the installation has seen that a mail of Mailroom's own came to nothing. Another one is left as it is. */
export async function dismissSystemMessage(db: Queryable, id: string): Promise<void> {
  await db
    .delete(systemMessages)
    .where(and(eq(systemMessages.id, id), inArray(systemMessages.status, ['failed', 'unconfirmed'])));
}
