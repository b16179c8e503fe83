import type { ImapFlow } from 'imapflow';
import type { CopyLocation } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { begin, broughtBefore } from './begin.ts';
import { expunge } from './expunge.ts';
import { findAwaited } from './find-awaited.ts';
import { stillThere } from './missing.ts';
import { bounded, type Kind, mailbox, type OperationParts, type PendingRow, pathOf } from './parts.ts';
import { byPlace, type Placed, placesOf } from './place.ts';
import { selectGroup } from './select-group.ts';
import { settleArrivals } from './settle-arrivals.ts';

function uidsOf(group: readonly Placed[]): string {
  return group.map(({ place }) => place.uid).join(',');
}

/** Moves messages of the selected mailbox; without MOVE they are copied and then expunged. */
async function moveSelected(
  parts: OperationParts,
  client: ImapFlow,
  uids: string,
  messages: number,
  { remoteId, name }: MailboxRow,
) {
  const isOneCommand = client.capabilities.has('MOVE');
  const options = { uid: true };
  const moving = isOneCommand
    ? client.messageMove(uids, remoteId, options)
    : client.messageCopy(uids, remoteId, options);
  const moved = await bounded(parts, client, moving, isOneCommand ? 'MOVE' : 'COPY', { messages });
  if (moved === false) throw new MailProblem('move_refused', name);
  if (!isOneCommand) await expunge(parts, client, uids, messages);
  return moved;
}

/** Moves copies (RFC 6851), and writes down where they are now (RFC 4315, COPYUID). */
export async function move(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'move'>,
) {
  const target = await mailbox(parts, operation.toMailboxId);
  const { placed, awaited } = placesOf(operation.from);
  const sources = [...placed, ...awaited].map(({ place }) => place.mailboxId);
  return parts.locks.run([operation.toMailboxId, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const unplaced: string[] = [];
    const { waiting, lost, doubles, ...found } = await findAwaited(parts, client, row, awaited);
    if (waiting.length > 0) throw new MailProblem('not_here_yet');
    const missing = [...lost];
    // Where they are copied and then expunged, those that an earlier attempt has copied are only to be expunged.
    const isTwoCommands = !client.capabilities.has('MOVE');
    const begunFrom = isTwoCommands ? await begin(parts, client, row, target) : null;
    for (const group of byPlace([...placed, ...found.placed])) {
      const [first] = group;
      if (first === undefined) continue;
      const path = await pathOf(parts, first.place);
      const ids = group.map(({ copyId }) => copyId);
      const claimed = [...arrived.values()].map(({ uid }) => uid);
      const before = await broughtBefore(parts, client, row, ids, target, claimed);
      const copied = before.found;
      for (const [copyId, place] of copied) arrived.set(copyId, { mailboxId: target.id, ...place });
      doubles.push(...before.doubles);
      const selected = await selectGroup(parts, client, path, group);
      doubles.push(...selected.doubles);
      const done = selected.group.filter(({ copyId }) => copied.has(copyId));
      if (done.length > 0) await expunge(parts, client, uidsOf(done), done.length);
      const rest = selected.group.filter(({ copyId }) => !copied.has(copyId));
      const there = await stillThere(parts, client, rest);
      const known = new Set([...there.map(({ copyId }) => copyId), ...copied.keys()]);
      missing.push(...group.flatMap(({ copyId }) => (known.has(copyId) ? [] : [copyId])));
      if (there.length === 0) continue;
      const moved = await moveSelected(parts, client, uidsOf(there), there.length, target);
      if (moved?.uidMap === undefined || moved.uidValidity === undefined) {
        unplaced.push(...there.map(({ copyId }) => copyId));
        continue;
      }
      for (const { copyId, place } of there) {
        const uid = moved.uidMap.get(place.uid);
        if (uid === undefined) missing.push(copyId);
        else arrived.set(copyId, { mailboxId: target.id, uidValidity: Number(moved.uidValidity), uid });
      }
    }
    return settleArrivals(parts, client, row, target, {
      arrived,
      unplaced,
      missing,
      doubles,
      begunFrom,
    });
  });
}
