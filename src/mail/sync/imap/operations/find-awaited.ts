import type { ImapFlow } from 'imapflow';
import { findMailbox, type MailboxRow } from '../../../mailboxes/reading.ts';
import { isWhole } from '../../reading-edges.ts';
import { openMailbox } from '../open-mailbox.ts';
import { awaitedCopy } from './alike.ts';
import { lookFor } from './look-for.ts';
import { type OperationParts, type PendingRow, pathOf } from './parts.ts';
import type { Awaited, Placed } from './place.ts';
import { unfiledCopies } from './unfiled-copies.ts';

/** Where copies lie on the server, as far as that can be told. */
export interface Places {
  placed: Placed[];
  /** The next look at their mailbox is to tell. */
  waiting: string[];
  /** Looks have not found them either. */
  lost: string[];
  /** Copies as which a look had stored some of these messages anew. */
  doubles: string[];
}

/** Milliseconds for which a look may end that had begun before the copy was in the mailbox. */
const longestLook = 60_000;

/** Whether a mailbox has been looked at, all of it, since an operation first waited for what others are to file there. */
export function isLookedAtSince(
  { problem }: Pick<PendingRow, 'problem'>,
  { cursor, lastSyncedAt }: Pick<MailboxRow, 'cursor' | 'lastSyncedAt'>,
): boolean {
  const since = problem === null ? Date.now() : Date.parse(problem.at);
  return cursor !== null && isWhole(cursor) && (lastSyncedAt?.getTime() ?? 0) > since + longestLook;
}

/**
 * Where copies lie that were on their way when something was asked for that is to be done with them: an earlier
 * operation has brought them there, and the server has not said as which UIDs.
 * @throws MailProblem `mailbox_gone`
 */
export async function findAwaited(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  awaited: readonly Awaited[],
): Promise<Places> {
  const places: Places = { placed: [], waiting: [], lost: [], doubles: [] };
  const unfiled = await unfiledCopies(
    parts,
    awaited.map(({ copyId }) => copyId),
  );
  const filed = awaited.filter(({ copyId }) => !unfiled.has(copyId));
  for (const [mailboxId, copies] of Map.groupBy(filed, ({ place }) => place.mailboxId)) {
    const [first] = copies;
    if (first === undefined) continue;
    await openMailbox(client, await pathOf(parts, first.place), parts.commandTimeout);
    const { found, doubles } = await lookFor(parts, client, copies.map(awaitedCopy), mailboxId, {
      from: 1,
      claimed: [],
      doublesSince: Math.min(...copies.map(({ place }) => place.state)),
    });
    for (const [copyId, place] of found) places.placed.push({ copyId, place: { mailboxId, ...place } });
    places.doubles.push(...doubles);
    const mailbox = await findMailbox(parts.db, parts.accountId, mailboxId);
    for (const { copyId, place } of copies) {
      if (found.has(copyId)) continue;
      // One that is deleted here is not looked at any more.
      const mayCome = place.isOwn && mailbox !== null && !isLookedAtSince(row, mailbox);
      (mayCome ? places.waiting : places.lost).push(copyId);
    }
  }
  return places;
}
