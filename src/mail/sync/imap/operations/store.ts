import type { ImapFlow } from 'imapflow';
import { flagOf } from '../keywords.ts';
import { accepted } from './accepted.ts';
import {
  bounded,
  finish,
  type Kind,
  mailbox,
  type OperationParts,
  type PendingRow,
  select,
} from './parts.ts';
import { byPlace, locate } from './place.ts';

/** Sets and clears keywords of copies, wherever they lie by now. */
export async function store(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'store'>,
) {
  for (const group of byPlace(await locate(parts, operation.copyIds))) {
    const [first] = group;
    if (first === undefined) continue;
    const { remoteId } = await mailbox(parts, first.place.mailboxId);
    const uids = group.map(({ place }) => place.uid).join(',');
    if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
    const options = { uid: true, silent: true };
    if (operation.add.length > 0) {
      accepted(
        client,
        await bounded(
          parts,
          client,
          client.messageFlagsAdd(uids, operation.add.map(flagOf), options),
          'STORE',
          { messages: group.length },
        ),
        'STORE',
      );
    }
    if (operation.remove.length > 0) {
      accepted(
        client,
        await bounded(
          parts,
          client,
          client.messageFlagsRemove(uids, operation.remove.map(flagOf), options),
          'STORE',
          { messages: group.length },
        ),
        'STORE',
      );
    }
  }
  return finish(parts, row, async () => undefined);
}
