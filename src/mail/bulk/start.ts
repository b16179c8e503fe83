import { sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database } from '#db/client.ts';
import { type BulkAction, type BulkSource, bulkJobs } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { existingMailbox } from '../mailboxes/reading.ts';
import { MailProblem } from '../problem.ts';

/** Mails that one transaction changes: it holds the account's lock for some tens of milliseconds. */
const batchSize = 200;

/**
 * Begins an action on very many mails: which ones is settled here, so that what comes in meanwhile is left alone. A
 * worker carries it out.
 * @throws MailProblem `mailbox_gone`, `nothing_to_do`
 */
export async function startBulk(
  db: Database,
  accountId: string,
  request: { source: BulkSource; action: BulkAction },
): Promise<{ jobId: string }> {
  const { source, action } = request;
  const jobId = newId();
  if (source.kind === 'mailbox') await existingMailbox(db, accountId, source.mailboxId);
  if (action.kind === 'move') await existingMailbox(db, accountId, action.toMailboxId);
  const mailboxId = source.kind === 'mailbox' ? source.mailboxId : null;
  const chosen =
    source.kind === 'mailbox'
      ? sql`select email_id, max(received_at) as at from mailbox_emails
          where account_id = ${accountId} and mailbox_id = ${source.mailboxId} group by email_id`
      : sql`select id as email_id, received_at as at from emails
          where account_id = ${accountId} and id = any(${sql.param(source.emailIds)}::uuid[])`;
  await inTransaction(db, async (tx) => {
    await tx
      .insert(bulkJobs)
      .values({ accountId, id: jobId, action, mailboxId, status: 'waiting', total: 0 });
    const { rows } = await tx.execute<{ total: number }>(sql`
      with chosen as (${chosen}),
      numbered as (
        select email_id, (row_number() over (order by at desc, email_id) - 1) / ${batchSize} as position from chosen
      ),
      batches as (
        insert into bulk_batches (account_id, job_id, position, email_ids)
        select ${accountId}, ${jobId}, position, array_agg(email_id) from numbered group by position
      )
      update bulk_jobs set total = (select count(*) from chosen)
      where account_id = ${accountId} and id = ${jobId} returning total`);
    if ((rows[0]?.total ?? 0) === 0) throw new MailProblem('nothing_to_do');
  });
  return { jobId };
}
