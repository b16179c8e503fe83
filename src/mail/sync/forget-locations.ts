import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { mailboxEmails, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { raiseState } from '../state.ts';

/**
 * After a changed UIDVALIDITY (RFC 9051 §2.3.1.1): the copies stay, their UIDs mean nothing any more. The mailbox is
 * read anew, and each copy found again takes its row back.
 */
export async function forgetLocations(
  db: Database,
  accountId: string,
  fence: number,
  mailboxId: string,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    await tx
      .update(mailboxEmails)
      .set({ uid: null, uidValidity: null, modseq: null })
      .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, mailboxId)));
    await tx
      .update(mailboxes)
      .set({ cursor: null, phase: 'discovered', state })
      .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
    return state;
  });
}
