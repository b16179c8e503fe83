import { pokeAccount } from '#mail/notify.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';
import type { Supervisor } from '../supervisor.ts';

/**
 * One account's turn to bring older mail: a bounded batch, then its successor at the end of the line. A job of an
 * account that another worker holds is handed to that one.
 */
export async function processSync(
  deps: WorkerDeps,
  supervisor: Supervisor,
  { accountId }: JobPayloads['sync'],
): Promise<void> {
  const session = supervisor.session(accountId);
  if (session === null) {
    await pokeAccount(deps.messages, accountId, { kind: 'backfill' });
    return;
  }
  if (await session.runBackfill()) await deps.queues.add('sync', { accountId });
}
