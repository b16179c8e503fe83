import { and, eq } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import { type FiledDraft, mailboxEmails } from '#db/schema.ts';
import { copyColumns, destroyCopies, removeOrphans } from '../actions/copies.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { recountThreads } from '../recount.ts';

/** A draft's copy on the mail server is to be removed, and what is shown of it here: it was sent or thrown away. */
export async function removeFiled(
  tx: Transaction,
  accountId: string,
  filed: FiledDraft | null,
  state: number,
): Promise<void> {
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
