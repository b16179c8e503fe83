import type { ImapFlow } from 'imapflow';
import type { ImapCursor } from '#db/schema.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import type { FetchedContent, IncomingCopy } from '../incoming.ts';
import { departingUids } from '../pending.ts';
import { RecognitionOutdated } from '../place-copies.ts';
import { isWhole } from '../reading-edges.ts';
import { recogniseMessages } from '../recognise.ts';
import { storeCopies } from '../store-copies.ts';
import { storedUids } from '../stored-uids.ts';
import { bringContents } from './bring-contents.ts';
import { bringLikenesses } from './bring-likenesses.ts';
import type { MessageFacts } from './fetch-copies.ts';
import { isSourceGiven } from './source-given.ts';
import { suspectsOf } from './suspects.ts';
import { ConnectionLost, type SyncParts } from './sync-parts.ts';

/** What came of a listing's messages. */
interface Brought {
  copies: IncomingCopy[];
  /** UIDs that are stored, or will be with `copies`. */
  arrived: Set<number>;
  /** The connection is gone; what has not arrived is left for the next one. */
  stalled: boolean;
}

/** Messages whose contents are here, but not stored yet. */
export interface Fetched {
  /** Whether the connection is gone; what has not arrived is left for the next one. */
  stalled: boolean;
  /** UIDs that are stored, or will be. */
  arrived: ReadonlySet<number>;
  /** Stores them with where the mailbox then stands, in one transaction. @throws ConnectionLost where it stalled */
  store(cursor: ImapCursor): Promise<void>;
}

/** The messages of a listing. */
export interface Listed {
  facts: readonly MessageFacts[];
  /** The contents that came with it, by UID. */
  contents: ReadonlyMap<number, FetchedContent>;
}

/** A listing that has brought no contents. */
export function withoutContents(facts: readonly MessageFacts[]): Listed {
  return { facts, contents: new Map() };
}

/** Brings what a listing's messages lack: what is here already under another name is recognised; the rest is fetched. */
export async function fetchMessages(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  uidValidity: number,
  { facts, contents }: Listed,
): Promise<Fetched> {
  const unknown = await unknownFacts(parts, mailbox, uidValidity, facts);
  const isUnknown = new Set(unknown.map(({ uid }) => uid));
  const known = facts.flatMap(({ uid }) => (isUnknown.has(uid) ? [] : [uid]));
  const brought = await bringRecognised(parts, client, mailbox, { facts: unknown, contents });
  return {
    stalled: brought.stalled,
    arrived: new Set([...known, ...brought.arrived]),
    async store(cursor) {
      try {
        await storeBatch(parts, mailbox, cursor, brought.copies);
      } catch (error) {
        if (!(error instanceof RecognitionOutdated)) throw error;
        // What was recognised has gone meanwhile: now the contents are needed after all.
        const again = await fetchContents(parts, client, mailbox, { facts: unknown, contents });
        if (again.stalled) throw new ConnectionLost();
        await storeBatch(parts, mailbox, cursor, again.copies);
      }
      if (brought.stalled) throw new ConnectionLost();
    },
  };
}

/**
 * Stores the messages of a listing, and where the mailbox stands with them, in one transaction.
 * @param cursorAfter where the mailbox stands, given what has arrived
 * @throws ConnectionLost when a message cost the connection; what came before it is stored
 */
export async function bringMessages(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  uidValidity: number,
  listed: Listed,
  cursorAfter: (fetched: Pick<Fetched, 'arrived' | 'stalled'>) => ImapCursor,
): Promise<ImapCursor> {
  const fetched = await fetchMessages(parts, client, mailbox, uidValidity, listed);
  const cursor = cursorAfter(fetched);
  await fetched.store(cursor);
  return cursor;
}

/** What is neither stored nor about to leave by a person's action. */
async function unknownFacts(
  { db, accountId }: SyncParts,
  mailbox: MailboxRow,
  uidValidity: number,
  facts: readonly MessageFacts[],
): Promise<MessageFacts[]> {
  if (facts.length === 0) return [];
  const uids = facts.map(({ uid }) => uid);
  const known = await storedUids(db, accountId, mailbox.id, uidValidity, uids);
  for (const uid of await departingUids(db, accountId, mailbox.id, uidValidity)) known.add(uid);
  return facts.filter(({ uid }) => !known.has(uid));
}

async function bringRecognised(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  { facts, contents }: Listed,
): Promise<Brought> {
  const suspects = suspectsOf(parts.memory, mailbox.id, 'content');
  const asked = facts.filter(({ uid }) => !suspects.has(uid));
  const recognised = await recogniseMessages(parts.db, parts.accountId, mailbox.id, asked, (uids) =>
    bringLikenesses(parts, client, mailbox.id, uids),
  );
  const copies: IncomingCopy[] = [];
  for (const fact of facts) {
    const found = recognised.get(fact.uid);
    if (found !== undefined) copies.push({ ...fact, content: { kind: 'recognised', recognised: found } });
  }
  const rest = await fetchContents(parts, client, mailbox, {
    facts: facts.filter(({ uid }) => !recognised.has(uid)),
    contents,
  });
  return {
    copies: [...copies, ...rest.copies],
    arrived: new Set([...recognised.keys(), ...rest.arrived]),
    stalled: rest.stalled,
  };
}

async function fetchContents(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  { facts, contents }: Listed,
): Promise<Brought> {
  const here = facts.flatMap((fact): IncomingCopy[] => {
    const content = contents.get(fact.uid);
    return content === undefined ? [] : [{ ...fact, content }];
  });
  const wanted = facts.filter(({ uid }) => !contents.has(uid));
  const suspects = suspectsOf(parts.memory, mailbox.id, 'content');
  const { copies, stalled } = await bringContents(client, wanted, parts, suspects, () =>
    isSourceGiven(parts, client, mailbox.id),
  );
  const all = [...here, ...copies];
  return { copies: all, stalled, arrived: new Set(all.map(({ uid }) => uid)) };
}

async function storeBatch(
  parts: SyncParts,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  copies: readonly IncomingCopy[],
): Promise<void> {
  const { db, accountId, fence } = parts;
  const phase = isWhole(cursor) ? 'steady' : 'backfill';
  const { uidValidity } = cursor;
  const batch = { accountId, fence, mailboxId: mailbox.id, uidValidity, copies, cursor, phase } as const;
  parts.onState(await storeCopies(db, batch));
}
