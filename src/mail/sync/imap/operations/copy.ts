import type { ImapFlow } from 'imapflow';
import type { Transaction } from '#db/client.ts';
import type { CopyLocation } from '#db/schema.ts';
import { MailProblem } from '../../../problem.ts';
import { aboutCopies } from './about.ts';
import { copiedBefore } from './copied-before.ts';
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
import { byPlace, locate } from './place.ts';
import { dropGone, settlePlace } from './settle-place.ts';

/** Copies messages to another mailbox, and writes down where the new ones are (RFC 4315, COPYUID). */
export async function copy(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'copy'>,
) {
  const target = await mailbox(parts, operation.toMailboxId);
  const madeOf = Map.groupBy(operation.copyIds, (copyId) => operation.sources[copyId]);
  const placed = await locate(parts, Object.values(operation.sources));
  const sources = placed.map(({ place }) => place.mailboxId);
  return parts.locks.run([target.id, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const missing = new Set(operation.copyIds);
    // An earlier attempt whose answer was lost may have copied already: what it left is not copied again.
    const before =
      row.attempts > 0 ? await copiedBefore(parts, client, operation.copyIds, target) : new Map();
    for (const [copyId, place] of before) {
      arrived.set(copyId, { mailboxId: target.id, ...place });
      missing.delete(copyId);
    }
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const { remoteId } = await mailbox(parts, first.place.mailboxId);
      if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
      const wanted = group.filter(({ copyId }) => madeOf.get(copyId)?.some((made) => missing.has(made)));
      if (wanted.length === 0) continue;
      const there = await stillThere(parts, client, wanted);
      if (there.length === 0) continue;
      const uids = there.map(({ place }) => place.uid).join(',');
      const options = { uid: true };
      const copied = await bounded(parts, client, client.messageCopy(uids, target.remoteId, options), 'COPY');
      if (copied === false) throw new MailProblem('copy_refused', target.name);
      for (const { copyId, place } of there) {
        const uid = copied?.uidMap?.get(place.uid);
        for (const made of madeOf.get(copyId) ?? []) {
          // Without UIDPLUS nobody says what was copied: the next look at the mailbox finds it.
          if (uid !== undefined || copied?.uidMap === undefined) missing.delete(made);
          if (uid === undefined || copied?.uidValidity === undefined) continue;
          arrived.set(made, { mailboxId: target.id, uidValidity: Number(copied.uidValidity), uid });
        }
      }
    }
    const lost = await notArrived(parts, client, [...missing], target);
    const write = async (tx: Transaction, state: number) => {
      for (const [copyId, place] of arrived)
        await settlePlace(tx, parts.accountId, row.sequence, copyId, place, state);
      await dropGone(tx, parts.accountId, lost, state);
    };
    if (lost.length === 0) return finish(parts, row, write);
    const about = await aboutCopies(parts, lost, target.name);
    return settle(parts, row, new MailProblem('message_gone'), about, write);
  });
}
