import type { ImapFlow } from 'imapflow';
import { MailProblem } from '../../../problem.ts';
import { isWhole } from '../../reading-edges.ts';
import { aboutCopies } from './about.ts';
import { knownCopies } from './alike.ts';
import { copiedBefore } from './copied-before.ts';
import { findAwaited, isLookedAtSince, type Places } from './find-awaited.ts';
import { finish, mailbox, type OperationParts, type PendingRow, settle } from './parts.ts';
import { locate } from './place.ts';
import { unfiledCopies } from './unfiled-copies.ts';

/**
 * Where copies lie on the server now. Those of which nobody has said where they were put, or whose UIDs mean nothing
 * any more, are looked for where they should be.
 */
export async function findPlaces(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  copyIds: readonly string[],
): Promise<Places> {
  const { placed, awaited } = await locate(parts, copyIds);
  const { waiting, lost, ...found } = await findAwaited(parts, client, row, awaited);
  const unfiled = await unfiledCopies(parts, copyIds);
  placed.push(...found.placed);
  const known = new Set([...placed, ...awaited].map(({ copyId }) => copyId));
  const unplaced = (await knownCopies(parts, copyIds)).filter(
    ({ copyId }) => !known.has(copyId) && !unfiled.has(copyId),
  );
  for (const [mailboxId, copies] of Map.groupBy(unplaced, (copy) => copy.mailboxId)) {
    const home = await mailbox(parts, mailboxId);
    const isRead = home.cursor !== null && isWhole(home.cursor);
    const ids = copies.map(({ copyId }) => copyId);
    // Of a mailbox that is still being read, the message may be among the older ones.
    const before = await copiedBefore(parts, client, ids, isRead ? home : { ...home, cursor: null });
    for (const [copyId, place] of before.found) placed.push({ copyId, place: { mailboxId, ...place } });
    for (const { copyId, isOwn } of copies) {
      if (before.found.has(copyId)) continue;
      const mayCome = !isRead || (isOwn && !isLookedAtSince(row, home));
      (mayCome ? waiting : lost).push(copyId);
    }
  }
  return { placed, waiting, lost, doubles: [] };
}

/**
 * Ends an operation that has reached the copies that were placed: of the others it waits, or says that they are gone.
 * @throws MailProblem `not_here_yet`
 */
export async function settlePlaces(
  parts: OperationParts,
  row: PendingRow,
  { waiting, lost }: Places,
  write: Parameters<typeof finish>[2] = async () => undefined,
): Promise<number> {
  if (waiting.length > 0) throw new MailProblem('not_here_yet');
  if (lost.length === 0) return finish(parts, row, write);
  // The next look takes them out of the mailbox in which they are not.
  return settle(parts, row, new MailProblem('message_gone'), await aboutCopies(parts, lost, null), write);
}
