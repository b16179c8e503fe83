import { and, eq } from 'drizzle-orm';
import type { ImapFlow, MailboxObject } from 'imapflow';
import { type ImapCursor, mailboxes } from '#db/schema.ts';
import { withDeadline } from '#platform/deadline.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import { MailProblem } from '../../problem.ts';
import { applyFlags, type FlagChange } from '../apply-flags.ts';
import { forgetLocations } from '../forget-locations.ts';
import { removeUnplaced } from '../remove-unplaced.ts';
import { removeVanished } from '../remove-vanished.ts';
import { storeCopies } from '../store-copies.ts';
import { storedUids } from '../stored-uids.ts';
import { fetchCopies, fetchFacts, fetchStream, type MessageFacts, type Suspects } from './fetch-copies.ts';
import { keywordsOf } from './keywords.ts';
import { openMailbox } from './open-mailbox.ts';
import { ConnectionLost, type SyncParts } from './sync-parts.ts';

/** Servers without CONDSTORE: flags of so many of the newest messages are compared at each look. */
const plainFlagWindow = 1000;

/**
 * One look at a mailbox, whatever its phase: the newest messages where nothing is here yet, else what is new,
 * changed and gone. Rows and cursor are committed together, batch by batch.
 * @returns the cursor as it stands
 */
export async function checkMailbox(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
): Promise<ImapCursor> {
  const selected = await openMailbox(client, mailbox.remoteId, parts.limits.commandTimeout);
  const uidValidity = Number(selected.uidValidity);
  if (mailbox.cursor !== null && mailbox.cursor.uidValidity !== uidValidity) {
    parts.onState(await forgetLocations(parts.db, parts.accountId, parts.fence, mailbox.id));
  } else if (mailbox.cursor !== null) {
    return refresh(parts, client, mailbox, mailbox.cursor, selected);
  }
  return fetchNewest(parts, client, mailbox, selected);
}

async function fetchNewest(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  selected: MailboxObject,
): Promise<ImapCursor> {
  const { newestWindow, commandTimeout } = parts.limits;
  const from = Math.max(1, selected.exists - newestWindow + 1);
  const facts =
    selected.exists === 0 ? [] : await fetchFacts(client, `${from}:*`, { uid: false }, commandTimeout);
  const lowest = facts[0]?.uid ?? selected.uidNext;
  const cursor: ImapCursor = {
    uidValidity: Number(selected.uidValidity),
    uidNext: Math.max(selected.uidNext, (facts.at(-1)?.uid ?? 0) + 1),
    backfillBelow: from === 1 ? 1 : lowest,
    highestModseq: selected.highestModseq?.toString() ?? null,
  };
  const { copies, stalled } = await fetchCopies(client, facts, parts.limits, suspectsOf(parts, mailbox));
  // A stall ends the connection in the middle of the window: what is missing lies below the backfill's edge.
  const arrived = new Set(copies.map((copy) => copy.uid));
  const edge = stalled ? lowestUnbroken(facts, arrived, cursor.uidNext - 1) : cursor.backfillBelow;
  await store(parts, mailbox, { ...cursor, backfillBelow: edge }, copies);
  if (stalled) throw new ConnectionLost();
  return cursor;
}

async function store(
  parts: SyncParts,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  copies: Awaited<ReturnType<typeof fetchCopies>>['copies'],
): Promise<void> {
  const { db, accountId, fence } = parts;
  const phase = cursor.backfillBelow > 1 ? 'backfill' : 'steady';
  parts.onState(
    await storeCopies(db, {
      accountId,
      fence,
      mailboxId: mailbox.id,
      uidValidity: cursor.uidValidity,
      copies,
      cursor,
      phase,
    }),
  );
}

async function refresh(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  known: ImapCursor,
  selected: MailboxObject,
): Promise<ImapCursor> {
  let cursor = known;
  if (selected.uidNext > cursor.uidNext || selected.uidNext === 0) {
    const { commandTimeout, batchMessages } = parts.limits;
    const range = `${cursor.uidNext}:*`;
    // `n:*` always names the last message, also one below n (RFC 9051 §6.4.8).
    const fresh = (await fetchFacts(client, range, { uid: true }, commandTimeout)).filter(
      (fact) => fact.uid >= known.uidNext,
    );
    for (let at = 0; at < fresh.length; at += batchMessages) {
      cursor = await storeNew(parts, client, mailbox, cursor, fresh.slice(at, at + batchMessages));
    }
  }
  await refreshFlags(parts, client, mailbox, cursor, selected);
  await refreshVanished(parts, client, mailbox, cursor, selected);
  const highestModseq = selected.highestModseq?.toString() ?? null;
  const moved = { ...cursor, uidNext: Math.max(cursor.uidNext, selected.uidNext), highestModseq };
  if (moved.uidNext !== known.uidNext || moved.highestModseq !== known.highestModseq) {
    await parts.db
      .update(mailboxes)
      .set({ cursor: moved })
      .where(and(eq(mailboxes.accountId, parts.accountId), eq(mailboxes.id, mailbox.id)));
  }
  return moved;
}

