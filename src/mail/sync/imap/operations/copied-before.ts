import type { ImapFlow } from 'imapflow';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { departingUids } from '../../pending.ts';
import { firstUnseen } from '../../reading-edges.ts';
import { storedUids } from '../../stored-uids.ts';
import { fetchFacts } from '../fetch-copies.ts';
import { openMailbox } from '../open-mailbox.ts';
import { alikeMessages, knownCopies, likelyFacts } from './alike.ts';
import type { OperationParts } from './parts.ts';

type Target = Pick<MailboxRow, 'id' | 'remoteId' | 'cursor'>;

/**
 * Where copies lie in a mailbox into which a command has brought them, or may have, of which the server has not said
 * where it put them. A look has placed them since, or else they are among those that no look has seen. Selects the
 * mailbox.
 * @param claimed UIDs of the mailbox that are known for other copies
 */
export async function copiedBefore(
  parts: OperationParts,
  client: ImapFlow,
  copyIds: readonly string[],
  target: Target,
  claimed: readonly number[] = [],
): Promise<Map<string, { uid: number; uidValidity: number }>> {
  const found = new Map<string, { uid: number; uidValidity: number }>();
  const copies = await knownCopies(parts, copyIds);
  if (copies.length === 0) return found;
  const { db, accountId, commandTimeout } = parts;
  const selected = await openMailbox(client, target.remoteId, commandTimeout);
  const uidValidity = Number(selected.uidValidity);
  const isPlaced = (copy: { mailboxId: string; uid: number | null }) =>
    copy.mailboxId === target.id && copy.uid !== null;
  for (const { copyId, uid } of copies.filter(isPlaced)) {
    if (uid !== null) found.set(copyId, { uid, uidValidity });
  }
  const sought = copies.filter((copy) => !isPlaced(copy));
  if (sought.length === 0 || selected.exists === 0) return found;
  const from = target.cursor?.uidValidity === uidValidity ? firstUnseen(target.cursor) : 1;
  const listed = await fetchFacts(client, `${from}:*`, { uid: true }, commandTimeout);
  const facts = likelyFacts(
    sought,
    // `n:*` always names the last message, also one below n (RFC 9051 §6.4.8).
    listed.filter(({ uid }) => uid >= from),
  );
  const uids = facts.map(({ uid }) => uid);
  const taken = await storedUids(db, accountId, target.id, uidValidity, uids);
  for (const uid of await departingUids(db, accountId, target.id, uidValidity)) taken.add(uid);
  for (const uid of claimed) taken.add(uid);
  const unseen = facts.filter(({ uid }) => !taken.has(uid));
  for (const [copyId, uid] of await alikeMessages(parts, client, sought, unseen)) {
    found.set(copyId, { uid, uidValidity });
  }
  return found;
}
