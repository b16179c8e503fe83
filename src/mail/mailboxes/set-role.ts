import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { type MailboxRole, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { raiseState } from '../state.ts';
import { changeableMailbox } from './reading.ts';

/** The roles that a person may give to a mailbox; the others are the server's to give. */
export const rolesByHand = ['archive', 'drafts', 'sent', 'junk', 'trash'] as const;

/**
 * Gives a mailbox a role, or none, whatever the server and its name say of it. A role has one holder in an account: who
 * had it has none from now on.
 * @throws MailProblem `mailbox_gone`, `mailbox_is_fixed`
 */
export async function setMailboxRole(
  db: Database,
  accountId: string,
  mailboxId: string,
  role: (typeof rolesByHand)[number] | null,
): Promise<{ state: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    await changeableMailbox(tx, accountId, mailboxId);
    const ofAccount = eq(mailboxes.accountId, accountId);
    const byHand = (next: MailboxRole | null) => ({ role: next, isRoleByHand: true, state });
    if (role !== null)
      await tx
        .update(mailboxes)
        .set(byHand(null))
        .where(and(ofAccount, eq(mailboxes.role, role)));
    await tx
      .update(mailboxes)
      .set(byHand(role))
      .where(and(ofAccount, eq(mailboxes.id, mailboxId)));
    return { state };
  });
}
