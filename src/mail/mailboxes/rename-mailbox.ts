import { and, eq } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { placeFor, requireFree } from './create-mailbox.ts';
import { checkedName, fullName, isWithin, renamed } from './names.ts';
import { changeableMailbox, type MailboxRow } from './reading.ts';

export interface MailboxMove {
  accountId: string;
  mailboxId: string;
  /** The mailbox that it is to lie in; null for the top. */
  parentId: string | null;
}

/**
 * Gives a mailbox another name where it is. Its id stays, and what lies in it goes with it.
 * @throws MailProblem `mailbox_gone`, `mailbox_is_fixed`, `mailbox_exists`, `mailbox_name_…`
 */
export async function renameMailbox(
  db: Database,
  { accountId, mailboxId, name }: { accountId: string; mailboxId: string; name: string },
): Promise<{ state: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const row = await changeableMailbox(tx, accountId, mailboxId);
    const place = await placeFor(tx, accountId, row.parentId);
    await rename(tx, row, { ...place, name: checkedName(name, place.delimiter) }, state);
    return { state };
  });
}

/**
 * Puts a mailbox into another one, or at the top. Its id stays, and what lies in it goes with it.
 * @throws MailProblem `mailbox_gone`, `mailbox_is_fixed`, `mailbox_exists`, `mailbox_within_itself`, `mailbox_no_nesting`
 */
export async function moveMailbox(
  db: Database,
  { accountId, mailboxId, parentId }: MailboxMove,
): Promise<{ state: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const row = await changeableMailbox(tx, accountId, mailboxId);
    const place = await placeFor(tx, accountId, parentId);
    const target = place.parent?.remoteId ?? '';
    if (parentId === mailboxId || isWithin(target, row.remoteId, place.delimiter))
      throw new MailProblem('mailbox_within_itself');
    await rename(tx, row, { ...place, name: row.name }, state);
    return { state };
  });
}

async function rename(
  tx: Transaction,
  row: MailboxRow,
  place: { parent: MailboxRow | null; delimiter: string | null; name: string },
  state: number,
): Promise<void> {
  const { accountId, id, remoteId: from } = row;
  const { parent, delimiter, name } = place;
  const to = fullName(parent?.remoteId ?? null, name, delimiter);
  if (to === from) return;
  await requireFree(tx, accountId, to);
  const rows = await tx.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
  for (const each of rows) {
    const remoteId = renamed(each.remoteId, { from, to, delimiter });
    if (remoteId === each.remoteId) continue;
    const place = each.id === id ? { name, parentId: parent?.id ?? null } : {};
    await tx
      .update(mailboxes)
      .set({ remoteId, state, ...place })
      .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, each.id)));
  }
  await enqueueOperation(tx, accountId, { kind: 'rename_mailbox', mailboxId: id, from, to, delimiter });
}
