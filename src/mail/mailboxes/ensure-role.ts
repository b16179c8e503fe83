import { v7 as newId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import { type MailboxRole, mailboxes } from '#db/schema.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { type MailboxRow, mailboxOfRole } from './reading.ts';

/** What a mailbox is called that the server lacks and an action needs. */
const names = { archive: 'Archive', trash: 'Trash', junk: 'Junk', sent: 'Sent', drafts: 'Drafts' } as const;

/**
 * The account's mailbox of a role; where there is none it is made here, and an operation makes it on the server
 * before anything is put into it.
 */
export async function ensureMailboxOfRole(
  tx: Transaction,
  accountId: string,
  role: keyof typeof names & MailboxRole,
  state: number,
): Promise<MailboxRow> {
  const existing = await mailboxOfRole(tx, accountId, role);
  if (existing !== null) return existing;
  const name = names[role];
  const [made] = await tx
    .insert(mailboxes)
    .values({ accountId, id: newId(), remoteId: name, name, role, state })
    .onConflictDoUpdate({ target: [mailboxes.accountId, mailboxes.remoteId], set: { role, state } })
    .returning();
  if (made === undefined) throw new Error('The insert of a mailbox gave no row.');
  await enqueueOperation(tx, accountId, { kind: 'create_mailbox', mailboxId: made.id });
  return made;
}
