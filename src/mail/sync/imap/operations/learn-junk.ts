import type { ImapFlow } from 'imapflow';
import { changeKeyword } from '../../../actions/copies.ts';
import { accepted } from './accepted.ts';
import { findPlaces, settlePlaces } from './find-places.ts';
import { bounded, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';
import { byPlace, homesOf } from './place.ts';
import { selectGroup } from './select-group.ts';

/**
 * Tells the server's filter what a person takes for junk (RFC 9051 §2.3.2), where the mailbox keeps such keywords:
 * a server that does not say so in PERMANENTFLAGS is not bothered.
 */
export async function learnJunk(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'learn_junk'>,
) {
  const homes = await homesOf(parts, operation.copyIds);
  return parts.locks.run(homes, () => learnLocked(parts, client, row, operation));
}

async function learnLocked(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'learn_junk'>,
) {
  const [set, clear] = operation.isJunk ? ['$Junk', '$NotJunk'] : ['$NotJunk', '$Junk'];
  const told: { copyIds: string[]; keyword: string; isSet: boolean }[] = [];
  const places = await findPlaces(parts, client, row, operation.copyIds);
  for (const group of byPlace(places.placed)) {
    const [first] = group;
    if (first === undefined) continue;
    const { remoteId } = await mailbox(parts, first.place.mailboxId);
    const selected = await selectGroup(parts, client, remoteId, group);
    if (selected.group.length === 0) continue;
    const uids = selected.group.map(({ place }) => place.uid).join(',');
    const copyIds = selected.group.map(({ copyId }) => copyId);
    const options = { uid: true, silent: true };
    if (keeps(client, set)) {
      accepted(
        client,
        await bounded(parts, client, client.messageFlagsAdd(uids, [set], options), 'STORE', {
          messages: group.length,
        }),
        'STORE',
      );
      told.push({ copyIds, keyword: set.toLowerCase(), isSet: true });
    }
    if (keeps(client, clear)) {
      accepted(
        client,
        await bounded(parts, client, client.messageFlagsRemove(uids, [clear], options), 'STORE', {
          messages: group.length,
        }),
        'STORE',
      );
      told.push({ copyIds, keyword: clear.toLowerCase(), isSet: false });
    }
  }
  // Of mail that is not found there is nothing to learn, nor to say; and no lesson holds up what people wait for.
  return settlePlaces(parts, row, { ...places, waiting: [], lost: [] }, async (tx, state) => {
    for (const { copyIds, keyword, isSet } of told)
      await changeKeyword(tx, parts.accountId, copyIds, keyword, isSet, state);
  });
}

/** RFC 9051 §7.1: `\*` lets clients make keywords of their own. */
function keeps({ mailbox: selected }: ImapFlow, flag: string): boolean {
  const permanent = selected === false ? undefined : selected.permanentFlags;
  if (permanent === undefined) return false;
  return permanent.has('\\*') || [...permanent].some((each) => each.toLowerCase() === flag.toLowerCase());
}
