import type { ImapFlow } from 'imapflow';
import { MailProblem } from '../../../problem.ts';
import { finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';
import { setSubscription } from './subscription.ts';

/** Subscribes to a mailbox, or no longer: other programs show or hide it by that. */
export async function subscribe(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'subscribe'>,
) {
  const { remoteId } = await mailbox(parts, operation.mailboxId);
  if (!(await setSubscription(parts, client, remoteId, operation.isSubscribed)))
    throw new MailProblem('operation_refused', operation.isSubscribed ? 'SUBSCRIBE' : 'UNSUBSCRIBE');
  return finish(parts, row, async () => undefined);
}
