import type { ImapFlow } from 'imapflow';
import type { Transaction } from '#db/client.ts';
import type { BegunFrom, CopyLocation } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { aboutCopies } from './about.ts';
import { copiedBefore } from './copied-before.ts';
import { notArrived } from './missing.ts';
import { finish, type OperationParts, type PendingRow, settle } from './parts.ts';
import { departGone, dropDoubles, settlePlace } from './settle-place.ts';

/** What became of the copies that an operation was to bring into a mailbox. */
export interface Arrivals {
  /** Where the server said that it put them, by their ids. */
  arrived: ReadonlyMap<string, CopyLocation>;
  /** They were brought, but a server without UIDPLUS (RFC 4315) does not say where it put them. */
  unplaced: readonly string[];
  /** They were not where they should have come from. */
  missing: readonly string[];
  /** Copies as which looks had stored these messages anew. */
  doubles: readonly string[];
  /** Where the target stood before the first attempt, if that was written down. */
  begunFrom: BegunFrom | null;
}

/**
 * Ends an operation that has brought copies into a mailbox: writes where they are now, and says of which the message was
 * gone at the server.
 */
export async function settleArrivals(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  target: MailboxRow,
  { arrived, unplaced, missing, doubles, begunFrom }: Arrivals,
): Promise<number> {
  const { accountId } = parts;
  const claimed = [...arrived.values()].map(({ uid }) => uid);
  // Looked for at once: what a person has done to them since needs their place.
  const sought = [...unplaced, ...missing];
  const { found, ...before } = await copiedBefore(parts, client, sought, target, { claimed, begunFrom });
  const lacking = missing.filter((copyId) => !found.has(copyId));
  const gone = await notArrived(parts, client, lacking, target);
  const write = async (tx: Transaction, state: number) => {
    const places = new Map(arrived);
    for (const [copyId, place] of found) places.set(copyId, { mailboxId: target.id, ...place });
    for (const [copyId, place] of places)
      await settlePlace(tx, accountId, row.sequence, copyId, place, state);
    await dropDoubles(tx, accountId, [...doubles, ...before.doubles], state);
    await departGone(tx, accountId, gone, state);
  };
  if (gone.length === 0) return finish(parts, row, write);
  const about = await aboutCopies(parts, gone, target.name);
  return settle(parts, row, new MailProblem('message_gone'), about, write);
}
