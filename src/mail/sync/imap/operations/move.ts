import type { ImapFlow } from 'imapflow';
import type { CopyLocation } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { copiedBefore } from './copied-before.ts';
import { expunge } from './expunge.ts';
import { stillThere } from './missing.ts';
import {
  bounded,
  type Kind,
  mailbox,
  type OperationParts,
  type PendingRow,
  pathOf,
  wasTried,
} from './parts.ts';
import { byPlace, type Placed, placesOf } from './place.ts';
import { selectGroup } from './select-group.ts';
import { settleArrivals } from './settle-arrivals.ts';

/**
 * Where an attempt whose answer was lost has copied mails to: on a server without MOVE, where they are copied and then
 * expunged, they are only to be expunged.
 */
async function copiedOnly(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  group: readonly Placed[],
  target: MailboxRow,
  claimed: readonly number[],
): Promise<Map<string, CopyLocation>> {
  if (client.capabilities.has('MOVE') || !wasTried(row)) return new Map();
  const ids = group.map(({ copyId }) => copyId);
  const copied = await copiedBefore(parts, client, ids, target, claimed);
  return new Map([...copied].map(([copyId, place]) => [copyId, { mailboxId: target.id, ...place }]));
}

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
  const placed = placesOf(operation.from);
  const sources = placed.map(({ place }) => place.mailboxId);
  return parts.locks.run([operation.toMailboxId, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const missing: string[] = [];
    const unplaced: string[] = [];
    const doubles: string[] = [];
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const path = await pathOf(parts, first.place);
      const claimed = [...arrived.values()].map(({ uid }) => uid);
      const copied = await copiedOnly(parts, client, row, group, target, claimed);
      for (const [copyId, place] of copied) arrived.set(copyId, place);
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
    return settleArrivals(parts, client, row, target, { arrived, unplaced, missing, doubles });
  });
}
