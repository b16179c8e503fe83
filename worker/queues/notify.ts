import { deliverSystemMessage } from '#mail/system/deliver.ts';
import type { SystemMailSettings } from '#mail/system/settings.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';

export type NotifyDeps = Pick<WorkerDeps, 'config' | 'db' | 'log' | 'queues' | 'ring'>;

/** The operator's own server may stand anywhere: nobody else has typed its address. */
const anywhere = createAddressPolicy(['0.0.0.0/0', '::/0']);

/** Sends one of Mailroom's own mails that is due. */
export async function processNotification(
  deps: NotifyDeps,
  settings: SystemMailSettings,
  { systemMessageId }: JobPayloads['notifications'],
): Promise<void> {
  const { config } = deps;
  const limits = { connectTimeout: config.IMAP_CONNECT_TIMEOUT, smtpTimeout: config.SMTP_TIMEOUT };
  await deliverSystemMessage(
    {
      ...deps,
      limits,
      policy: anywhere,
      retryDelay: config.SEND_RETRY_DELAY,
      claimLifetime: config.SEND_CLAIM_LIFETIME,
      now: () => new Date(),
      random: Math.random,
    },
    settings,
    systemMessageId,
  );
}
