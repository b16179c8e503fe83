import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxes } from '#db/schema.ts';
import { inNamespace } from '../../../imap/namespaces.ts';
import { MailProblem } from '../../../problem.ts';
import { mailboxListLock } from '../../pending-mailboxes.ts';
import { listedNames } from './listed-names.ts';
import {
  bounded,
  finish,
  type Kind,
  mailbox,
  type OperationParts,
  type PendingRow,
  wasTried,
} from './parts.ts';
import { setSubscription } from './subscription.ts';

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
    const made = await make(parts, client, row, path);
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

/** Makes it, unless an attempt whose answer was lost has made it. */
async function make(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  path: string,
): Promise<{ path: string }> {
  if (!wasTried(row) || !(await listedNames(parts, client)).has(path)) {
    const made = await bounded(parts, client, client.mailboxCreate(path), 'CREATE');
    if (made.created && client.usable) return made;
  }
  // The library subscribes only to what it has made, and says nothing where the connection was lost with that.
  await setSubscription(parts, client, path, true);
  return { path };
}

async function isKnown({ db, accountId }: OperationParts, remoteId: string): Promise<boolean> {
  const found = await db
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.remoteId, remoteId)));
  return found.length > 0;
}
