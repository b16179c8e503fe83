import { and, eq, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import { type FiledDraft, mailboxEmails, pendingOperations } from '#db/schema.ts';
import { copyColumns, destroyCopies, removeOrphans } from '../actions/copies.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { recountThreads } from '../recount.ts';

/** A draft's copy on the mail server is to be removed, and what is shown of it here: it was sent or thrown away. */
export async function removeFiled(
  tx: Transaction,
  accountId: string,
  draftId: string,
  filed: FiledDraft | null,
  state: number,
): Promise<void> {
  await removeUnheard(tx, accountId, draftId);
  if (filed === null) return;
  const { mailboxId, uidValidity, uid } = filed;
  const copies = await tx
    .select(copyColumns)
    .from(mailboxEmails)
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.mailboxId, mailboxId),
        eq(mailboxEmails.uidValidity, uidValidity),
        eq(mailboxEmails.uid, uid),
      ),
    );
  if (copies.length === 0) {
    // The sync has not seen it yet, and is not to bring it.
    const from = { [newId()]: { mailboxId, uidValidity, uid } };
    await enqueueOperation(tx, accountId, { kind: 'destroy', from });
    return;
  }
  await destroyCopies(tx, accountId, copies, state);
  const threadIds = copies.map(({ threadId }) => threadId);
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}

/**
 * A filing that was given up may have come through all the same. One that is still to be tried finds the draft gone, and
 * removes what earlier attempts have left.
 */
async function removeUnheard(tx: Transaction, accountId: string, draftId: string): Promise<void> {
  const [givenUp] = await tx
    .select({ sequence: pendingOperations.sequence })
    .from(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        eq(pendingOperations.isSettled, true),
        sql`${pendingOperations.operation} ->> 'kind' = 'file_draft'`,
        sql`${pendingOperations.operation} ->> 'draftId' = ${draftId}`,
      ),
    )
    .limit(1);
  if (givenUp !== undefined) await enqueueOperation(tx, accountId, { kind: 'file_draft', draftId });
}
