import { runBulk } from '#mail/bulk/run.ts';
import { pokeAccount, tellState } from '#mail/notify.ts';
import type { JobPayloads } from '#platform/queues.ts';
import type { WorkerDeps } from '../deps.ts';

export type BulkDeps = Pick<WorkerDeps, 'config' | 'db' | 'messages' | 'queues'>;

/** One turn of an action on very many mails: then others have theirs. */
export async function processBulk(deps: BulkDeps, payload: JobPayloads['bulk']): Promise<void> {
  const { config, db, messages, queues } = deps;
  const { accountId } = payload;
  const until = new Date(Date.now() + config.QUEUE_BULK_TIME);
  const isUnfinished = await runBulk(db, payload, { until, now: () => new Date() }, async (state) => {
    await tellState(messages, accountId, state);
    await pokeAccount(messages, accountId, { kind: 'operations' });
  });
  if (isUnfinished) await queues.add('bulk', payload, { turn: 'last' });
}
