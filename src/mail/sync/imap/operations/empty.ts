import type { ImapFlow } from 'imapflow';
import { expunge } from './expunge.ts';
import { finish, type Kind, mailbox, type OperationParts, type PendingRow, select } from './parts.ts';
import { settleRenumbered } from './settle-renumbered.ts';

/** Expunges what lay in a mailbox when it was emptied, the older mail that has not come here yet among it. */
export async function empty(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'empty'>,
) {
  const { id, remoteId } = await mailbox(parts, operation.mailboxId);
  return parts.locks.run([id], async () => {
    if (operation.belowUid > 1) {
      if (!(await select(parts, client, remoteId, operation.uidValidity)))
        return settleRenumbered(parts, row, [remoteId]);
      const messages = client.mailbox === false ? 0 : client.mailbox.exists;
      await expunge(parts, client, `1:${operation.belowUid - 1}`, messages);
    }
    return finish(parts, row, async () => undefined);
  });
}
