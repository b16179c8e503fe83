import { pokeAccount, tellState } from '#mail/notify.ts';
import { deliverSubmission } from '#mail/outbox/deliver.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';

export type SendDeps = Pick<WorkerDeps, 'config' | 'db' | 'log' | 'messages' | 'policy' | 'queues' | 'ring'>;

/** Sends one submission that is due, tells the browsers, and has the copy in Sent filed. */
export async function processSend(deps: SendDeps, payload: JobPayloads['send']): Promise<void> {
  const { config, messages, queues } = deps;
  const limits = { connectTimeout: config.IMAP_CONNECT_TIMEOUT, smtpTimeout: config.SMTP_TIMEOUT };
  const delivery = await deliverSubmission(
    { ...deps, limits, now: () => new Date(), random: Math.random },
    payload,
  );
  if (delivery.status === 'not_due' || delivery.status === 'not_ours') return;
  await tellState(messages, payload.accountId, delivery.state);
  if (delivery.status === 'sent') await pokeAccount(messages, payload.accountId, { kind: 'operations' });
  if (delivery.status === 'queued') {
    const delay = Math.max(0, delivery.nextAttemptAt.getTime() - Date.now());
    await queues.add('send', payload, { delay });
  }
}
