import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { type AwaitedCopy, type CopyPlace, mailboxEmails } from '#db/schema.ts';
import { looksOf } from '../emails/copy-looks.ts';
import { enqueueOperation } from './enqueue.ts';
import { learnFromMove } from './junk-learning.ts';

export type Copy = Pick<
  typeof mailboxEmails.$inferSelect,
  'id' | 'mailboxId' | 'emailId' | 'threadId' | 'uid' | 'uidValidity' | 'keywords'
>;

/** What an action must know of a copy. */
export const copyColumns = {
  id: mailboxEmails.id,
  mailboxId: mailboxEmails.mailboxId,
  emailId: mailboxEmails.emailId,
  threadId: mailboxEmails.threadId,
  uid: mailboxEmails.uid,
  uidValidity: mailboxEmails.uidValidity,
  keywords: mailboxEmails.keywords,
};

/** Where copies lie on the server; of those that are still on their way, where they come to. */
async function placesOf(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  state: number,
): Promise<Record<string, CopyPlace>> {
  const places: Record<string, CopyPlace> = await awaitedPlaces(
    tx,
    accountId,
    copies.filter(({ uid }) => uid === null).map(({ id }) => id),
    state,
  );
  for (const { id, mailboxId, uid, uidValidity } of copies) {
    if (uid !== null && uidValidity !== null) places[id] = { mailboxId, uidValidity, uid };
  }
  return places;
}

async function awaitedPlaces(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  state: number,
): Promise<Record<string, AwaitedCopy>> {
  const looks = await looksOf(tx, accountId, copyIds);
  return Object.fromEntries(
    looks.map(({ copyId, receivedAt, sentAt, ...rest }) => [
      copyId,
      {
        ...rest,
        uid: null,
        receivedAt: receivedAt.toISOString(),
        sentAt: sentAt?.toISOString() ?? null,
        state,
      },
    ]),
  );
}

/** Sets or clears a keyword on copies, here at once and on the server by an operation. */
export async function setKeyword(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  keyword: string,
  isSet: boolean,
  state: number,
): Promise<void> {
  if (copies.length === 0) return;
  const copyIds = copies.map((copy) => copy.id);
  await changeKeyword(tx, accountId, copyIds, keyword, isSet, state);
  await enqueueOperation(tx, accountId, {
    kind: 'store',
    copyIds,
    add: isSet ? [keyword] : [],
    remove: isSet ? [] : [keyword],
  });
}

/** Sets or clears a keyword on copies here. The server is not told. */
export async function changeKeyword(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  keyword: string,
  isSet: boolean,
  state: number,
): Promise<void> {
  const without = sql`array_remove(keywords, ${keyword}::text)`;
  await tx.execute(sql`
    update mailbox_emails set
      keywords = ${isSet ? sql`(select array_agg(k order by k) from unnest(array_append(${without}, ${keyword}::text)) k)` : without},
      is_seen = case when ${keyword}::text = '$seen' then ${isSet}::boolean else is_seen end,
      is_flagged = case when ${keyword}::text = '$flagged' then ${isSet}::boolean else is_flagged end,
      state = ${state}
    where account_id = ${accountId} and id = any(${sql.param([...copyIds])}::uuid[])`);
}

/** Moves copies to another mailbox, here at once and on the server by an operation. */
export async function moveCopies(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  toMailboxId: string,
  state: number,
): Promise<void> {
  const moving = copies.filter((copy) => copy.mailboxId !== toMailboxId);
  if (moving.length === 0) return;
  const copyIds = moving.map((copy) => copy.id);
  await learnFromMove(tx, accountId, moving, toMailboxId);
  const from = await placesOf(tx, accountId, moving, state);
  await tx.execute(sql`
    update mailbox_emails
    set mailbox_id = ${toMailboxId}, uid = null, uid_validity = null, modseq = null, state = ${state}
    where account_id = ${accountId} and id = any(${sql.param(copyIds)}::uuid[])`);
  await enqueueOperation(tx, accountId, { kind: 'move', copyIds, from, toMailboxId });
}

/** Takes copies of mails away that another mailbox holds too; on the server by moving them there. */
export async function takeOffLabel(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  keptInMailboxId: string,
  state: number,
): Promise<void> {
  if (copies.length === 0) return;
  await enqueueOperation(tx, accountId, {
    kind: 'move',
    copyIds: [],
    from: await placesOf(tx, accountId, copies, state),
    toMailboxId: keptInMailboxId,
  });
  await removeCopies(
    tx,
    accountId,
    copies.map((copy) => copy.id),
    state,
  );
}

/** Removes copies for good, here at once and on the server by an operation. */
export async function destroyCopies(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  state: number,
): Promise<void> {
  if (copies.length === 0) return;
  await enqueueOperation(tx, accountId, {
    kind: 'destroy',
    from: await placesOf(tx, accountId, copies, state),
  });
  await removeCopies(
    tx,
    accountId,
    copies.map((copy) => copy.id),
    state,
  );
}

/** Takes copies out of the store, with Emails and threads that have none left. The server is not told. */
export async function removeCopies(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  state: number,
): Promise<void> {
  if (copyIds.length === 0) return;
  await tx.execute(sql`
    with gone as (
      delete from mailbox_emails where account_id = ${accountId} and id = any(${sql.param(copyIds)}::uuid[])
      returning id, email_id
    )
    insert into tombstones (account_id, kind, id, state)
    select ${accountId}, 'mailbox_email', id::text, ${state} from gone
    on conflict (account_id, kind, id) do update set state = excluded.state`);
}

/** Removes Emails of these threads that no copy, submission or settling holds any more, and threads without Emails. */
export async function removeOrphans(
  tx: Transaction,
  accountId: string,
  threadIds: readonly string[],
  state: number,
): Promise<void> {
  if (threadIds.length === 0) return;
  await tx.execute(sql`
    with gone as (
      delete from emails e
      where e.account_id = ${accountId} and e.thread_id = any(${sql.param(threadIds)}::uuid[])
        and not exists (select 1 from mailbox_emails c where c.account_id = e.account_id and c.email_id = e.id)
        and not exists (
          select 1 from submissions s
          where s.account_id = e.account_id and s.email_id = e.id and s.status not in ('sent', 'canceled')
        )
        and not exists (select 1 from departed_emails d where d.account_id = e.account_id and d.email_id = e.id)
      returning id
    )
    insert into tombstones (account_id, kind, id, state)
    select ${accountId}, 'email', id::text, ${state} from gone
    on conflict (account_id, kind, id) do update set state = excluded.state`);
  await tx.execute(sql`
    with gone as (
      delete from threads t
      where t.account_id = ${accountId} and t.id = any(${sql.param(threadIds)}::uuid[]) and t.merged_into is null
        and not exists (select 1 from emails e where e.account_id = t.account_id and e.thread_id = t.id)
      returning id
    ),
    forgotten as (
      delete from thread_message_ids where account_id = ${accountId} and thread_id in (select id from gone)
    )
    insert into tombstones (account_id, kind, id, state)
    select ${accountId}, 'thread', id::text, ${state} from gone
    on conflict (account_id, kind, id) do update set state = excluded.state`);
}
