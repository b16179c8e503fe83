import { trySetup } from '#mail/accounts/try-setup.ts';
import { tellUser } from '#mail/notify.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';

export type ProcessDeps = Pick<WorkerDeps, 'config' | 'db' | 'log' | 'messages' | 'policy' | 'ring'>;

/** Tries an account's settings for a person who waits for it, and has a new account's mail fetched at once. */
export async function processSetup(
  deps: ProcessDeps,
  supervisor: { look(): Promise<void> },
  payload: JobPayloads['process'],
): Promise<void> {
  const { config } = deps;
  const limits = {
    connectTimeout: config.IMAP_CONNECT_TIMEOUT,
    commandTimeout: config.IMAP_COMMAND_TIMEOUT,
    smtpTimeout: config.SMTP_TIMEOUT,
  };
  const outcome = await trySetup({ ...deps, limits, now: () => new Date() }, payload.setupId);
  if (outcome.status === 'not_waiting') return;
  await tellUser(deps.messages, outcome.ownerId);
  if (outcome.status === 'done') await supervisor.look();
}
