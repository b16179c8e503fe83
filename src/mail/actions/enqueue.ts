import type { Transaction } from '#db/client.ts';
import { type ImapOperation, pendingOperations } from '#db/schema.ts';

/** Writes an intent in the transaction that makes its change. The worker carries them out in order. */
export async function enqueueOperation(
  tx: Transaction,
  accountId: string,
  operation: ImapOperation,
): Promise<void> {
  await tx.insert(pendingOperations).values({ accountId, operation });
}
