import { and, eq } from 'drizzle-orm';
import type { ImapFlow, MailboxObject } from 'imapflow';
import { type ImapCursor, mailboxes } from '#db/schema.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import { applyFlags, type FlagChange } from '../apply-flags.ts';
import { forgetLocations } from '../forget-locations.ts';
import { isWhole, nextMissing, reachedDownTo, withGap } from '../reading-edges.ts';
import { removeUnplaced } from '../remove-unplaced.ts';
import { removeVanished } from '../remove-vanished.ts';
import { bringMessages, fetchMessages, withoutContents } from './bring.ts';
import { changedSince, comparedFlags } from './changed-flags.ts';
import { fetchFacts, type MessageFacts } from './fetch-copies.ts';
import { fetchFirstWindow } from './first-window.ts';
import { listedUids } from './listed-uids.ts';
import { keepStoredMailboxOpen, openStoredMailbox } from './open-mailbox.ts';
import type { SyncParts } from './sync-parts.ts';

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
  const selected = await openStoredMailbox(parts, client, mailbox);
  const uidValidity = Number(selected.uidValidity);
  if (mailbox.cursor !== null && mailbox.cursor.uidValidity !== uidValidity) {
    parts.onState(await forgetLocations(parts.db, parts.accountId, parts.fence, mailbox.id));
  } else if (mailbox.cursor !== null) {
    const cursor = await refresh(parts, client, mailbox, mailbox.cursor, selected);
    if (isWhole(cursor)) await takeOutUnplaced(parts, mailbox);
    return cursor;
  }
  return fetchNewest(parts, client, mailbox, selected);
}

async function fetchNewest(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  selected: MailboxObject,
): Promise<ImapCursor> {
  const { newestWindow } = parts.limits;
  const from = Math.max(1, selected.exists - newestWindow + 1);
  // The list of a new account asks for no counts: with the first mails it is to be said of how many they are.
  await parts.db
    .update(mailboxes)
    .set({ remoteCount: selected.exists })
    .where(and(eq(mailboxes.accountId, parts.accountId), eq(mailboxes.id, mailbox.id)));
  const listed =
    selected.exists === 0 ? withoutContents([]) : await fetchFirstWindow(parts, client, mailbox, `${from}:*`);
  const { facts } = listed;
  const uidValidity = Number(selected.uidValidity);
  const uidNext = Math.max(selected.uidNext || 1, (facts.at(-1)?.uid ?? 0) + 1);
  const lowest = facts[0]?.uid ?? uidNext;
  const cursor = await bringMessages(parts, client, mailbox, uidValidity, listed, ({ arrived, stalled }) => ({
    uidValidity,
    uidNext,
    // A stall ends the connection in the middle of the window: what is missing lies below the backfill's edge.
    backfillBelow: stalled ? lowestUnbroken(facts, arrived, uidNext - 1) : from === 1 ? 1 : lowest,
    highestModseq: selected.highestModseq?.toString() ?? null,
  }));
  await takeFlags(parts, mailbox, cursor, facts);
  if (isWhole(cursor)) await takeOutUnplaced(parts, mailbox);
  return cursor;
}

async function refresh(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  known: ImapCursor,
  selected: MailboxObject,
): Promise<ImapCursor> {
  let cursor = known;
  if (!selected.uidNext || selected.uidNext > cursor.uidNext)
    cursor = await bringArrived(parts, client, mailbox, cursor, selected);
  const told = await refreshFlags(parts, client, mailbox, cursor, selected);
  const isSuspected = await refreshVanished(parts, client, mailbox, cursor, selected, told);
  const highestModseq = selected.highestModseq?.toString() ?? null;
  const moved: ImapCursor = {
    ...cursor,
    uidNext: Math.max(cursor.uidNext, selected.uidNext || 0),
    // What is not believed yet is to be told again.
    highestModseq: isSuspected ? known.highestModseq : highestModseq,
  };
  const isMoved = moved.uidNext !== known.uidNext || moved.highestModseq !== known.highestModseq;
  if (isMoved || mailbox.remoteCount !== selected.exists) {
    await parts.db
      .update(mailboxes)
      .set({ cursor: moved, remoteCount: selected.exists })
      .where(and(eq(mailboxes.accountId, parts.accountId), eq(mailboxes.id, mailbox.id)));
  }
  return moved;
}

/**
 * What has arrived: at most one batch as it is; of more, as after an absence, the newest, and the rest is left to the
 * backfill, which gives way to others.
 */
