import { and, count, desc, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { pendingOperations } from '#db/schema.ts';
import { problemView } from '../problem.ts';
import type { OperationProblemView } from '../views.ts';

/** The most that is shown of one person's accounts; the newest come first. */
const most = 100;

/** How many changes of each account its server has not been told of yet. */
export async function waitingOperations(
  db: Queryable,
  accountIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await db
    .select({ accountId: pendingOperations.accountId, waiting: count() })
    .from(pendingOperations)
    .where(and(inArray(pendingOperations.accountId, [...accountIds]), eq(pendingOperations.isSettled, false)))
    .groupBy(pendingOperations.accountId);
  return new Map(rows.map(({ accountId, waiting }) => [accountId, waiting]));
}

/** What could not be carried out and nobody has dismissed yet, by account. */
export async function operationProblems(
  db: Queryable,
  accountIds: readonly string[],
): Promise<Map<string, OperationProblemView[]>> {
  const rows = await db
    .select()
    .from(pendingOperations)
    .where(
      and(
        inArray(pendingOperations.accountId, [...accountIds]),
        eq(pendingOperations.isSettled, true),
        isNotNull(pendingOperations.problem),
      ),
    )
    .orderBy(desc(pendingOperations.sequence))
    .limit(most);
  const views = new Map<string, OperationProblemView[]>();
  for (const { accountId, sequence, operation, about, problem } of rows) {
    const shown = problemView(problem);
    if (shown === null) continue;
    const { count: mails = 0, subjects = [], mailbox = null } = about ?? {};
    const view = { id: sequence, kind: operation.kind, count: mails, subjects, mailbox, problem: shown };
    views.set(accountId, [...(views.get(accountId) ?? []), view]);
  }
  return views;
}
