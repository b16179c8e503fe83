import type { ImapFlow } from 'imapflow';
import type { CopyLooks } from '../../../emails/copy-looks.ts';
import { departingUids } from '../../pending.ts';
import { storedCopies } from '../../stored-uids.ts';
import { fetchFacts } from '../fetch-copies.ts';
import { alikeMessages, likelyFacts } from './alike.ts';
import type { OperationParts } from './parts.ts';

/** What was found in a mailbox, by the copies' ids. */
export interface Found {
  found: Map<string, { uid: number; uidValidity: number }>;
  /** Copies as which a look had stored some of these messages anew. */
  doubles: string[];
}

interface Where {
  /** The lowest UID that they can have. */
  from: number;
  /** UIDs that are known for other copies. */
  claimed: readonly number[];
  /** A message that is stored as a copy that has changed after this state may be one of them; null: none that is stored. */
  doublesSince: number | null;
}

/** Looks among the messages of the selected mailbox for copies whose UIDs are not known. */
export async function lookFor(
  parts: OperationParts,
  client: ImapFlow,
  sought: readonly CopyLooks[],
  mailboxId: string,
  { from, claimed, doublesSince }: Where,
): Promise<Found> {
  const { db, accountId, commandTimeout } = parts;
  const selected = client.mailbox;
  if (sought.length === 0 || selected === false || selected.exists === 0)
    return { found: new Map(), doubles: [] };
  const uidValidity = Number(selected.uidValidity);
  const listed = await fetchFacts(client, `${from}:*`, { uid: true }, commandTimeout);
  const facts = likelyFacts(
    sought,
    // `n:*` always names the last message, also one below n (RFC 9051 §6.4.8).
    listed.filter(({ uid }) => uid >= from),
  );
  const uids = facts.map(({ uid }) => uid);
  const ids = sought.map(({ copyId }) => copyId);
  const stored = await storedCopies(db, accountId, mailboxId, uidValidity, uids);
  const isDouble = ({ id, state }: { id: string; state: number }) =>
    doublesSince !== null && state > doublesSince && !ids.includes(id);
  const doubles = new Map([...stored].filter(([, copy]) => isDouble(copy)));
  const taken = new Set([...claimed, ...(await departingUids(db, accountId, mailboxId, uidValidity))]);
  const possible = facts.filter(({ uid }) => !taken.has(uid) && (!stored.has(uid) || doubles.has(uid)));
  // What no other copy stands for is taken first.
  const freeFirst = possible.toSorted(
    (one, other) => Number(stored.has(one.uid)) - Number(stored.has(other.uid)),
  );
  const alike = await alikeMessages(parts, client, sought, freeFirst);
  return {
    found: new Map([...alike].map(([copyId, uid]) => [copyId, { uid, uidValidity }])),
    doubles: [...alike.values()].flatMap((uid) => doubles.get(uid)?.id ?? []),
  };
}
