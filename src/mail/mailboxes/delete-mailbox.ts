import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { mailboxEmails, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { removeCopies, removeOrphans } from '../actions/copies.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { recountThreads } from '../recount.ts';
import { bury, raiseState } from '../state.ts';
import { nameSources } from '../sync/pending-sources.ts';
import { isWithin } from './names.ts';
import { changeableMailbox, type MailboxRow } from './reading.ts';

/** Copies removed in one transaction, for which the account's other changes wait. */
const batch = 500;

/**
 * Deletes a mailbox with all that lies in it, here at once and on the server by operations. The server's part is
 * written down first: whatever happens then, the mailboxes are on their way out.
 * @returns how many copies of mails went with it, and the new state
 * @throws MailProblem `mailbox_gone`, `mailbox_is_fixed`
 */
export async function deleteMailbox(
  db: Database,
  accountId: string,
  mailboxId: string,
): Promise<{ removed: number; state: number }> {
  const doomed = await inTransaction(db, async (tx) => {
    await raiseState(tx, accountId);
    const row = await changeableMailbox(tx, accountId, mailboxId);
    const rows = await tx.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
    const within = rows.filter(({ remoteId }) => isWithin(remoteId, row.remoteId, row.delimiter));
    // What lies deepest goes first: many servers delete no mailbox that has others in it.
    const all: MailboxRow[] = [row, ...within].sort(
      (one, other) => other.remoteId.length - one.remoteId.length,
    );
    await nameSources(tx, accountId, new Map(all.map(({ id, remoteId }) => [id, remoteId])));
    for (const { remoteId } of all)
      await enqueueOperation(tx, accountId, { kind: 'delete_mailbox', remoteId });
    return all.map(({ id }) => id);
  });
  let removed = 0;
  for (let found = batch; found === batch; removed += found) found = await removeBatch(db, accountId, doomed);
  const state = await inTransaction(db, async (tx) => {
    const last = await raiseState(tx, accountId);
    await tx.delete(mailboxes).where(and(eq(mailboxes.accountId, accountId), inArray(mailboxes.id, doomed)));
    await bury(tx, accountId, 'mailbox', doomed, last);
    return last;
  });
  return { removed, state };
}

async function removeBatch(db: Database, accountId: string, mailboxIds: readonly string[]): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const copies = await tx
      .select({ id: mailboxEmails.id, threadId: mailboxEmails.threadId })
      .from(mailboxEmails)
      .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.mailboxId, [...mailboxIds])))
      .limit(batch);
    const threadIds = [...new Set(copies.map(({ threadId }) => threadId))];
    await removeCopies(
      tx,
      accountId,
      copies.map(({ id }) => id),
      state,
    );
    await recountThreads(tx, accountId, threadIds, state);
    await removeOrphans(tx, accountId, threadIds, state);
    return copies.length;
  });
}
