import { removeExpiredSetups, waitingSetups } from '#mail/accounts/setups.ts';
import { dueBulkJobs, forgetBulkJobs } from '#mail/bulk/reading.ts';
import { forgetDrafts } from '#mail/drafts/discard.ts';
import { askForFiling, dueFilings } from '#mail/drafts/filing.ts';
import { pokeAccount, tellState } from '#mail/notify.ts';
import { dueArchivings } from '#mail/outbox/archive-answered.ts';
import { dueSubmissions } from '#mail/outbox/deliver/claim.ts';
import { recoverStaleSubmissions } from '#mail/outbox/deliver/stale.ts';
import { accountsToLearnFrom, learnPeople } from '#mail/people/learn.ts';
import { accountsWithDepartedEmails, removeDepartedEmails } from '#mail/sync/depart.ts';
import { accountsWithDueOperations } from '#mail/sync/imap/operations/run.ts';
import { dueSystemMessages, recoverStaleSystemMessages } from '#mail/system/deliver.ts';
import type { WorkerDeps } from '../deps.ts';
import { afterSending } from './send.ts';

export type CleanupDeps = Pick<WorkerDeps, 'config' | 'db' | 'queues' | 'messages' | 'indexer' | 'log'>;

/** The most rows of one kind that one sweep enqueues. */
const most = 500;
/** The most batches of one account's mail that one sweep reads for people. */
const mostBatches = 10;

/**
 * The sweeper: whatever is due stands in Postgres and is found here, whether or not a job speaks of it. Removes what
 * has expired.
 */
export async function processCleanup({
  config,
  db,
  queues,
  messages,
  indexer,
  log,
}: CleanupDeps): Promise<void> {
  const now = new Date();
  await removeExpiredSetups(db, now);
  await forgetDrafts(db, now);
  await forgetBulkJobs(db, now);
  indexer.wake();
  for (const { accountId, state } of await recoverStaleSubmissions(db, now, config.SEND_CLAIM_LIFETIME)) {
    await tellState(messages, accountId, state);
  }
  await recoverStaleSystemMessages(db, now, config.SEND_CLAIM_LIFETIME);
  if (config.SYSTEM_SMTP_URL !== null) {
    for (const systemMessageId of await dueSystemMessages(db, now))
      await queues.add('notifications', { systemMessageId }, { key: systemMessageId });
  }
  for (const setupId of await waitingSetups(db)) await queues.add('process', { setupId }, { key: setupId });
  for (const due of await dueSubmissions(db, now, most)) {
    await queues.add('send', due, { key: due.submissionId, turn: 'planned' });
  }
  for (const { accountId, draftId } of await dueFilings(db)) {
    await tellState(messages, accountId, await askForFiling(db, accountId, draftId));
  }
  for (const due of await dueBulkJobs(db, now))
    await queues.add('bulk', due, { key: due.jobId, turn: 'last' });
  for (const sent of await dueArchivings(db, now)) await afterSending({ db, messages, log }, sent);
  for (const accountId of await accountsWithDueOperations(db, now)) {
    await pokeAccount(messages, accountId, { kind: 'operations' });
  }
  for (const accountId of await accountsToLearnFrom(db, now)) {
    for (let batch = 0; batch < mostBatches && (await learnPeople(db, accountId, now)); ) batch += 1;
  }
  for (const accountId of await accountsWithDepartedEmails(db, now)) {
    try {
      await removeDepartedEmails(db, accountId, now);
    } catch (error) {
      log.warn({ err: error, accountId }, 'what has departed was not removed; the next sweep tries again');
    }
  }
}
