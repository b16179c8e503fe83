import type { ImapFlow } from 'imapflow';
import type { BegunFrom } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { firstUnseen } from '../../reading-edges.ts';
import { openMailbox } from '../open-mailbox.ts';
import { knownCopies } from './alike.ts';
import { type Found, lookFor } from './look-for.ts';
import type { OperationParts } from './parts.ts';

type Target = Pick<MailboxRow, 'id' | 'remoteId' | 'cursor'>;

interface Knowledge {
  /** UIDs of the mailbox that are known for other copies. */
  claimed?: readonly number[];
  /** Where the mailbox stood before the first attempt: looks may have stored anew since what it brought. */
  begunFrom?: BegunFrom | null;
}

/**
 * Where copies lie in a mailbox into which a command has brought them, or may have, of which the server has not said
 * where it put them. A look has placed them since, or else they are among those that came after the first attempt or
 * that no look has seen. Selects the mailbox.
 */
export async function copiedBefore(
  parts: OperationParts,
  client: ImapFlow,
  copyIds: readonly string[],
  target: Target,
  { claimed = [], begunFrom = null }: Knowledge = {},
): Promise<Found> {
  const copies = await knownCopies(parts, copyIds);
  if (copies.length === 0) return { found: new Map(), doubles: [] };
  const selected = await openMailbox(client, target.remoteId, parts.commandTimeout);
  const uidValidity = Number(selected.uidValidity);
  const isPlaced = (copy: { mailboxId: string; uid: number | null }) =>
    copy.mailboxId === target.id && copy.uid !== null;
  const placed = copies.flatMap((copy): [string, { uid: number; uidValidity: number }][] =>
    isPlaced(copy) && copy.uid !== null ? [[copy.copyId, { uid: copy.uid, uidValidity }]] : [],
  );
  const sought = copies.filter((copy) => !isPlaced(copy));
  const isSame = begunFrom?.uidValidity === uidValidity;
  const unseen = target.cursor?.uidValidity === uidValidity ? firstUnseen(target.cursor) : 1;
  const looked = await lookFor(parts, client, sought, target.id, {
    from: isSame ? begunFrom.uid : unseen,
    claimed,
    // A copy of such a UID came here after the first attempt.
    doublesSince: isSame ? 0 : null,
  });
  return { ...looked, found: new Map([...placed, ...looked.found]) };
}
