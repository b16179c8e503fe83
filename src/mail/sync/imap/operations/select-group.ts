import type { ImapFlow } from 'imapflow';
import { storedCopies } from '../../stored-uids.ts';
import { fetchFacts } from '../fetch-copies.ts';
import { openMailbox } from '../open-mailbox.ts';
import { alikeMessages, knownCopies, likelyFacts } from './alike.ts';
import type { OperationParts } from './parts.ts';
import type { Placed } from './place.ts';

/** Where copies lie in the mailbox that is selected now. */
export interface Selected {
  /** Those of the group whose UIDs are known; others the mailbox has not got under its new UIDVALIDITY. */
  group: Placed[];
  /** Copies as which a look has stored some of these messages anew. */
  doubles: string[];
}

/**
 * Selects a mailbox for a change of copies in it. Where its UIDVALIDITY is another one by now (RFC 9051 §2.3.1.1) the
 * UIDs mean nothing, and the messages are looked for by size, date and header.
 * @param group copies of one mailbox and UIDVALIDITY
 */
export async function selectGroup(
  parts: OperationParts,
  client: ImapFlow,
  path: string,
  group: readonly Placed[],
): Promise<Selected> {
  const { commandTimeout } = parts;
  const selected = await openMailbox(client, path, commandTimeout, 'change');
  const uidValidity = Number(selected.uidValidity);
  const [first] = group;
  if (first === undefined || first.place.uidValidity === uidValidity)
    return { group: [...group], doubles: [] };
  const ids = group.map(({ copyId }) => copyId);
  const copies = await knownCopies(parts, ids);
  if (copies.length === 0 || selected.exists === 0) return { group: [], doubles: [] };
  const facts = likelyFacts(copies, await fetchFacts(client, '1:*', { uid: true }, commandTimeout));
  const uids = facts.map(({ uid }) => uid);
  const { db, accountId } = parts;
  const stored = await storedCopies(db, accountId, first.place.mailboxId, uidValidity, uids);
  const others = new Map([...stored].filter(([, { id }]) => !ids.includes(id)));
  // What no other copy stands for is taken first.
  const freeFirst = facts.toSorted(
    (one, other) => Number(others.has(one.uid)) - Number(others.has(other.uid)),
  );
  const found = await alikeMessages(parts, client, copies, freeFirst);
  return {
    group: group.flatMap(({ copyId, place }) => {
      const uid = found.get(copyId);
      return uid === undefined ? [] : [{ copyId, place: { ...place, uidValidity, uid } }];
    }),
    doubles: [...found.values()].flatMap((uid) => others.get(uid)?.id ?? []),
  };
}

/** The copies of a group that are not among those that were found. */
export function unfound(group: readonly Placed[], found: readonly Placed[]): string[] {
  const ids = new Set(found.map(({ copyId }) => copyId));
  return group.flatMap(({ copyId }) => (ids.has(copyId) ? [] : [copyId]));
}
