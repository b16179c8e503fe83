import type { ImapFlow } from 'imapflow';
import { flagOf } from '../keywords.ts';
import { accepted } from './accepted.ts';
import { findPlaces, settlePlaces } from './find-places.ts';
import { bounded, type Kind, mailbox, type OperationParts, type PendingRow, select } from './parts.ts';
import { byPlace } from './place.ts';

/** Sets and clears keywords of copies, wherever they lie by now. */
export async function store(
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
    const uids = group.map(({ place }) => place.uid).join(',');
    if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
    const options = { uid: true, silent: true };
    const silence = { messages: group.length };
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
