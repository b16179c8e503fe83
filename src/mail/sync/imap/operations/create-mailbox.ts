import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxes } from '#db/schema.ts';
import { inNamespace } from '../../../imap/namespaces.ts';
import { MailProblem } from '../../../problem.ts';
import { mailboxListLock } from '../../pending-mailboxes.ts';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';

/** Makes a mailbox on the server that is here already. */
export async function createMailbox(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'create_mailbox'>,
) {
  return parts.locks.run([mailboxListLock, operation.mailboxId], async () => {
    const { name, remoteId } = await mailbox(parts, operation.mailboxId);
    const path = inNamespace(client, remoteId);
    if (path !== remoteId && (await isKnown(parts, path))) throw new MailProblem('mailbox_exists', name);
    const made = await bounded(parts, client, client.mailboxCreate(path), 'CREATE');
    return finish(parts, row, async (tx, state) => {
      // The server's namespace may have put a prefix before it; renamed meanwhile, the name is the rename's affair.
      await tx
        .update(mailboxes)
        .set({ remoteId: made.path, state })
        .where(
          and(
            eq(mailboxes.accountId, parts.accountId),
            eq(mailboxes.id, operation.mailboxId),
            eq(mailboxes.remoteId, remoteId),
          ),
        );
    });
  });
}

async function isKnown({ db, accountId }: OperationParts, remoteId: string): Promise<boolean> {
  const found = await db
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.remoteId, remoteId)));
  return found.length > 0;
}
