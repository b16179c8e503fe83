import { sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import type { Copy } from './copies.ts';
import { enqueueOperation } from './enqueue.ts';

/**
 * Copies mails to another mailbox, here at once and on the server by an operation. A mail that lies there already is
 * passed over, and one that has several copies is copied once.
 * @returns the copies that were made, each with the mailbox that it lies in
 */
export async function copyCopies(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  toMailboxId: string,
  state: number,
): Promise<Copy[]> {
  const perEmail = new Map(copies.map((copy) => [copy.emailId, copy]));
  const { rows: there } = await tx.execute<{ email_id: string }>(sql`
    select email_id from mailbox_emails
    where account_id = ${accountId} and mailbox_id = ${toMailboxId}
      and email_id = any(${sql.param([...perEmail.keys()])}::uuid[])`);
  for (const { email_id } of there) perEmail.delete(email_id);
  const made = [...perEmail.values()].map((source) => ({ source, id: newId() }));
  if (made.length === 0) return [];
  const sources = made.map(({ source }) => source.id);
  const copyIds = made.map(({ id }) => id);
  await tx.execute(sql`
    insert into mailbox_emails
      (account_id, id, mailbox_id, email_id, thread_id, received_at, is_seen, is_flagged, keywords, state)
    select c.account_id, n.id, ${toMailboxId}, c.email_id, c.thread_id, c.received_at, c.is_seen, c.is_flagged,
      c.keywords, ${state}
    from unnest(${sql.param(copyIds)}::uuid[], ${sql.param(sources)}::uuid[]) n (id, source)
    join mailbox_emails c on c.account_id = ${accountId} and c.id = n.source`);
  await enqueueOperation(tx, accountId, {
    kind: 'copy',
    copyIds,
    sources: Object.fromEntries(made.map(({ id, source }) => [id, source.id])),
    toMailboxId,
  });
  return made.map(({ id, source }) => ({
    ...source,
    id,
    mailboxId: toMailboxId,
    uid: null,
    uidValidity: null,
  }));
}
