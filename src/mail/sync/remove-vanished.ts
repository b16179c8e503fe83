import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import type { ImapCursor } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { removeOrphans } from '../actions/copies.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { departCopies } from './depart.ts';
import { departingUids } from './pending.ts';
import { isDue, isWhole } from './reading-edges.ts';
import { storedUids } from './stored-uids.ts';

/** Copies removed in one transaction, which others wait for. */
const batch = 500;

export interface VanishedCheck {
  accountId: string;
  fence: number;
  mailboxId: string;
  cursor: ImapCursor;
  /** EXISTS of the selected mailbox. */
  remoteCount: number;
  /** UIDs that the server has named as gone; null where it names none. */
  reported: readonly number[] | null;
  /** UIDs that the server has told of at this look, for whatever reason. */
  seen: readonly number[];
  /** When a sudden disappearance of this mailbox's mail was first seen; null where there is none. */
  suspectedSince: Date | null;
  now: Date;
  /** The UIDs that the server has from `backfillBelow` up; asked for only where something does not add up. */
  listUids(): Promise<number[]>;
}

export interface VanishedOutcome {
  /** The new state, or null where nothing was changed. */
  state: number | null;
  /** How many seem to be gone, so many that nothing was removed and it is to be looked at again; else 0. */
  suspected: number;
  /** UIDs that the server lists and that are not here, though they should be: what is known of it was wrong. */
  missing: number[];
}

/** How long, in milliseconds, most of a mailbox must be missing before it is believed. */
export const massPatience = 30_000;

/**
 * Whether so much is missing at once that it is not believed at first: more than half of a mailbox that holds some
 * mail. Pure.
 */
export function isMassDisappearance(gone: number, stored: number): boolean {
  return gone > 100 && gone * 2 > stored;
}

interface StoredCopy {
  id: string;
  uid: number;
}

/**
 * Removes copies that the server no longer has: those that it has named, and, where something still does not add up,
 * those that it does not list; what it lists and is not here is answered. Where the whole mailbox is here, the counts
 * agree and whatever the server has told of is here too, nothing is listed at all.
 */
export async function removeVanished(db: Database, check: VanishedCheck): Promise<VanishedOutcome> {
  const { accountId, mailboxId, cursor, reported } = check;
  const named = reported === null ? [] : await copiesOfUids(db, check, reported);
  const located = await locatedCount(db, check);
  const departing = await departingUids(db, accountId, mailboxId, cursor.uidValidity);
  const isCounted = isWhole(cursor)
    ? located - named.length + departing.length === check.remoteCount
    : reported !== null;
  const isExplained = isCounted && !(await isContradicted(db, check, new Set(departing)));
  const { gone, missing } = isExplained
    ? { gone: named, missing: [] }
    : await compareWithList(db, check, new Set(departing));
  if (gone.length === 0) return { state: null, suspected: 0, missing };
  if (isMassDisappearance(gone.length, located)) {
    const since = check.suspectedSince;
    if (since === null || check.now.getTime() - since.getTime() < massPatience) {
      return { state: null, suspected: gone.length, missing };
    }
  }
  let state: number | null = null;
  for (let at = 0; at < gone.length; at += batch) {
    state = await removeGone(db, check, gone.slice(at, at + batch));
  }
  return { state, suspected: 0, missing };
}

/** Equal counts may hide that one copy is gone and another one missing: what the server has told of shows it. */
async function isContradicted(
  db: Database,
  { accountId, mailboxId, cursor, remoteCount, seen }: VanishedCheck,
  departing: ReadonlySet<number>,
): Promise<boolean> {
  const due = seen.filter((uid) => isDue(cursor, uid));
  if (due.length === 0) return false;
  const stored = await storedUids(db, accountId, mailboxId, cursor.uidValidity, due);
  if (due.some((uid) => !stored.has(uid) && !departing.has(uid))) return true;
  if (new Set(seen).size < remoteCount) return false;
  // It has told of all that it has: what else is stored is gone.
  const { rows } = await db.execute(sql`
    select 1 from mailbox_emails
    where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid_validity = ${cursor.uidValidity}
      and uid < ${cursor.uidNext} and uid <> all(${sql.param([...seen])}::bigint[]) limit 1`);
  return rows.length > 0;
}

/** How many copies of the mailbox have a place on the server. */
async function locatedCount(db: Database, { accountId, mailboxId }: VanishedCheck): Promise<number> {
  const { rows } = await db.execute<{ located: number }>(sql`
    select email_count - (
      select count(*)::int from mailbox_emails
      where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid is null
    ) as located
    from mailboxes where account_id = ${accountId} and id = ${mailboxId}`);
  return rows[0]?.located ?? 0;
}

async function copiesOfUids(
  db: Database,
  { accountId, mailboxId, cursor }: VanishedCheck,
  uids: readonly number[],
): Promise<StoredCopy[]> {
  if (uids.length === 0) return [];
  const { rows } = await db.execute<{ id: string; uid: number }>(sql`
    select id, uid::float8 as uid from mailbox_emails
    where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid_validity = ${cursor.uidValidity}
      and uid = any(${sql.param([...uids])}::bigint[])`);
  return rows;
}

async function compareWithList(
  db: Database,
  check: VanishedCheck,
  departing: ReadonlySet<number>,
): Promise<{ gone: StoredCopy[]; missing: number[] }> {
  const { accountId, mailboxId, cursor } = check;
  const { rows } = await db.execute<{ id: string; uid: number }>(sql`
    select id, uid::float8 as uid from mailbox_emails
    where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid_validity = ${cursor.uidValidity}
      and uid < ${cursor.uidNext} and uid >= ${cursor.backfillBelow}`);
  const listed = new Set(await check.listUids());
  const stored = new Set(rows.map(({ uid }) => uid));
  return {
    gone: rows.filter(({ uid }) => !listed.has(uid)),
    missing: [...listed].filter((uid) => isDue(cursor, uid) && !stored.has(uid) && !departing.has(uid)),
  };
}

function removeGone(
  db: Database,
  { accountId, fence, mailboxId, now }: VanishedCheck,
  gone: readonly StoredCopy[],
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    const ids = gone.map((row) => row.id);
    // A copy that a person has moved meanwhile has no UID here any more: it is not this check's to remove.
    const still = await tx.execute<{ id: string }>(sql`
      select id from mailbox_emails
      where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid is not null
        and id = any(${sql.param(ids)}::uuid[])`);
    const stillIds = still.rows.map((row) => row.id);
    const threadIds = await departCopies(tx, accountId, stillIds, state, now);
    await recountThreads(tx, accountId, threadIds, state);
    await removeOrphans(tx, accountId, threadIds, state);
    return state;
  });
}
