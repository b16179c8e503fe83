import type { ImapFlow } from 'imapflow';
import { mailboxListLock } from '../../pending-mailboxes.ts';
import { listedNames } from './listed-names.ts';
import { bounded, finish, type Kind, type OperationParts, type PendingRow } from './parts.ts';
import { setSubscription } from './subscription.ts';

/** Deletes a mailbox on the server that is gone here already. One that is gone there too is no failure. */
export async function deleteMailbox(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  { remoteId }: Kind<'delete_mailbox'>,
) {
  return parts.locks.run([mailboxListLock], async () => {
    if ((await listedNames(parts, client)).has(remoteId))
      await bounded(parts, client, client.mailboxDelete(remoteId), 'DELETE');
    // Also where an attempt whose answer was lost has deleted it: the subscription outlives the mailbox.
    await setSubscription(parts, client, remoteId, false);
    return finish(parts, row, async () => undefined);
  });
}
