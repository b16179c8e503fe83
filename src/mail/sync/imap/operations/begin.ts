import type { ImapFlow } from 'imapflow';
import { type BegunFrom, pendingOperations } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { copiedBefore } from './copied-before.ts';
import type { Found } from './look-for.ts';
import { bounded, isIt, type OperationParts, type PendingRow } from './parts.ts';

/**
 * Writes down where the target stands before the first command that brings messages there: this process may end, or
 * the connection, before it hears what became of it, and then nothing is to be brought twice.
 */
export async function begin(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  target: MailboxRow,
): Promise<BegunFrom> {
  if (row.begunFrom !== null) return row.begunFrom;
  const asking = client.status(target.remoteId, { uidNext: true, uidValidity: true });
  const status = await bounded(parts, client, asking, 'STATUS');
  if (status === false || status.uidNext === undefined || status.uidValidity === undefined)
    throw new MailProblem('operation_refused', target.name);
  const begunFrom = { uidValidity: Number(status.uidValidity), uid: status.uidNext };
  await parts.db.update(pendingOperations).set({ begunFrom }).where(isIt(parts, row));
  return begunFrom;
}

/** Where an earlier attempt has brought copies to in the target. Selects the target where there was one. */
export async function broughtBefore(
  parts: OperationParts,
  client: ImapFlow,
  { begunFrom }: PendingRow,
  copyIds: readonly string[],
  target: MailboxRow,
  claimed: readonly number[] = [],
): Promise<Found> {
  if (begunFrom === null) return { found: new Map(), doubles: [] };
  return copiedBefore(parts, client, copyIds, target, { claimed, begunFrom });
}
