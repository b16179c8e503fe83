import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import { untilSilent } from '../../imap/silence.ts';
import { type MailboxRow, mailboxRows } from '../../mailboxes/reading.ts';
import { MailProblem } from '../../problem.ts';
import { mailboxesWithPendingOperations, mailboxListLock, namesOnServer } from '../pending-mailboxes.ts';
import { possibleRenames } from '../plan-mailboxes.ts';
import { storeMailboxes } from '../store-mailboxes.ts';
import { fetchFacts } from './fetch-copies.ts';
import { type ListedMailbox, listMailboxes, listNames, mailboxStatus } from './listing.ts';
import { openMailbox } from './open-mailbox.ts';
import type { SyncParts } from './sync-parts.ts';

/** How many messages of a mailbox must be the same under its new name. */
const compared = 20;

export interface MailboxListLook {
  rows: MailboxRow[];
  /** As what each of them is listed, by its id. */
  listed: ReadonlyMap<string, ListedMailbox>;
  /** Mailboxes are missing that may be gone: list again soon. */
  isUnsettled: boolean;
}

/**
 * One look at the account's mailboxes: lists them, finds out which of them have another name by now, and makes the
 * stored ones equal. No operation makes, renames or deletes one meanwhile.
 * @throws MailProblem `timeout` and what the connection throws
 */
export function lookAtMailboxList(
  parts: SyncParts,
  client: ImapFlow,
  locks: KeyedLock,
): Promise<MailboxListLook> {
  return locks.run([mailboxListLock], async () => {
    const { db, accountId, fence, limits } = parts;
    const stored = await mailboxRows(db, accountId);
    const untouchable = await mailboxesWithPendingOperations(db, accountId);
    // Of a new account nothing is known that a STATUS could be compared with: its first mail does not wait for one.
    const read = stored.length === 0 ? listNames : listMailboxes;
    const named = await read(client, limits.commandTimeout);
    const listed = await asTheyAre(client, named, stored, limits.commandTimeout);
    const renamed = new Map<string, string>();
    for (const { row, listed: mailbox } of possibleRenames(stored, listed, untouchable)) {
      if (await holdsTheSame(parts, client, row, mailbox)) renamed.set(row.id, mailbox.remoteId);
    }
    const isAbsent = (remoteId: string) => isUnknown(client, remoteId, limits.commandTimeout);
    const { rows, state, isUnsettled } = await storeMailboxes(
      db,
      accountId,
      fence,
      listed,
      { renamed, isAbsent },
      new Date(),
    );
    if (state !== null) parts.onState(state);
    return { rows, listed: await byMailbox(parts, rows, listed), isUnsettled };
  });
}

/** A mailbox that was renamed here is listed under its old name until the server has been told. */
async function byMailbox(
  { db, accountId }: SyncParts,
  rows: readonly MailboxRow[],
  listed: readonly ListedMailbox[],
): Promise<Map<string, ListedMailbox>> {
  const byName = new Map(listed.map((mailbox) => [mailbox.remoteId, mailbox]));
  const nameOf = await namesOnServer(db, accountId);
  return new Map(
    rows.flatMap(({ id, remoteId }) => {
      const mailbox = byName.get(nameOf(remoteId));
      return mailbox === undefined ? [] : [[id, mailbox]];
    }),
  );
}

/** Compares the newest messages that are stored with what lies at their UIDs in the mailbox of the other name. */
async function holdsTheSame(
  { db, accountId, limits }: SyncParts,
  client: ImapFlow,
  row: MailboxRow,
  { remoteId, status }: ListedMailbox,
): Promise<boolean> {
  const { rows } = await db.execute<{ uid: number; size: number; at: number }>(sql`
    select c.uid::float8 as uid, e.size::float8 as size, extract(epoch from date_trunc('second', c.received_at))::float8 as at
    from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId} and c.mailbox_id = ${row.id} and c.uid is not null
    order by c.uid desc limit ${compared}`);
  if (rows.length === 0) return status?.messages === 0;
  await openMailbox(client, remoteId, limits.commandTimeout);
  const uids = rows.map(({ uid }) => uid).join(',');
  const facts = await fetchFacts(client, uids, { uid: true }, limits.commandTimeout);
  const found = new Map(facts.map((fact) => [fact.uid, fact]));
  const here = rows.filter(({ uid }) => found.has(uid));
  const isSame = here.every(({ uid, size, at }) => {
    const fact = found.get(uid);
    return fact?.size === size && Math.floor(fact.receivedAt.getTime() / 1000) === at;
  });
  return here.length > 0 && isSame;
}

/**
 * Asks for what the listing should have told and did not: whether a mailbox can be opened at all, where STATUS was
 * silent of it alone, and, where mailboxes are missing, the STATUS of those that are new and may be them.
 */
async function asTheyAre(
  client: ImapFlow,
  named: readonly ListedMailbox[],
  stored: readonly MailboxRow[],
  commandTimeout: number,
): Promise<ListedMailbox[]> {
  const isTold = named.some(({ status }) => status !== null);
  const known = new Map(stored.map((row) => [row.remoteId, row]));
  const names = new Set(named.map(({ remoteId }) => remoteId));
  const isAnyMissing = stored.some(({ remoteId }) => !names.has(remoteId));
  const listed: ListedMailbox[] = [];
  for (const mailbox of named) {
    const mayBeRenamed = !isTold && isAnyMissing && mailbox.isSelectable && !known.has(mailbox.remoteId);
    const row = known.get(mailbox.remoteId);
    // Without STATUS only a look that failed raises the doubt, and only opening it settles it.
    const isDoubtful = isTold || (row !== undefined && (row.problem !== null || !row.isSelectable));
    if (isDoubtful) listed.push(await asItIs(client, mailbox, commandTimeout));
    else if (!mayBeRenamed) listed.push(mailbox);
    else listed.push({ ...mailbox, status: await mailboxStatus(client, mailbox.remoteId, commandTimeout) });
  }
  return listed;
}

/**
 * A mailbox of which STATUS says nothing may be a name only: Dovecot lists a subscribed one that was deleted under its
 * children as if it could be opened. That it can't be, and not for want of anything that passes (RFC 5530), tells.
 */
async function asItIs(
  client: ImapFlow,
  mailbox: ListedMailbox,
  commandTimeout: number,
): Promise<ListedMailbox> {
  if (!mailbox.isSelectable || mailbox.status !== null) return mailbox;
  try {
    await openMailbox(client, mailbox.remoteId, commandTimeout);
    return mailbox;
  } catch (error) {
    if (!client.usable || !(error instanceof Error)) throw error;
    const code: unknown = Reflect.get(error, 'serverResponseCode') ?? 'NONEXISTENT';
    const isName = Reflect.get(error, 'responseStatus') === 'NO' && code === 'NONEXISTENT';
    return isName ? { ...mailbox, isSelectable: false } : mailbox;
  }
}

/** Whether the server, asked for one mailbox alone by STATUS and by LIST, has none of this name. */
async function isUnknown(client: ImapFlow, remoteId: string, commandTimeout: number): Promise<boolean> {
  try {
    await untilSilent(
      client,
      client.status(remoteId, { messages: true }),
      commandTimeout,
      () => new MailProblem('timeout', 'STATUS'),
    );
    return false;
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'NotFound') return true;
    throw error;
  }
}
