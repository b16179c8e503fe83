import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { type CopyPlace, pendingOperations } from '#db/schema.ts';

/**
 * Writes the names of mailboxes that are about to go into the operations that still take mail out of them: by their
 * rows they could not be found any more.
 * @param names full names by mailbox id
 */
export async function nameSources(
  tx: Transaction,
  accountId: string,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = await tx
    .select({ sequence: pendingOperations.sequence, operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        eq(pendingOperations.isSettled, false),
        sql`${pendingOperations.operation} ->> 'kind' in ('move', 'destroy')`,
      ),
    );
  for (const { sequence, operation } of rows) {
    if (operation.kind !== 'move' && operation.kind !== 'destroy') continue;
    const named = ([copyId, place]: [string, CopyPlace]): [string, CopyPlace] => {
      const path = names.get(place.mailboxId);
      return [copyId, path === undefined ? place : { ...place, path }];
    };
    const from = Object.fromEntries(Object.entries(operation.from).map(named));
    await tx
      .update(pendingOperations)
      .set({ operation: { ...operation, from } })
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, sequence)));
  }
}
