import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { mailboxEmails } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { accountState } from '../accounts/reading.ts';
import { copyColumns, destroyCopies, removeOrphans } from '../actions/copies.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { MailProblem } from '../problem.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { isWhole, nextMissing } from '../sync/reading-edges.ts';
import { existingMailbox } from './reading.ts';

/** Copies removed in one transaction, for which the account's other changes wait. */
const batch = 500;

/**
 * Removes for good what lies in Trash or Junk, here at once and on the server by operations; older mail that has not
 * come here yet goes with it. What arrives from now on stays.
 * @returns how many copies went, and the new state
 * @throws MailProblem `mailbox_gone`, `mailbox_not_emptiable`
 */
export async function emptyMailbox(
  db: Database,
  accountId: string,
  mailboxId: string,
): Promise<{ removed: number; state: number }> {
  const mailbox = await existingMailbox(db, accountId, mailboxId);
  if (mailbox.role !== 'trash' && mailbox.role !== 'junk') throw new MailProblem('mailbox_not_emptiable');
  let removed = 0;
  for (let found = batch; found === batch; removed += found)
    found = await removeBatch(db, accountId, mailboxId);
  const { cursor } = mailbox;
  if (cursor !== null && !isWhole(cursor)) {
    const { uidValidity } = cursor;
    const { below: belowUid } = nextMissing(cursor);
    await inTransaction(db, async (tx) => {
      await raiseState(tx, accountId);
      await enqueueOperation(tx, accountId, { kind: 'empty', mailboxId, uidValidity, belowUid });
    });
  }
  return { removed, state: await accountState(db, accountId) };
}

async function removeBatch(db: Database, accountId: string, mailboxId: string): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const copies = await tx
      .select(copyColumns)
      .from(mailboxEmails)
      .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, mailboxId)))
      .limit(batch);
    const threadIds = [...new Set(copies.map(({ threadId }) => threadId))];
    await destroyCopies(tx, accountId, copies, state);
    await recountThreads(tx, accountId, threadIds, state);
    await removeOrphans(tx, accountId, threadIds, state);
    return copies.length;
  });
}
