import type { ImapFlow } from 'imapflow';
import { flagOf } from '../keywords.ts';
import { accepted } from './accepted.ts';
import { findPlaces, settlePlaces } from './find-places.ts';
import { stillThere } from './missing.ts';
import { bounded, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';
import { byPlace, homesOf } from './place.ts';
import { selectGroup, unfound } from './select-group.ts';

/**
 * Sets and clears keywords of copies, wherever they lie by now. No look at their mailboxes is under way meanwhile: it
 * would take back here what it had read before.
 */
export async function store(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'store'>,
) {
  const homes = await homesOf(parts, operation.copyIds);
  return parts.locks.run(homes, () => storeLocked(parts, client, row, operation));
}

async function storeLocked(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'store'>,
) {
  const places = await findPlaces(parts, client, row, operation.copyIds);
  for (const group of byPlace(places.placed)) {
    const [first] = group;
    if (first === undefined) continue;
    const { remoteId } = await mailbox(parts, first.place.mailboxId);
    const selected = await selectGroup(parts, client, remoteId, group);
    places.lost.push(...unfound(group, selected.group));
    const there = await stillThere(parts, client, selected.group);
    places.lost.push(...unfound(selected.group, there));
    if (there.length === 0) continue;
    const uids = there.map(({ place }) => place.uid).join(',');
    const options = { uid: true, silent: true };
    const silence = { messages: there.length };
    if (operation.add.length > 0) {
      const adding = client.messageFlagsAdd(uids, operation.add.map(flagOf), options);
      accepted(client, await bounded(parts, client, adding, 'STORE', silence), 'STORE');
    }
    if (operation.remove.length > 0) {
      const removing = client.messageFlagsRemove(uids, operation.remove.map(flagOf), options);
      accepted(client, await bounded(parts, client, removing, 'STORE', silence), 'STORE');
    }
  }
  return settlePlaces(parts, row, places);
}
