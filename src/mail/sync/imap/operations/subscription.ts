import type { ImapFlow } from 'imapflow';
import { MailProblem } from '../../../problem.ts';
import { bounded, type OperationParts } from './parts.ts';

/**
 * Subscribes to a mailbox on the server, or no longer. Done twice it is the same as once.
 * @returns whether the server took it
 * @throws MailProblem `unreachable` on a lost connection, of which the library says `false` too
 */
export async function setSubscription(
  parts: OperationParts,
  client: ImapFlow,
  remoteId: string,
  isSubscribed: boolean,
): Promise<boolean> {
  const command = isSubscribed ? 'SUBSCRIBE' : 'UNSUBSCRIBE';
  const work = isSubscribed ? client.mailboxSubscribe(remoteId) : client.mailboxUnsubscribe(remoteId);
  const isTaken = await bounded(parts, client, work, command);
  if (!client.usable) throw new MailProblem('unreachable', command);
  return isTaken === true;
}
