import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxes } from '#db/schema.ts';
import { isWithin } from '../../../mailboxes/names.ts';
import { mailboxListLock } from '../../pending-mailboxes.ts';
import { bounded, finish, type Kind, type OperationParts, type PendingRow } from './parts.ts';

/** Renames a mailbox on the server, which takes along what lies in it (RFC 9051 §6.3.6). */
export async function renameMailbox(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'rename_mailbox'>,
) {
  const { db, accountId, locks } = parts;
  const rows = await db.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
  const { from, to, delimiter } = operation;
  const carried = rows.filter(
    ({ id, remoteId }) => id === operation.mailboxId || isWithin(remoteId, to, delimiter),
  );
  const wasSubscribed = carried.filter(({ isSubscribed }) => isSubscribed);
  return locks.run([mailboxListLock, ...carried.map(({ id }) => id)], async () => {
    await bounded(parts, client, client.mailboxRename(from, to), 'RENAME');
    // RFC 9051 leaves the subscription with the old name on many servers.
    for (const { remoteId } of wasSubscribed) {
      const old = from + remoteId.slice(to.length);
      await bounded(parts, client, client.mailboxSubscribe(remoteId), 'SUBSCRIBE');
      await bounded(parts, client, client.mailboxUnsubscribe(old), 'UNSUBSCRIBE');
    }
    return finish(parts, row, async (tx, state) => {
      await tx
        .update(mailboxes)
        .set({ state })
        .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, operation.mailboxId)));
    });
  });
}
