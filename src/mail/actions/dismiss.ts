import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { pendingOperations } from '#db/schema.ts';

/** Forgets what could not be carried out, once the person has seen it. One that still waits is left alone. */
export async function dismissOperations(
  db: Database,
  accountId: string,
  ids: readonly number[],
): Promise<void> {
  await db
    .delete(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        inArray(pendingOperations.sequence, [...ids]),
        eq(pendingOperations.isSettled, true),
      ),
    );
}
