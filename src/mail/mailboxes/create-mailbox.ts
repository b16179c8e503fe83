import { and, eq, isNotNull } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { checkedName, fullName } from './names.ts';
import { existingMailbox, type MailboxRow } from './reading.ts';

export interface NewMailbox {
  accountId: string;
  /** As somebody typed it. */
  name: string;
  /** The mailbox that it is to lie in; null for the top. */
  parentId: string | null;
}

/**
 * Makes a mailbox, here at once and on the server by an operation.
 * @returns its id and the new state
 * @throws MailProblem `mailbox_gone` of the parent, `mailbox_exists`, `mailbox_no_nesting`, `mailbox_name_…`
 */
export async function createMailbox(
  db: Database,
  { accountId, name, parentId }: NewMailbox,
): Promise<{ mailboxId: string; state: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const place = await placeFor(tx, accountId, parentId);
    const checked = checkedName(name, place.delimiter);
    const remoteId = fullName(place.parent?.remoteId ?? null, checked, place.delimiter);
    await requireFree(tx, accountId, remoteId);
    const mailboxId = newId();
    const { delimiter } = place;
    await tx
      .insert(mailboxes)
      .values({ accountId, id: mailboxId, remoteId, name: checked, parentId, delimiter, state });
    await enqueueOperation(tx, accountId, { kind: 'create_mailbox', mailboxId });
    return { mailboxId, state };
  });
}

/** Where a mailbox is to lie, with the delimiter that the server puts between the names. */
export async function placeFor(
  tx: Transaction,
  accountId: string,
  parentId: string | null,
): Promise<{ parent: MailboxRow | null; delimiter: string | null }> {
  const parent = parentId === null ? null : await existingMailbox(tx, accountId, parentId);
  const delimiter = parent?.delimiter ?? (await delimiterOf(tx, accountId));
  if (parent !== null && delimiter === null) throw new MailProblem('mailbox_no_nesting');
  return { parent, delimiter };
}

/** What the server puts between the names; null where it keeps no mailboxes in others, or has not said yet. */
async function delimiterOf(tx: Transaction, accountId: string): Promise<string | null> {
  const [row] = await tx
    .select({ delimiter: mailboxes.delimiter })
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), isNotNull(mailboxes.delimiter)))
    .limit(1);
  return row?.delimiter ?? null;
}

/** @throws MailProblem `mailbox_exists` where the account has a mailbox of this full name; INBOX has no case (RFC 9051 §5.1). */
export async function requireFree(tx: Transaction, accountId: string, remoteId: string): Promise<void> {
  const [taken] = await tx
    .select({ name: mailboxes.name })
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.remoteId, remoteId)));
  if (taken !== undefined || remoteId.toLowerCase() === 'inbox')
    throw new MailProblem('mailbox_exists', taken?.name ?? remoteId);
}
