import { and, eq } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { emails, mailboxEmails } from '#db/schema.ts';
import { removeCopies, removeOrphans } from '../actions/copies.ts';
import { recountThreads } from '../recount.ts';

/** The copies by which a submission is shown in its thread and in Sent. */
function copiesOf(tx: Transaction, accountId: string, emailId: string) {
  return tx
    .select({ id: mailboxEmails.id, threadId: mailboxEmails.threadId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.emailId, emailId)));
}

/** A submission was taken back: it is shown no more. */
export async function removeShownCopy(
  tx: Transaction,
  accountId: string,
  emailId: string,
  state: number,
): Promise<void> {
  const copies = await copiesOf(tx, accountId, emailId);
  const threadIds = copies.map((copy) => copy.threadId);
  await removeCopies(
    tx,
    accountId,
    copies.map((copy) => copy.id),
    state,
  );
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}

/** A submission leaves at another time: it stands there in its lists. */
export async function redateShownCopy(
  tx: Transaction,
  accountId: string,
  emailId: string,
  at: Date,
  state: number,
): Promise<void> {
  // A Date field has no fractions of a second.
  const sentAt = new Date(Math.floor(at.getTime() / 1000) * 1000);
  await tx
    .update(emails)
    .set({ sentAt, receivedAt: at, state })
    .where(and(eq(emails.accountId, accountId), eq(emails.id, emailId)));
  await tx
    .update(mailboxEmails)
    .set({ receivedAt: at, state })
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.emailId, emailId)));
  const copies = await copiesOf(tx, accountId, emailId);
  await recountThreads(
    tx,
    accountId,
    copies.map((copy) => copy.threadId),
    state,
  );
}
