import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { accounts, mailboxEmails, mailboxes, type StoredProblem, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { setKeyword } from '../../actions/copies.ts';
import { enqueueOperation } from '../../actions/enqueue.ts';
import { storedProblem } from '../../problem.ts';
import { recountThreads } from '../../recount.ts';
import type { Acceptance } from '../../smtp/send.ts';
import { raiseState } from '../../state.ts';
import { filesSentMail } from '../files-sent.ts';
import type { ClaimedSubmission } from './claim.ts';
import { deferDelivery, sortRefusals } from './defer.ts';
import type { FailedDelivery } from './failure.ts';
import { uncountHandover } from './handovers.ts';

type Row = typeof submissions.$inferSelect;

/** Takes back a transaction in which the claim turned out to be somebody else's. */
class NotOurs extends Error {}

async function ifOurs<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NotOurs) return null;
    throw error;
  }
}

/**
 * Commits that the server took the message, with all that follows from it: the copy in Sent is to be filed, the
 * answered mail is marked, whom the server would not take for now is tried again. One transaction, before anything else
 * happens.
 * @returns the account's new state, or null where the submission is not ours to settle any more
 */
export function settleAccepted(
  db: Database,
  claimed: ClaimedSubmission,
  acceptance: Acceptance,
  now: Date,
): Promise<number | null> {
  return ifOurs(
    inTransaction(db, async (tx) => {
      const state = await raiseState(tx, claimed.accountId);
      const { refused, deferred } = sortRefusals(acceptance.refused, claimed.attempt);
      const [row] = await tx
        .update(submissions)
        .set({
          status: 'sent',
          sentAt: now,
          isToRemember: true,
          refused,
          problem: reportProblem(acceptance.report, now),
          claim: null,
          state,
        })
        // Also where a sweeper took us for dead meanwhile: the server's word ends the doubt.
        .where(
          and(
            eq(submissions.accountId, claimed.accountId),
            eq(submissions.id, claimed.id),
            eq(submissions.claim, claimed.claim),
            inArray(submissions.status, ['sending', 'unconfirmed']),
          ),
        )
        .returning();
      if (row === undefined) throw new NotOurs();
      if (deferred.length > 0) await deferDelivery(tx, claimed, deferred);
      await followAcceptance(tx, row, state);
      return state;
    }),
  );
}

/** What is said to a person who has asked for a report that will not come. */
function reportProblem(report: Acceptance['report'], now: Date): StoredProblem | null {
  if (report.kind === 'not_offered') return storedProblem('dsn_not_offered', null, now);
  return report.kind === 'refused' ? storedProblem('dsn_refused', report.reply, now) : null;
}

/**
 * What follows once it is known that a server took the message. Where the provider files its own copy in Sent, the
 * copy here waits without a UID for the sync to find it by its Message-ID; its size there may differ.
 */
export async function followAcceptance(tx: Transaction, row: Row, state: number): Promise<void> {
  const [account] = await tx
    .select({ isGmail: accounts.isGmail, smtp: accounts.smtp })
    .from(accounts)
    .where(eq(accounts.id, row.accountId));
  if (account !== undefined && !filesSentMail(account)) await fileSentCopy(tx, row);
  await markRelated(tx, row, state);
}

async function fileSentCopy(tx: Transaction, row: Row): Promise<void> {
  const copies = await tx
    .select({ id: mailboxEmails.id, mailboxId: mailboxEmails.mailboxId, role: mailboxes.role })
    .from(mailboxEmails)
    .innerJoin(
      mailboxes,
      and(eq(mailboxes.accountId, mailboxEmails.accountId), eq(mailboxes.id, mailboxEmails.mailboxId)),
    )
    .where(
      and(
        eq(mailboxEmails.accountId, row.accountId),
        eq(mailboxEmails.emailId, row.emailId),
        isNull(mailboxEmails.uid),
      ),
    );
  const copy = copies.find(({ role }) => role === 'sent') ?? copies[0];
  // Gone where the person deleted it while it was on its way.
  if (copy === undefined) return;
  await enqueueOperation(tx, row.accountId, {
    kind: 'append',
    copyId: copy.id,
    mailboxId: copy.mailboxId,
    submissionId: row.id,
  });
}

/** RFC 9051 §2.3.2 `\Answered` and `$Forwarded`, on every copy of the mail that was answered or forwarded. */
const relatedKeywords = { reply: '$answered', forward: '$forwarded' } as const;

async function markRelated(tx: Transaction, row: Row, state: number): Promise<void> {
  if (row.relatedEmailId === null || row.relation === null || row.relation === 'edit') return;
  const keyword = relatedKeywords[row.relation];
  const copies = await tx
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, row.accountId), eq(mailboxEmails.emailId, row.relatedEmailId)));
  const unmarked = copies.filter((copy) => !copy.keywords.includes(keyword));
  await setKeyword(tx, row.accountId, unmarked, keyword, true, state);
  const threadIds = [...new Set(unmarked.map((copy) => copy.threadId))];
  await recountThreads(tx, row.accountId, threadIds, state);
}

/**
 * Writes down a failed delivery where the claim is still ours.
 * @returns the account's new state, or null where it is not
 */
export function settleFailed(
  db: Database,
  claimed: ClaimedSubmission,
  failure: FailedDelivery,
  now: Date,
): Promise<number | null> {
  const problem = storedProblem(failure.code, failure.detail, now);
  return ifOurs(
    inTransaction(db, async (tx) => {
      const state = await raiseState(tx, claimed.accountId);
      const settled = await tx
        .update(submissions)
        .set({
          status: failure.status,
          problem,
          claim: null,
          state,
          // Whom the server refused before a message of which nobody knows stays written down.
          ...(failure.status === 'unconfirmed' ? {} : { dataStartedAt: null, refused: failure.refused }),
        })
        // Also where a sweeper took us for dead meanwhile: a clear answer ends the doubt.
        .where(
          and(
            eq(submissions.accountId, claimed.accountId),
            eq(submissions.id, claimed.id),
            eq(submissions.claim, claimed.claim),
            inArray(submissions.status, ['sending', 'unconfirmed']),
          ),
        )
        .returning({ id: submissions.id });
      if (settled.length === 0) throw new NotOurs();
      if (failure.status !== 'unconfirmed') await uncountHandover(tx, claimed);
      if (failure.isAccountProblem) {
        await tx.update(accounts).set({ problem }).where(eq(accounts.id, claimed.accountId));
      }
      return state;
    }),
  );
}

/**
 * Settles the submissions of which it was not known whether they arrived, and whose message lies in Sent: the provider
 * puts it there when it takes it. For the sync, in the transaction that has stored copies of this mailbox.
 */
export async function settleFoundInSent(
  tx: Transaction,
  accountId: string,
  mailboxId: string,
  state: number,
): Promise<void> {
  const isInSent = sql`exists (
    select 1 from emails e
    join mailbox_emails c on c.account_id = e.account_id and c.email_id = e.id
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where e.account_id = ${submissions.accountId} and e.message_id = ${submissions.messageId}
      and c.mailbox_id = ${mailboxId} and c.uid is not null and m.role = 'sent')`;
  const rows = await tx
    .update(submissions)
    .set({ status: 'sent', sentAt: sql`now()`, isToRemember: true, problem: null, claim: null, state })
    .where(and(eq(submissions.accountId, accountId), eq(submissions.status, 'unconfirmed'), isInSent))
    .returning();
  for (const row of rows) await markRelated(tx, row, state);
}
