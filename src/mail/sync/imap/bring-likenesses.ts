import type { ImapFlow } from 'imapflow';
import type { Likeness } from '../recognise.ts';
import { FetchStalled } from './fetch-copies.ts';
import { fetchLikenesses } from './fetch-likenesses.ts';
import { messageFault } from './message-fault.ts';
import { type Loss, lossSince, type Suspects, suspectsOf } from './suspects.ts';
import { ConnectionLost, type SyncParts } from './sync-parts.ts';

/**
 * What the headers of messages of the selected mailbox say. One that the server does not give is left out: it is not
 * recognised then, and its content is asked for.
 * @throws ConnectionLost when the answer fell silent, and what it was when the connection was lost: the next try asks
 *   for less at a time
 */
export async function bringLikenesses(
  { memory, limits }: SyncParts,
  client: ImapFlow,
  mailboxId: string,
  uids: readonly number[],
): Promise<Map<number, Likeness>> {
  const suspects = suspectsOf(memory, mailboxId, 'header');
  const found = new Map<number, Likeness>();
  const groups = groupsOf(uids, suspects);
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    const { received } = client.stats();
    try {
      const likenesses = await fetchLikenesses(client, group, limits.commandTimeout);
      for (const [uid, likeness] of likenesses) found.set(uid, likeness);
    } catch (error) {
      if (error instanceof FetchStalled) {
        giveUp(group, suspectsOf(memory, mailboxId, 'content'));
        throw new ConnectionLost();
      }
      const fault = messageFault(client, error);
      if (fault === 'refused' && group.length > 1) groups.unshift(...group.map((uid) => [uid]));
      if (fault === 'refused') continue;
      if (fault === 'lost' && isProved(group, suspects, lossSince(client, received)))
        giveUp(group, suspectsOf(memory, mailboxId, 'content'));
      throw error;
    }
  }
  return found;
}

/** Suspected ones come alone, and last. */
function groupsOf(uids: readonly number[], suspects: Suspects): number[][] {
  const clear = uids.filter((uid) => !suspects.has(uid));
  const alone = uids.filter((uid) => suspects.has(uid)).map((uid) => [uid]);
  return clear.length === 0 ? alone : [clear, ...alone];
}

/** Whether it is proved that one of them costs connections; else each is to be asked for alone. */
function isProved(uids: readonly number[], suspects: Suspects, loss: Loss): boolean {
  const [uid] = uids;
  if (uids.length === 1 && uid !== undefined && suspects.has(uid)) return suspects.accuse(uid, loss);
  for (const each of uids) suspects.add(each);
  return false;
}

/** Suspected contents are asked for without looking for a likeness before. */
function giveUp(uids: readonly number[], contents: Suspects): void {
  for (const uid of uids) contents.add(uid);
}