async function bringArrived(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  selected: MailboxObject,
): Promise<ImapCursor> {
  const { commandTimeout } = parts.limits;
  const from = await firstToBring(parts, client, cursor, selected);
  if (from === null) return cursor;
  // `n:*` always names the last message, also one below n (RFC 9051 §6.4.8).
  const facts = (await fetchFacts(client, `${from}:*`, { uid: true }, commandTimeout)).filter(
    ({ uid }) => uid >= from,
  );
  const bring = from === cursor.uidNext ? bringNew : bringNewest;
  const reached = await bring(parts, client, mailbox, cursor, facts);
  await takeFlags(parts, mailbox, reached, facts);
  return reached;
}

/** From which UID up what has arrived is brought at once; null where nothing has. */
async function firstToBring(
  { limits }: SyncParts,
  client: ImapFlow,
  { uidNext }: ImapCursor,
  selected: MailboxObject,
): Promise<number | null> {
  const { batchMessages, commandTimeout, newestWindow } = limits;
  if (selected.uidNext && selected.uidNext - uidNext <= batchMessages) return uidNext;
  const listed = await listedUids(client, `${uidNext}:*`, commandTimeout);
  const arrived = [...listed].filter((uid) => uid >= uidNext);
  if (arrived.length === 0) return null;
  if (arrived.length <= batchMessages) return uidNext;
  return arrived.at(-Math.min(newestWindow, batchMessages)) ?? uidNext;
}

function bringNew(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  facts: readonly MessageFacts[],
): Promise<ImapCursor> {
  const listed = withoutContents(facts);
  return bringMessages(parts, client, mailbox, cursor.uidValidity, listed, ({ arrived, stalled }) => {
    const firstMissing = facts.find((fact) => !arrived.has(fact.uid))?.uid;
    const last = facts.at(-1)?.uid ?? cursor.uidNext - 1;
    // Gone between two commands is gone; after a stall the rest is asked for again.
    return { ...cursor, uidNext: stalled && firstMissing !== undefined ? firstMissing : last + 1 };
  });
}

/** The newest of what has arrived. What lies between them and what was here before is a gap from now on. */
async function bringNewest(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  facts: readonly MessageFacts[],
): Promise<ImapCursor> {
  const [first] = facts;
  const last = facts.at(-1);
  // They are gone again: the next look asks anew.
  if (first === undefined || last === undefined) return cursor;
  const listed = withoutContents(facts);
  return bringMessages(parts, client, mailbox, cursor.uidValidity, listed, ({ arrived, stalled }) => {
    const below = stalled ? lowestUnbroken(facts, arrived, last.uid) : first.uid;
    return withGap({ ...cursor, uidNext: last.uid + 1 }, { from: cursor.uidNext, below });
  });
}

/** What a look at a mailbox's flags tells of its messages. */
interface Told {
  /** UIDs that the server has named as gone; null where it names none. */
  reported: readonly number[] | null;
  /** UIDs that it has told the flags of. */
  seen: readonly number[];
}

async function refreshFlags(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  selected: MailboxObject,
): Promise<Told> {
  const { limits, memory } = parts;
  const turn = memory.turns.get(mailbox.id) ?? 0;
  memory.turns.set(mailbox.id, turn + 1);
  const told = await changedSince(client, cursor, selected, limits.commandTimeout);
  const changes = told?.changes ?? (await comparedFlags(client, selected, turn, limits.commandTimeout));
  await takeFlags(parts, mailbox, cursor, changes);
  return { reported: told?.vanished ?? null, seen: changes.map(({ uid }) => uid) };
}

/** Also of what a listing shows anew: a copy whose place our own operation has written may have other flags than we know. */
async function takeFlags(
  { db, accountId, fence, onState }: SyncParts,
  mailbox: MailboxRow,
  { uidValidity }: ImapCursor,
  changes: readonly FlagChange[],
): Promise<void> {
  const state = await applyFlags(db, accountId, fence, mailbox.id, uidValidity, changes);
  if (state !== null) onState(state);
}

/** @returns whether so much seems to be gone that it is not believed yet */
async function refreshVanished(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  selected: MailboxObject,
  { reported, seen }: Told,
): Promise<boolean> {
  const { db, accountId, fence, limits, memory } = parts;
  const now = new Date();
  const { state, suspected, missing } = await removeVanished(db, {
    accountId,
    fence,
    mailboxId: mailbox.id,
    cursor,
    remoteCount: selected.exists,
    reported,
    seen,
    suspectedSince: memory.disappearances.get(mailbox.id)?.since ?? null,
    now,
    listUids: async () => {
      if (selected.exists === 0) return [];
      return [...(await listedUids(client, `${cursor.backfillBelow}:*`, limits.commandTimeout))];
    },
  });
  if (state !== null) parts.onState(state);
  for (let at = 0; at < missing.length; at += limits.batchMessages) {
    const uids = missing.slice(at, at + limits.batchMessages).join(',');
    const facts = await fetchFacts(client, uids, { uid: true }, limits.commandTimeout);
    await bringMessages(parts, client, mailbox, cursor.uidValidity, withoutContents(facts), () => cursor);
  }
  const since = memory.disappearances.get(mailbox.id)?.since ?? now;
  if (suspected === 0) memory.disappearances.delete(mailbox.id);
  else memory.disappearances.set(mailbox.id, { since, count: suspected });
  return suspected > 0;
}

