import { pokeAccount, tellState } from '#mail/notify.ts';
import { archiveAnswered } from '#mail/outbox/archive-answered.ts';
import { deliverSubmission } from '#mail/outbox/deliver/deliver.ts';
import { rememberRecipients } from '#mail/people/write.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';

export type SendDeps = Pick<WorkerDeps, 'config' | 'db' | 'log' | 'messages' | 'policy' | 'queues' | 'ring'>;

/** Sends one submission that is due, tells the browsers, and has the copy in Sent filed. */
export async function processSend(deps: SendDeps, payload: JobPayloads['send']): Promise<void> {
  const { config, messages, queues } = deps;
  const limits = { connectTimeout: config.IMAP_CONNECT_TIMEOUT, smtpTimeout: config.SMTP_TIMEOUT };
  const delivery = await deliverSubmission(
    {
      ...deps,
      limits,
      retryDelay: config.SEND_RETRY_DELAY,
      sendLimit: config.LIMIT_SEND,
      claimLifetime: config.SEND_CLAIM_LIFETIME,
      now: () => new Date(),
      random: Math.random,
    },
    payload,
  );
  if (delivery.status === 'not_due' || delivery.status === 'not_ours') return;
  await tellState(messages, payload.accountId, delivery.state);
  if (delivery.status === 'sent') {
    await rememberWhom(deps, payload);
    await afterSending(deps, payload);
  }
  if (delivery.status === 'queued') {
    const delay = Math.max(0, delivery.nextAttemptAt.getTime() - Date.now());
    await queues.add('send', payload, { delay, turn: 'last' });
  }
}

/** Completing recipients is a convenience: a message that was taken is not to look as if it had failed for it. */
async function rememberWhom(
  { db, log }: Pick<SendDeps, 'db' | 'log'>,
  { accountId, submissionId }: JobPayloads['send'],
): Promise<void> {
  try {
    await rememberRecipients(db, accountId, submissionId);
  } catch (error) {
    log.warn({ err: error, accountId, submissionId }, 'whom a message went to was not remembered');
  }
}

/** What the sweeper does too, should this process die first. */
export async function afterSending(
  { db, messages, log }: Pick<SendDeps, 'db' | 'messages' | 'log'>,
  { accountId, submissionId }: JobPayloads['send'],
): Promise<void> {
  try {
    const state = await archiveAnswered(db, accountId, submissionId);
    if (state !== null) await tellState(messages, accountId, state);
  } catch (error) {
    // The message has been taken: nothing that fails now may look as if sending had failed.
    log.warn({ err: error, accountId, submissionId }, 'an answered conversation was not archived');
  }
  await pokeAccount(messages, accountId, { kind: 'operations' });
}
