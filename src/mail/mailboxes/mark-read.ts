import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { mailboxEmails } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { accountState } from '../accounts/reading.ts';
import { copyColumns, setKeyword } from '../actions/copies.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import type { EmailActionResult, EmailUndo } from '../views.ts';
import { existingMailbox } from './reading.ts';

/** Copies marked in one transaction, for which the account's other changes wait. */
const batch = 500;
/** More than this, and there is no taking back. */
const mostToUndo = 10_000;

/**
 * Marks all mail of a mailbox as read, here at once and on the server by operations.
 * @throws MailProblem `mailbox_gone`
 */
export async function markMailboxRead(
  db: Database,
  accountId: string,
  mailboxId: string,
): Promise<EmailActionResult> {
  await existingMailbox(db, accountId, mailboxId);
  const keywords: EmailUndo['keywords'] = [];
  for (let found = batch; found === batch; ) {
    const marked = await markBatch(db, accountId, mailboxId);
    found = marked.length;
    keywords.push(...marked.map((copyId) => ({ copyId, keyword: '$seen' as const, isSet: false })));
  }
  const canUndo = keywords.length > 0 && keywords.length <= mostToUndo;
  return {
    state: await accountState(db, accountId),
    changed: keywords.length,
    undo: canUndo ? { accountId, moves: [], keywords, copies: [], labels: [] } : null,
  };
}

async function markBatch(db: Database, accountId: string, mailboxId: string): Promise<string[]> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const copies = await tx
      .select(copyColumns)
      .from(mailboxEmails)
      .where(
        and(
          eq(mailboxEmails.accountId, accountId),
          eq(mailboxEmails.mailboxId, mailboxId),
          eq(mailboxEmails.isSeen, false),
        ),
      )
      .limit(batch);
    await setKeyword(tx, accountId, copies, '$seen', true, state);
    await recountThreads(
      tx,
      accountId,
      copies.map(({ threadId }) => threadId),
      state,
    );
    return copies.map(({ id }) => id);
  });
}
