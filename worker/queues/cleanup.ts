import { forgetOldAttempts } from '#identity/lockout.ts';
import { removeExpiredSetups, waitingSetups } from '#mail/accounts/setups.ts';
import { dueBulkJobs, forgetBulkJobs } from '#mail/bulk/reading.ts';
import { forgetDrafts } from '#mail/drafts/discard.ts';
import { askForFiling, dueFilings } from '#mail/drafts/filing.ts';
import { pokeAccount, tellState } from '#mail/notify.ts';
import { dueSubmissions } from '#mail/outbox/deliver/claim.ts';
import { dueDeferred, recoverStaleDeferred } from '#mail/outbox/deliver/deferred.ts';
import { forgetHandovers } from '#mail/outbox/deliver/handovers.ts';
import { recoverStaleSubmissions } from '#mail/outbox/deliver/stale.ts';
import { dueAfterSending } from '#mail/outbox/due-after-sending.ts';
import { accountsToLearnFrom, learnPeople } from '#mail/people/learn.ts';
import { accountsWithDepartedEmails, removeDepartedEmails } from '#mail/sync/depart.ts';
import { accountsWithDueOperations } from '#mail/sync/imap/operations/run.ts';
import { dueSystemMessages, recoverStaleSystemMessages } from '#mail/system/deliver.ts';
import type { WorkerDeps } from '../deps.ts';
import { afterSending } from './send.ts';

export type CleanupDeps = Pick<WorkerDeps, 'config' | 'db' | 'queues' | 'messages' | 'indexer' | 'log'>;

/** The most rows of one kind that one sweep enqueues. */
const most = 500;
/** How long one sweep reads mail for people, in milliseconds; the next one goes on. */
const learningTime = 2000;

type Step = (deps: CleanupDeps, now: Date) => Promise<void>;

/** What a sweep does, in its order: what somebody waits for first. */
const steps: readonly Step[] = [
  settleStale,
  enqueueDue,
  carryOutOperations,
  finishSent,
  fileDrafts,
  removeExpired,
  removeDeparted,
  learnFromMail,
];

/**
 * The sweeper: whatever is due stands in Postgres and is found here, whether or not a job speaks of it. Removes what
 * has expired. A step that fails keeps none of the others from being done.
 * @throws AggregateError what the steps threw, once all were tried
 */
export async function processCleanup(deps: CleanupDeps): Promise<void> {
  const now = new Date();
  const failures: unknown[] = [];
  deps.indexer.wake();
  for (const step of steps) {
    try {
      await step(deps, now);
    } catch (error) {
      deps.log.warn(
        { err: error, step: step.name },
        'a step of the sweep failed; the next sweep tries again',
      );
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The sweep is not whole.');
}

async function enqueueDue({ config, db, queues }: CleanupDeps, now: Date): Promise<void> {
  for (const setupId of await waitingSetups(db)) await queues.add('process', { setupId }, { key: setupId });
  for (const due of await dueSubmissions(db, now, most)) {
    await queues.add('send', due, { key: due.submissionId, turn: 'planned' });
  }
  for (const due of await dueDeferred(db, now, most)) {
    await queues.add('send', due, { key: due.submissionId, turn: 'last' });
  }
  if (config.SYSTEM_SMTP_URL !== null) {
    for (const systemMessageId of await dueSystemMessages(db, now))
      await queues.add('notifications', { systemMessageId }, { key: systemMessageId });
  }
  for (const due of await dueBulkJobs(db, now))
    await queues.add('bulk', due, { key: due.jobId, turn: 'last' });
}

async function settleStale({ config, db, messages }: CleanupDeps, now: Date): Promise<void> {
  const lifetime = config.SEND_CLAIM_LIFETIME;
  for (const { accountId, state } of await recoverStaleSubmissions(db, now, lifetime)) {
    await tellState(messages, accountId, state);
  }
  for (const { accountId, state } of await recoverStaleDeferred(db, now, lifetime)) {
    await tellState(messages, accountId, state);
  }
  await recoverStaleSystemMessages(db, now, lifetime);
}

async function carryOutOperations({ db, messages }: CleanupDeps, now: Date): Promise<void> {
  for (const accountId of await accountsWithDueOperations(db, now)) {
    await pokeAccount(messages, accountId, { kind: 'operations' });
  }
}

async function finishSent(deps: CleanupDeps, now: Date): Promise<void> {
  for (const sent of await dueAfterSending(deps.db, now)) await afterSending(deps, sent);
}

async function fileDrafts({ db, messages }: CleanupDeps): Promise<void> {
  for (const { accountId, draftId } of await dueFilings(db)) {
    await tellState(messages, accountId, await askForFiling(db, accountId, draftId));
    await pokeAccount(messages, accountId, { kind: 'operations' });
  }
}

async function removeExpired({ config, db }: CleanupDeps, now: Date): Promise<void> {
  await removeExpiredSetups(db, now);
  await forgetDrafts(db, now);
  await forgetBulkJobs(db, now);
  await forgetHandovers(db, now, config.LIMIT_SEND.seconds);
  await forgetOldAttempts(db);
}

async function removeDeparted({ db, log }: CleanupDeps, now: Date): Promise<void> {
  for (const accountId of await accountsWithDepartedEmails(db, now)) {
    try {
      await removeDepartedEmails(db, accountId, now);
    } catch (error) {
      log.warn({ err: error, accountId }, 'what has departed was not removed; the next sweep tries again');
    }
  }
}

async function learnFromMail({ db }: CleanupDeps, now: Date): Promise<void> {
  const end = performance.now() + learningTime;
  for (const accountId of await accountsToLearnFrom(db, now)) {
    while (performance.now() < end && (await learnPeople(db, accountId, now)));
  }
}
