import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxes } from '#db/schema.ts';
import { isWithin } from '../../../mailboxes/names.ts';
import { mailboxListLock } from '../../pending-mailboxes.ts';
import { openMailbox } from '../open-mailbox.ts';
import { listedNames } from './listed-names.ts';
import { bounded, finish, type Kind, type OperationParts, type PendingRow, wasTried } from './parts.ts';
import { setSubscription } from './subscription.ts';

/** Whether an attempt whose answer was lost has renamed it. */
async function isRenamed(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  { from, to }: Kind<'rename_mailbox'>,
): Promise<boolean> {
  if (!wasTried(row)) return false;
  const names = await listedNames(parts, client);
  return names.has(to) && !names.has(from);
}

async function rename(
  parts: OperationParts,
  client: ImapFlow,
  { from, to }: Kind<'rename_mailbox'>,
): Promise<void> {
  // The library closes it first where it is selected: of one that is selected to be read, CLOSE expunges nothing.
  const isSelected = client.mailbox !== false && client.mailbox.path === from;
  if (isSelected) await openMailbox(client, from, parts.commandTimeout);
  await bounded(parts, client, client.mailboxRename(from, to), 'RENAME');
}

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
    if (!(await isRenamed(parts, client, row, operation))) await rename(parts, client, operation);
    // RFC 9051 leaves the subscription with the old name on many servers.
    for (const { remoteId } of wasSubscribed) {
      const old = from + remoteId.slice(to.length);
      await setSubscription(parts, client, remoteId, true);
      await setSubscription(parts, client, old, false);
    }
    return finish(parts, row, async (tx, state) => {
      await tx
        .update(mailboxes)
        .set({ state })
        .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, operation.mailboxId)));
    });
  });
}