async function storeNew(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  facts: readonly MessageFacts[],
): Promise<ImapCursor> {
  const { copies, stalled, arrived } = await fetchUnknown(parts, client, mailbox, cursor, facts);
  const firstMissing = facts.find((fact) => !arrived.has(fact.uid))?.uid;
  // Gone between two commands is gone; after a stall the rest is asked for again.
  const uidNext = stalled && firstMissing !== undefined ? firstMissing : (facts.at(-1)?.uid ?? 0) + 1;
  const next = { ...cursor, uidNext };
  await store(parts, mailbox, next, copies);
  if (stalled) throw new ConnectionLost();
  return next;
}

async function refreshFlags(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  selected: MailboxObject,
): Promise<void> {
  const { db, accountId, fence, limits } = parts;
  if (selected.exists === 0) return;
  const hasModseq = cursor.highestModseq !== null && selected.highestModseq !== undefined;
  if (hasModseq && selected.highestModseq?.toString() === cursor.highestModseq) return;
  const changes: FlagChange[] = [];
  const range = hasModseq ? '1:*' : `${Math.max(1, selected.exists - plainFlagWindow + 1)}:*`;
  const options = hasModseq
    ? { uid: true, changedSince: BigInt(cursor.highestModseq ?? '0') }
    : { uid: false };
  const stream = fetchStream(
    client,
    range,
    { uid: true, flags: true },
    options,
    limits.commandTimeout,
    () => null,
  );
  for await (const message of stream) {
    changes.push({
      uid: message.uid,
      keywords: keywordsOf(message.flags ?? []),
      modseq: message.modseq ?? null,
    });
  }
  const state = await applyFlags(db, accountId, fence, mailbox.id, cursor.uidValidity, changes);
  if (state !== null) parts.onState(state);
}

async function refreshVanished(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  selected: MailboxObject,
): Promise<void> {
  const { db, accountId, fence, limits } = parts;
  const state = await removeVanished(db, {
    accountId,
    fence,
    mailboxId: mailbox.id,
    cursor,
    remoteCount: selected.exists,
    listUids: async () => {
      if (selected.exists === 0) return [];
      const found = await withDeadline(
        client.search({ uid: `${cursor.backfillBelow}:*` }, { uid: true }),
        limits.commandTimeout,
        () => client.close(),
        () => new MailProblem('timeout', 'SEARCH'),
      );
      if (found === false || found === undefined) throw new MailProblem('unknown', 'SEARCH was refused');
      return found;
    },
  });
  if (state !== null) parts.onState(state);
}

/**
 * One bounded batch of a mailbox's older mail, newest first.
 * @param window how many UIDs below the edge are looked at; it grows over gaps
 * @returns the cursor and the window for the next batch; `backfillBelow` 1 means that all is here
 */
export async function backfillBatch(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  window: number,
): Promise<{ cursor: ImapCursor; window: number }> {
  const { commandTimeout, batchMessages } = parts.limits;
  const selected = await openMailbox(client, mailbox.remoteId, commandTimeout);
  if (Number(selected.uidValidity) !== cursor.uidValidity) {
    return { cursor: await checkMailbox(parts, client, mailbox), window: batchMessages };
  }
  const top = cursor.backfillBelow - 1;
  const bottom = Math.max(1, top - window + 1);
  const listed =
    selected.exists === 0 ? [] : await fetchFacts(client, `${bottom}:${top}`, { uid: true }, commandTimeout);
  const facts = listed.filter((fact) => fact.uid <= top && fact.uid >= bottom).slice(-batchMessages);
  const isCut = listed.length > facts.length;
  const { copies, stalled, arrived } = await fetchUnknown(parts, client, mailbox, cursor, facts);
  const complete = isCut ? (facts[0]?.uid ?? bottom) : bottom;
  const reached = stalled ? lowestUnbroken(facts, arrived, top) : complete;
  const next = { ...cursor, backfillBelow: reached };
  await store(parts, mailbox, next, copies);
  if (next.backfillBelow === 1) {
    const state = await removeUnplaced(parts.db, parts.accountId, parts.fence, mailbox.id);
    if (state !== null) parts.onState(state);
  }
  if (stalled) throw new ConnectionLost();
  return {
    cursor: next,
    window: facts.length * 2 < batchMessages ? Math.min(window * 2, 1_000_000) : batchMessages,
  };
}

function suspectsOf({ suspects }: SyncParts, { id }: MailboxRow): Suspects {
  return {
    has: (uid) => suspects.has(`${id} ${uid}`),
    add: (uid) => suspects.add(`${id} ${uid}`),
  };
}

/** Fetches what is not stored yet: what a batch that broke off has written is not fetched a second time. */
async function fetchUnknown(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  facts: readonly MessageFacts[],
): Promise<Awaited<ReturnType<typeof fetchCopies>> & { arrived: Set<number> }> {
  const uids = facts.map((fact) => fact.uid);
  const known = await storedUids(parts.db, parts.accountId, mailbox.id, cursor.uidValidity, uids);
  const fetched = await fetchCopies(
    client,
    facts.filter((fact) => !known.has(fact.uid)),
    parts.limits,
    suspectsOf(parts, mailbox),
  );
  return { ...fetched, arrived: new Set([...known, ...fetched.copies.map((copy) => copy.uid)]) };
}

/** The lowest UID down to which, from the top, every listed message has come. */
function lowestUnbroken(facts: readonly MessageFacts[], arrived: ReadonlySet<number>, top: number): number {
  let reached = top + 1;
  for (const { uid } of facts.toReversed()) {
    if (!arrived.has(uid)) break;
    reached = uid;
  }
  return reached;
}
