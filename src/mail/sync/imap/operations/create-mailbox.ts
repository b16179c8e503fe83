import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxes } from '#db/schema.ts';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';

/** Makes a mailbox on the server that an action needed here. */
export async function createMailbox(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'create_mailbox'>,
) {
  const { remoteId } = await mailbox(parts, operation.mailboxId);
  const made = await bounded(parts, client, client.mailboxCreate(remoteId), 'CREATE');
  return finish(parts, row, async (tx, state) => {
    await tx
      .update(mailboxes)
      .set({ remoteId: made.path, state })
      .where(and(eq(mailboxes.accountId, parts.accountId), eq(mailboxes.id, operation.mailboxId)));
  });
}
