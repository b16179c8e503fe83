import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { mailboxes } from '#db/schema.ts';
import type { Copy } from './copies.ts';
import { enqueueOperation } from './enqueue.ts';

/**
 * What a move says of junk is told to the server before the mail is moved: into junk `$Junk`, out of it `$NotJunk`.
 * Junk that is thrown away is junk all the same.
 */
export async function learnFromMove(
  tx: Transaction,
  accountId: string,
  moving: readonly Copy[],
  toMailboxId: string,
): Promise<void> {
  const ids = [...new Set([toMailboxId, ...moving.map(({ mailboxId }) => mailboxId)])];
  const rows = await tx
    .select({ id: mailboxes.id, role: mailboxes.role })
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), inArray(mailboxes.id, ids)));
  const roles = new Map(rows.map(({ id, role }) => [id, role]));
  const isToJunk = roles.get(toMailboxId) === 'junk';
  if (!isToJunk && roles.get(toMailboxId) === 'trash') return;
  const told = moving.filter(({ mailboxId }) => (roles.get(mailboxId) === 'junk') !== isToJunk);
  if (told.length === 0) return;
  const copyIds = told.map(({ id }) => id);
  await enqueueOperation(tx, accountId, { kind: 'learn_junk', copyIds, isJunk: isToJunk });
}
