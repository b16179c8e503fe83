import type { ImapFlow } from 'imapflow';
import type { Transaction } from '#db/client.ts';
import type { CopyLocation } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { aboutCopies } from './about.ts';
import { notArrived } from './missing.ts';
import { finish, type OperationParts, type PendingRow, settle } from './parts.ts';
import { dropGone, settlePlace } from './settle-place.ts';

/**
 * Ends an operation that has brought copies into a mailbox: writes where they are now, and says of which the message was
 * gone at the server.
 * @param missing copies that were not where they should have come from
 */
export async function settleArrivals(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  target: MailboxRow,
  arrived: ReadonlyMap<string, CopyLocation>,
  missing: readonly string[],
): Promise<number> {
  const { accountId } = parts;
  const gone = await notArrived(parts, client, missing, target);
  const write = async (tx: Transaction, state: number) => {
    for (const [copyId, place] of arrived)
      await settlePlace(tx, accountId, row.sequence, copyId, place, state);
    await dropGone(tx, accountId, gone, state);
  };
  if (gone.length === 0) return finish(parts, row, write);
  const about = await aboutCopies(parts, gone, target.name);
  return settle(parts, row, new MailProblem('message_gone'), about, write);
}
