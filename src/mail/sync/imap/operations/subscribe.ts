import type { ImapFlow } from 'imapflow';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';

/** Subscribes to a mailbox, or no longer: other programs show or hide it by that. */
export async function subscribe(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'subscribe'>,
) {
  const { remoteId } = await mailbox(parts, operation.mailboxId);
  const work = operation.isSubscribed
    ? client.mailboxSubscribe(remoteId)
    : client.mailboxUnsubscribe(remoteId);
  await bounded(parts, client, work, 'SUBSCRIBE');
  return finish(parts, row, async () => undefined);
}
