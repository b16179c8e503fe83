import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { MailProblem } from '../../../problem.ts';
import { isWhole } from '../../reading-edges.ts';
import { aboutCopies } from './about.ts';
import { knownCopies } from './alike.ts';
import { copiedBefore } from './copied-before.ts';
import { finish, mailbox, type OperationParts, type PendingRow, settle } from './parts.ts';
import { locate, type Placed } from './place.ts';

/** Where copies lie on the server, as far as that can be told. */
export interface Places {
  placed: Placed[];
  /** The next look at their mailbox is to tell. */
  waiting: string[];
  /** Looks have not found them either. */
  lost: string[];
}

/** Milliseconds for which a look may end that had begun before the copy was in the mailbox. */
const longestLook = 60_000;

/**
 * Where copies lie on the server now. Those of which nobody has said where they were put, or whose UIDs mean nothing
 * any more, are looked for in their mailboxes.
 */
export async function findPlaces(
  parts: OperationParts,
  client: ImapFlow,
  { problem }: PendingRow,
  copyIds: readonly string[],
): Promise<Places> {
  const placed = await locate(parts, copyIds);
  const known = new Set(placed.map(({ copyId }) => copyId));
  const unfiled = await unfiledCopies(parts, copyIds);
  const unplaced = (await knownCopies(parts, copyIds)).filter(
    ({ copyId }) => !known.has(copyId) && !unfiled.has(copyId),
  );
  const [waiting, lost]: [string[], string[]] = [[], []];
  for (const [mailboxId, copies] of Map.groupBy(unplaced, (copy) => copy.mailboxId)) {
    const row = await mailbox(parts, mailboxId);
    const isRead = row.cursor !== null && isWhole(row.cursor);
    const ids = copies.map(({ copyId }) => copyId);
    // Of a mailbox that is still being read, the message may be among the older ones.
    const found = await copiedBefore(parts, client, ids, isRead ? row : { ...row, cursor: null });
    for (const [copyId, place] of found) placed.push({ copyId, place: { mailboxId, ...place } });
    const since = problem === null ? Date.now() : Date.parse(problem.at);
    const isLookedAt = isRead && (row.lastSyncedAt?.getTime() ?? 0) > since + longestLook;
    (isLookedAt ? lost : waiting).push(...ids.filter((copyId) => !found.has(copyId)));
  }
  return { placed, waiting, lost };
}

/** Those of the copies that the server is still to get: what has been made of them until then goes with them. */
async function unfiledCopies(
  { db, accountId }: OperationParts,
  copyIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select c.id from mailbox_emails c
    where c.account_id = ${accountId} and c.id = any(${sql.param([...copyIds])}::uuid[]) and c.uid is null and (
      exists (
        select 1 from submissions s
        where s.account_id = c.account_id and s.email_id = c.email_id and s.status not in ('sent', 'canceled')
      )
      or exists (
        select 1 from pending_operations p
        where p.account_id = c.account_id and not p.is_settled and p.operation ->> 'copyId' = c.id::text
      )
    )`);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Ends an operation that has reached the copies that were placed: of the others it waits, or says that they are gone.
 * @throws MailProblem `not_here_yet`
 */
export async function settlePlaces(
  parts: OperationParts,
  row: PendingRow,
  { waiting, lost }: Places,
  write: Parameters<typeof finish>[2] = async () => undefined,
): Promise<number> {
  if (waiting.length > 0) throw new MailProblem('not_here_yet');
  if (lost.length === 0) return finish(parts, row, write);
  // The next look takes them out of the mailbox in which they are not.
  return settle(parts, row, new MailProblem('message_gone'), await aboutCopies(parts, lost, null), write);
}
