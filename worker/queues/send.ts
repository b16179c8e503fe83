import { pokeAccount, tellState } from '#mail/notify.ts';
import { archiveAnswered } from '#mail/outbox/archive-answered.ts';
import { deliverDeferred } from '#mail/outbox/deliver/deferred.ts';
import { type DeliverDeps, deliverSubmission } from '#mail/outbox/deliver/deliver.ts';
import { rememberRecipients } from '#mail/people/write.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';

export type SendDeps = Pick<WorkerDeps, 'config' | 'db' | 'log' | 'messages' | 'policy' | 'queues' | 'ring'>;

/**
 * Sends one submission that is due, or tries again the recipients whom the server would not take; tells the browsers, and
 * has the copy in Sent filed.
 */
export async function processSend(deps: SendDeps, payload: JobPayloads['send']): Promise<void> {
  const { config, messages, queues } = deps;
  const limits = { connectTimeout: config.IMAP_CONNECT_TIMEOUT, smtpTimeout: config.SMTP_TIMEOUT };
  const deliver: DeliverDeps = {
    ...deps,
    limits,
    retryDelay: config.SEND_RETRY_DELAY,
    sendLimit: config.LIMIT_SEND,
    claimLifetime: config.SEND_CLAIM_LIFETIME,
    now: () => new Date(),
    random: Math.random,
  };
  const askAgain = (at: Date) =>
    queues.add('send', payload, { delay: Math.max(0, at.getTime() - Date.now()), turn: 'last' });
  const delivery = await deliverSubmission(deliver, payload);
  if (delivery.status === 'not_ours') return;
  if (delivery.status === 'not_due') {
    const deferred = await deliverDeferred(deliver, payload);
    if (deferred.status === 'not_due') return;
    await tellState(messages, payload.accountId, deferred.state);
    if (deferred.status === 'deferred') await askAgain(deferred.nextAttemptAt);
    return;
  }
  await tellState(messages, payload.accountId, delivery.state);
  if (delivery.status === 'sent') {
    if (delivery.deferredUntil !== null) await askAgain(delivery.deferredUntil);
    await afterSending(deps, payload);
  }
  if (delivery.status === 'queued') await askAgain(delivery.nextAttemptAt);
}

/** What the sweeper does too, should this process die first. */
export async function afterSending(
  { db, messages, log }: Pick<SendDeps, 'db' | 'messages' | 'log'>,
  { accountId, submissionId }: JobPayloads['send'],
): Promise<void> {
  // The message has been taken: nothing that fails now may look as if sending had failed.
  try {
    await rememberRecipients(db, accountId, submissionId);
  } catch (error) {
    log.warn({ err: error, accountId, submissionId }, 'whom a message went to was not remembered');
  }
  try {
    const state = await archiveAnswered(db, accountId, submissionId);
    if (state !== null) await tellState(messages, accountId, state);
  } catch (error) {
    log.warn({ err: error, accountId, submissionId }, 'an answered conversation was not archived');
  }
  await pokeAccount(messages, accountId, { kind: 'operations' });
}
