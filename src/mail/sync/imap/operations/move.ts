import type { ImapFlow } from 'imapflow';
import type { Transaction } from '#db/client.ts';
import type { CopyLocation } from '#db/schema.ts';
import { MailProblem } from '../../../problem.ts';
import { aboutCopies } from './about.ts';
import { notArrived, stillThere } from './missing.ts';
import {
  bounded,
  finish,
  type Kind,
  mailbox,
  type OperationParts,
  type PendingRow,
  select,
  settle,
} from './parts.ts';
import { byPlace, placesOf } from './place.ts';
import { dropGone, settlePlace } from './settle-place.ts';

/** Moves copies (RFC 6851), and writes down where they are now (RFC 4315, COPYUID). */
export async function move(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'move'>,
) {
  const target = await mailbox(parts, operation.toMailboxId);
  const placed = placesOf(operation.from);
  const sources = placed.map(({ place }) => place.mailboxId);
  return parts.locks.run([operation.toMailboxId, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const missing: string[] = [];
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const { remoteId } = await mailbox(parts, first.place.mailboxId);
      if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
      const there = await stillThere(parts, client, group);
      missing.push(...group.filter((copy) => !there.includes(copy)).map(({ copyId }) => copyId));
      if (there.length === 0) continue;
      const uids = there.map(({ place }) => place.uid).join(',');
      const moved = await bounded(
        parts,
        client,
        client.messageMove(uids, target.remoteId, { uid: true }),
        'MOVE',
      );
      if (moved === false) throw new MailProblem('move_refused', target.name);
      // Without UIDPLUS nobody says where they are: the next look at the mailbox finds them.
      if (moved?.uidMap === undefined || moved.uidValidity === undefined) continue;
      for (const { copyId, place } of there) {
        const uid = moved.uidMap.get(place.uid);
        if (uid === undefined) missing.push(copyId);
        else arrived.set(copyId, { mailboxId: target.id, uidValidity: Number(moved.uidValidity), uid });
      }
    }
    const gone = await notArrived(parts, client, missing, target);
    const write = async (tx: Transaction, state: number) => {
      for (const [copyId, place] of arrived)
        await settlePlace(tx, parts.accountId, row.sequence, copyId, place, state);
      await dropGone(tx, parts.accountId, gone, state);
    };
    if (gone.length === 0) return finish(parts, row, write);
    const about = await aboutCopies(parts, gone, target.name);
    return settle(parts, row, new MailProblem('message_gone'), about, write);
  });
}
