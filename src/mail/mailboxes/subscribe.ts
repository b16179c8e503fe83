import { and, eq, ne } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { raiseState } from '../state.ts';
import { existingMailbox } from './reading.ts';

/**
 * Shows or hides a mailbox, here and in other programs: by its subscription.
 * @throws MailProblem `mailbox_gone`
 */
export async function subscribeMailbox(
  db: Database,
  accountId: string,
  mailboxId: string,
  isSubscribed: boolean,
): Promise<{ state: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    await existingMailbox(tx, accountId, mailboxId);
    const changed = await tx
      .update(mailboxes)
      .set({ isSubscribed, state })
      .where(
        and(
          eq(mailboxes.accountId, accountId),
          eq(mailboxes.id, mailboxId),
          ne(mailboxes.isSubscribed, isSubscribed),
        ),
      )
      .returning({ id: mailboxes.id });
    if (changed.length > 0)
      await enqueueOperation(tx, accountId, { kind: 'subscribe', mailboxId, isSubscribed });
    return { state };
  });
}