/** Of a mailbox that has been read to its end, what was not found in it is taken out. */
async function takeOutUnplaced(parts: SyncParts, mailbox: MailboxRow): Promise<void> {
  const state = await removeUnplaced(parts.db, parts.accountId, parts.fence, mailbox.id);
  if (state !== null) parts.onState(state);
}

/**
 * One bounded batch of what a mailbox lacks, newest first: what came during an absence, then older mail.
 * @param window how many UIDs below the edge are looked at; it grows over UIDs that are not in use
 * @returns the cursor and the window for the next batch; `isWhole` tells when all is here
 */
export async function backfillBatch(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  window: number,
): Promise<{ cursor: ImapCursor; window: number }> {
  const { commandTimeout, batchMessages } = parts.limits;
  const selected = await keepStoredMailboxOpen(parts, client, mailbox);
  if (Number(selected.uidValidity) !== cursor.uidValidity) {
    return { cursor: await checkMailbox(parts, client, mailbox), window: batchMessages };
  }
  const { from, below } = nextMissing(cursor);
  const top = below - 1;
  const bottom = Math.max(from, top - window + 1);
  const listed =
    selected.exists === 0 ? [] : await fetchFacts(client, `${bottom}:${top}`, { uid: true }, commandTimeout);
  const facts = newest(
    listed.filter((fact) => fact.uid <= top && fact.uid >= bottom),
    { messages: batchMessages, bytes: 4 * pieceLimits.bytes },
  );
  const isCut = listed.length > facts.length;
  const complete = isCut ? (facts[0]?.uid ?? bottom) : bottom;
  const next = await bringOlder(parts, client, mailbox, cursor, facts, complete);
  // Of what has arrived some may be here already, by our own operations.
  if (cursor.gaps !== undefined) await takeFlags(parts, mailbox, next, facts);
  if (isWhole(next)) await takeOutUnplaced(parts, mailbox);
  return { cursor: next, window: nextWindow(window, listed.length, facts.length, batchMessages) };
}

/**
 * Over how many UIDs the next batch is looked for. Where few are in use it is more; where the messages are large, and
 * fewer were brought than listed, no more than those that the next batch will bring.
 */
function nextWindow(window: number, listed: number, brought: number, batchMessages: number): number {
  if (brought < listed) return Math.max(1, Math.ceil((window / listed) * brought * 1.25));
  return listed * 2 < batchMessages ? Math.min(window * 2, 1_000_000) : batchMessages;
}

/** What is fetched while what is newer is being stored: many small messages, or a few large ones. */
const pieceLimits = { messages: 250, bytes: 1_500_000 };

/** The last of a listing's messages, within limits; one at least. */
function newest(
  facts: readonly MessageFacts[],
  { messages, bytes }: { messages: number; bytes: number },
): MessageFacts[] {
  let [first, size] = [facts.length, 0];
  while (first > 0 && facts.length - first < messages) {
    size += facts[first - 1]?.size ?? 0;
    if (size > bytes && first < facts.length) break;
    first -= 1;
  }
  return facts.slice(first);
}

/**
 * Brings older messages, newest first, in pieces: one is stored while the next is fetched, so that the mail server, this
 * process and Postgres do not wait for one another.
 * @param complete where the mailbox stands when all of them are here
 */
async function bringOlder(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  facts: readonly MessageFacts[],
  complete: number,
): Promise<ImapCursor> {
  let edge = nextMissing(cursor).below;
  let storing: Promise<void> = Promise.resolve();
  let left = facts;
  try {
    do {
      const part = newest(left, pieceLimits);
      left = left.slice(0, left.length - part.length);
      const listed = withoutContents(part);
      const fetched = await fetchMessages(parts, client, mailbox, cursor.uidValidity, listed);
      await storing;
      const reached = left.length === 0 ? complete : (part[0]?.uid ?? complete);
      edge = fetched.stalled ? lowestUnbroken(part, fetched.arrived, edge - 1) : reached;
      storing = fetched.store(reachedDownTo(cursor, edge));
      // Its failure is thrown where it is waited for; until then it is not unheard.
      storing.catch(() => undefined);
      if (fetched.stalled) break;
    } while (left.length > 0);
  } finally {
    // Whatever happened, nothing is written any more when this has ended.
    await storing.catch(() => undefined);
  }
  await storing;
  return reachedDownTo(cursor, edge);
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
