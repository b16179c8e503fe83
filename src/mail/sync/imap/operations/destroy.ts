import type { ImapFlow } from 'imapflow';
import { accepted } from './accepted.ts';
import { bounded, finish, type Kind, type OperationParts, type PendingRow, pathOf, select } from './parts.ts';
import { byPlace, placesOf } from './place.ts';

/** Expunges copies that are gone here already. */
export async function destroy(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'destroy'>,
) {
  const placed = placesOf(operation.from);
  for (const group of byPlace(placed)) {
    const [first] = group;
    if (first === undefined) continue;
    const path = await pathOf(parts, first.place);
    if (!(await select(parts, client, path, first.place.uidValidity))) continue;
    const uids = group.map(({ place }) => place.uid).join(',');
    accepted(
      client,
      await bounded(parts, client, client.messageDelete(uids, { uid: true }), 'EXPUNGE', {
        messages: group.length,
      }),
      'EXPUNGE',
    );
  }
  return finish(parts, row, async () => undefined);
}
