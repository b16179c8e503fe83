import type { ImapFlow } from 'imapflow';
import { openMailbox } from '../open-mailbox.ts';
import { accepted } from './accepted.ts';
import { knownCopies } from './alike.ts';
import { bounded, type OperationParts } from './parts.ts';
import type { Placed } from './place.ts';

/** UIDs of the selected mailbox that a query finds. @throws MailProblem `unreachable`, `operation_refused` */
export async function search(
  parts: OperationParts,
  client: ImapFlow,
  query: Parameters<ImapFlow['search']>[0],
): Promise<number[]> {
  const answer = await bounded(parts, client, client.search(query, { uid: true }), 'SEARCH');
  return accepted(client, answer ?? false, 'SEARCH');
}

/** Those of the group whose UIDs the selected mailbox still has: a command on others is answered OK and does nothing. */
export async function stillThere(
  parts: OperationParts,
  client: ImapFlow,
  group: readonly Placed[],
): Promise<Placed[]> {
  if (group.length === 0) return [];
  const uids = new Set(await search(parts, client, { uid: group.map(({ place }) => place.uid).join(',') }));
  return group.filter(({ place }) => uids.has(place.uid));
}

/**
 * Copies that were not in the source any more and not found in the target either, without those that the target has by
 * their Message-ID: there a server may give them another date, and the next look places them. Selects the target.
 */
export async function notArrived(
  parts: OperationParts,
  client: ImapFlow,
  copyIds: readonly string[],
  target: { remoteId: string },
): Promise<string[]> {
  if (copyIds.length === 0) return [];
  const known = await knownCopies(parts, copyIds);
  const messageIds = new Map(known.map(({ copyId, messageId }) => [copyId, messageId]));
  await openMailbox(client, target.remoteId, parts.commandTimeout);
  const missing: string[] = [];
  for (const copyId of copyIds) {
    const messageId = messageIds.get(copyId) ?? null;
    const found =
      messageId === null ? [] : await search(parts, client, { header: { 'message-id': `<${messageId}>` } });
    if (found.length === 0) missing.push(copyId);
  }
  return missing;
}
