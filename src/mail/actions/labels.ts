import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { accounts, mailboxEmails } from '#db/schema.ts';
import { type Copy, copyColumns, moveCopies, takeOffLabel } from './copies.ts';
import { copyCopies } from './copy.ts';

/*
 * Where labels are mailboxes (Gmail), the copies of a mail are one message: its flags are all the copies', and a
 * mailbox holds it once. Moving it to where it lies already only takes it away from where it was: so it is archived,
 * for "All Mail" holds everything.
 */

/** Whether the account's mailboxes are labels. */
export async function hasLabels(tx: Transaction, accountId: string): Promise<boolean> {
  const [row] = await tx
    .select({ isGmail: accounts.isGmail })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  return row?.isGmail === true;
}

/** All copies of the mails that these are copies of. */
export async function everyCopy(
  tx: Transaction,
  accountId: string,
  emailIds: readonly string[],
): Promise<Copy[]> {
  if (emailIds.length === 0) return [];
  return tx
    .select(copyColumns)
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.emailId, [...emailIds])));
}

/**
 * Moves mails from their mailboxes to another: copies of which the other mailbox holds the mail already are taken
 * away, the others are moved.
 */
export async function moveLabelled(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  toMailboxId: string,
  state: number,
): Promise<{ moved: Copy[]; takenOff: Copy[] }> {
  const all = await everyCopy(
    tx,
    accountId,
    copies.map(({ emailId }) => emailId),
  );
  const there = new Set(all.filter((copy) => copy.mailboxId === toMailboxId).map(({ emailId }) => emailId));
  const takenOff: Copy[] = [];
  const moved: Copy[] = [];
  for (const copy of copies) {
    if (there.has(copy.emailId)) takenOff.push(copy);
    else moved.push(copy);
    there.add(copy.emailId);
  }
  await moveCopies(tx, accountId, moved, toMailboxId, state);
  await takeOffLabel(tx, accountId, takenOff, toMailboxId, state);
  return { moved, takenOff };
}

/** Puts mails back into a mailbox that they were taken from. */
export async function putBackLabel(
  tx: Transaction,
  accountId: string,
  emailIds: readonly string[],
  mailboxId: string,
  state: number,
): Promise<Copy[]> {
  return copyCopies(tx, accountId, await everyCopy(tx, accountId, emailIds), mailboxId, state);
}
