import type { ImapFlow } from 'imapflow';
import type { Transaction } from '#db/client.ts';
import type { CopyLocation } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { aboutCopies } from './about.ts';
import { accepted } from './accepted.ts';
import { copiedBefore } from './copied-before.ts';
import { notArrived, stillThere } from './missing.ts';
import {
  bounded,
  finish,
  type Kind,
  mailbox,
  type OperationParts,
  type PendingRow,
  pathOf,
  select,
  settle,
} from './parts.ts';
import { byPlace, type Placed, placesOf } from './place.ts';
import { dropGone, settlePlace } from './settle-place.ts';

/**
 * On a server without MOVE the library copies and then expunges: what an attempt whose answer was lost has copied is
 * only expunged. @returns where those copies are
 */
async function finishCopied(
  parts: OperationParts,
  client: ImapFlow,
  group: readonly Placed[],
  path: string,
  target: MailboxRow,
): Promise<Map<string, CopyLocation>> {
  if (client.capabilities.has('MOVE')) return new Map();
  const ids = group.map(({ copyId }) => copyId);
  const copied = await copiedBefore(parts, client, ids, target);
  const done = group.filter(({ copyId }) => copied.has(copyId));
  const [first] = done;
  if (first === undefined || !(await select(parts, client, path, first.place.uidValidity))) return new Map();
  const uids = done.map(({ place }) => place.uid).join(',');
  accepted(
    client,
    await bounded(parts, client, client.messageDelete(uids, { uid: true }), 'EXPUNGE'),
    'EXPUNGE',
  );
  return new Map([...copied].map(([copyId, place]) => [copyId, { mailboxId: target.id, ...place }]));
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
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const path = await pathOf(parts, first.place);
      const copied = row.attempts > 0 ? await finishCopied(parts, client, group, path, target) : new Map();
      for (const [copyId, place] of copied) arrived.set(copyId, place);
      if (!(await select(parts, client, path, first.place.uidValidity))) continue;
      const rest = group.filter(({ copyId }) => !copied.has(copyId));
      const there = await stillThere(parts, client, rest);
      missing.push(...rest.filter((copy) => !there.includes(copy)).map(({ copyId }) => copyId));
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
