import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { ImapCursor } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import { MailProblem } from '../../problem.ts';
import { recountMailbox } from '../../recount-mailbox.ts';
import { raiseState } from '../../state.ts';
import { applyFlags } from '../apply-flags.ts';
import { isInGap, isWhole } from '../reading-edges.ts';
import { removeUnplaced } from '../remove-unplaced.ts';
import { removeVanished } from '../remove-vanished.ts';
import { storedUids } from '../stored-uids.ts';
import { bringMessages, withoutContents } from './bring.ts';
import { fetchBody } from './fetch-content.ts';
import { fetchFacts, type MessageFacts } from './fetch-copies.ts';
import { checkMailbox } from './mailbox-sync.ts';
import { openStoredMailbox } from './open-mailbox.ts';
import type { SyncParts } from './sync-parts.ts';

/** Bodies that the server did not give are asked for again, so many in one repair. */
const mostBodies = 200;

/**
 * Compares a mailbox with the server message by message, whatever is believed of it, and mends what differs: what is
 * missing is fetched, but for what the backfill is about to bring, what is gone is taken out, flags and counts are put right, and bodies that could not be fetched
 * are asked for again. A person asked for it: also the disappearance of most of the mailbox is believed.
 * @returns the cursor as it stands
 */
export async function repairMailbox(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
): Promise<ImapCursor> {
  const { db, accountId, fence, limits } = parts;
  const selected = await openStoredMailbox(parts, client, mailbox);
  const { cursor: known } = mailbox;
  if (known === null || Number(selected.uidValidity) !== known.uidValidity)
    return checkMailbox(parts, client, mailbox);
  // What is new comes as at any look: it may be much.
  const hasNews = selected.uidNext > known.uidNext;
  const cursor = hasNews ? await checkMailbox(parts, client, mailbox) : known;
  const range = `${cursor.backfillBelow}:*`;
  const facts =
    selected.exists === 0 ? [] : await fetchFacts(client, range, { uid: true }, limits.commandTimeout);
  const here = facts.filter(({ uid }) => uid >= cursor.backfillBelow);
  const reached = await bringMissing(parts, client, mailbox, cursor, here);
  const flags = await applyFlags(db, accountId, fence, mailbox.id, cursor.uidValidity, here);
  if (flags !== null) parts.onState(flags);
  const vanished = await removeVanished(db, {
    accountId,
    fence,
    mailboxId: mailbox.id,
    cursor: reached,
    remoteCount: -1,
    reported: null,
    seen: [],
    suspectedSince: new Date(0),
    now: new Date(),
    listUids: async () => here.map(({ uid }) => uid),
  });
  parts.memory.disappearances.delete(mailbox.id);
  if (vanished.state !== null) parts.onState(vanished.state);
  if (isWhole(reached)) {
    const state = await removeUnplaced(db, accountId, fence, mailbox.id);
    if (state !== null) parts.onState(state);
  }
  await recount(parts, mailbox);
  await fetchFailedBodies(parts, client, mailbox);
  return reached;
}

async function bringMissing(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  cursor: ImapCursor,
  facts: readonly MessageFacts[],
): Promise<ImapCursor> {
  const { db, accountId, limits } = parts;
  const uids = facts.map(({ uid }) => uid);
  const stored = await storedUids(db, accountId, mailbox.id, cursor.uidValidity, uids);
  const missing = facts.filter(({ uid }) => !stored.has(uid) && !isInGap(cursor, uid)).toReversed();
  const reached = { ...cursor, uidNext: Math.max(cursor.uidNext, (facts.at(-1)?.uid ?? 0) + 1) };
  for (let at = 0; at < missing.length; at += limits.batchMessages) {
    const batch = missing.slice(at, at + limits.batchMessages);
    // Only when all are here may the cursor pass what was new.
    const after = at + limits.batchMessages >= missing.length ? reached : cursor;
    const listed = withoutContents(batch);
    await bringMessages(parts, client, mailbox, cursor.uidValidity, listed, ({ stalled }) =>
      stalled ? cursor : after,
    );
  }
  return reached;
}

async function recount({ db, accountId, fence, onState }: SyncParts, mailbox: MailboxRow): Promise<void> {
  const state = await inTransaction(db, async (tx) => {
    const raised = await raiseState(tx, accountId, fence);
    await recountMailbox(tx, accountId, mailbox.id, raised);
    return raised;
  });
  onState(state);
}

async function fetchFailedBodies(parts: SyncParts, client: ImapFlow, mailbox: MailboxRow): Promise<void> {
  const { db, accountId } = parts;
  const { rows } = await db.execute<{ id: string }>(sql`
    select e.id from emails e
    where e.account_id = ${accountId} and e.body_status = 'failed' and exists (
      select 1 from mailbox_emails c
      where c.account_id = e.account_id and c.email_id = e.id and c.mailbox_id = ${mailbox.id} and c.uid is not null
    )
    order by e.fetch_attempts, e.id limit ${mostBodies}`);
  for (const { id } of rows) {
    // Written before: one that costs the connection holds up the others once.
    await db.execute(sql`
      update emails set fetch_attempts = fetch_attempts + 1 where account_id = ${accountId} and id = ${id}`);
    try {
      parts.onState(await fetchBody(parts, client, id));
    } catch (error) {
      // It stays as it was, and the connection may be gone; the next repair tries again.
      if (!(error instanceof MailProblem) || !client.usable) throw error;
    }
  }
}
