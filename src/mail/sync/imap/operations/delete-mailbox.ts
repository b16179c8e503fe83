import type { ImapFlow } from 'imapflow';
import { mailboxListLock } from '../../pending-mailboxes.ts';
import { bounded, finish, type Kind, type OperationParts, type PendingRow } from './parts.ts';

/** Deletes a mailbox on the server that is gone here already. One that is gone there too is no failure. */
export async function deleteMailbox(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  { remoteId }: Kind<'delete_mailbox'>,
) {
  return parts.locks.run([mailboxListLock], async () => {
    if (await exists(parts, client, remoteId)) {
      await bounded(parts, client, client.mailboxDelete(remoteId), 'DELETE');
      await bounded(parts, client, client.mailboxUnsubscribe(remoteId), 'UNSUBSCRIBE');
    }
    return finish(parts, row, async () => undefined);
  });
}

async function exists(parts: OperationParts, client: ImapFlow, remoteId: string): Promise<boolean> {
  const listed = await bounded(parts, client, client.list(), 'LIST');
  return listed.some(({ path }) => path === remoteId);
}
