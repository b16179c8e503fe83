import type { ImapFlow } from 'imapflow';
import { MailProblem } from '../../../problem.ts';
import { expunge } from './expunge.ts';
import { findAwaited } from './find-awaited.ts';
import { type Kind, type OperationParts, type PendingRow, pathOf, select } from './parts.ts';
import { byPlace, placesOf } from './place.ts';
import { settleRenumbered } from './settle-renumbered.ts';

/** Expunges copies that are gone here already. */
export async function destroy(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'destroy'>,
) {
  const { placed, awaited } = placesOf(operation.from);
  const homes = [...placed, ...awaited].map(({ place }) => place.mailboxId);
  return parts.locks.run(homes, async () => {
    const renumbered: string[] = [];
    const { waiting, ...found } = await findAwaited(parts, client, row, awaited);
    if (waiting.length > 0) throw new MailProblem('not_here_yet');
    for (const group of byPlace([...placed, ...found.placed])) {
      const [first] = group;
      if (first === undefined) continue;
      const path = await pathOf(parts, first.place);
      if (!(await select(parts, client, path, first.place.uidValidity))) {
        renumbered.push(path);
        continue;
      }
      const uids = group.map(({ place }) => place.uid).join(',');
      await expunge(parts, client, uids, group.length);
    }
    return settleRenumbered(parts, row, renumbered);
  });
}
