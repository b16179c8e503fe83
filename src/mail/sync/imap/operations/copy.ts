import type { ImapFlow } from 'imapflow';
import type { CopyLocation } from '#db/schema.ts';
import { MailProblem } from '../../../problem.ts';
import { begin, broughtBefore } from './begin.ts';
import { findPlaces } from './find-places.ts';
import { stillThere } from './missing.ts';
import { bounded, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';
import { byPlace } from './place.ts';
import { selectGroup } from './select-group.ts';
import { settleArrivals } from './settle-arrivals.ts';

/** Copies messages to another mailbox, and writes down where the new ones are (RFC 4315, COPYUID). */
export async function copy(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'copy'>,
) {
  const target = await mailbox(parts, operation.toMailboxId);
  const madeOf = Map.groupBy(operation.copyIds, (copyId) => operation.sources[copyId]);
  const { placed, waiting } = await findPlaces(parts, client, row, Object.values(operation.sources));
  if (waiting.length > 0) throw new MailProblem('not_here_yet');
  const sources = placed.map(({ place }) => place.mailboxId);
  return parts.locks.run([target.id, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const missing = new Set(operation.copyIds);
    const unplaced: string[] = [];
    // An earlier attempt whose answer was lost may have copied already: what it left is not copied again.
    const before = await broughtBefore(parts, client, row, operation.copyIds, target);
    for (const [copyId, place] of before.found) {
      arrived.set(copyId, { mailboxId: target.id, ...place });
      missing.delete(copyId);
    }
    const begunFrom = await begin(parts, client, row, target);
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const { remoteId } = await mailbox(parts, first.place.mailboxId);
      const selected = await selectGroup(parts, client, remoteId, group);
      const wanted = selected.group.filter(({ copyId }) =>
        madeOf.get(copyId)?.some((made) => missing.has(made)),
      );
      if (wanted.length === 0) continue;
      const there = await stillThere(parts, client, wanted);
      if (there.length === 0) continue;
      const uids = there.map(({ place }) => place.uid).join(',');
      const options = { uid: true };
      const copying = client.messageCopy(uids, target.remoteId, options);
      const copied = await bounded(parts, client, copying, 'COPY', { messages: there.length });
      if (copied === false) throw new MailProblem('copy_refused', target.name);
      for (const { copyId, place } of there) {
        const uid = copied?.uidMap?.get(place.uid);
        for (const made of madeOf.get(copyId) ?? []) {
          if (uid !== undefined || copied?.uidMap === undefined) missing.delete(made);
          if (copied?.uidMap === undefined) unplaced.push(made);
          if (uid === undefined || copied?.uidValidity === undefined) continue;
          arrived.set(made, { mailboxId: target.id, uidValidity: Number(copied.uidValidity), uid });
        }
      }
    }
    return settleArrivals(parts, client, row, target, {
      arrived,
      unplaced,
      missing: [...missing],
      doubles: before.doubles,
      begunFrom,
    });
  });
}
