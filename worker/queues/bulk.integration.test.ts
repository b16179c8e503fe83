import { expect, it } from 'vitest';
import { bulkJobView } from '#mail/bulk/reading.ts';
import { startBulk } from '#mail/bulk/start.ts';
import { newTestMailboxes, receive } from '#mail/sync/testing.ts';
import { backends, testDeps, until } from '../testing.ts';
import { processBulk } from './bulk.ts';

it.each(['Postgres', 'Redis'] as const)(
  'an action on very many mails takes its turns on %s, tells the browsers, and run twice is done once',
  async (backend) => {
    const deps = await testDeps({ ...backends[backend], QUEUE_BULK_TIME: '1' });
    const { accountId, inboxId } = await newTestMailboxes(deps.db);
    const uids = Array.from({ length: 450 }, (_none, index) => ({ uid: index + 1 }));
    await receive(deps.db, { accountId, mailboxId: inboxId }, uids);
    const told: unknown[] = [];
    await deps.messages.subscribe(`changes.${accountId}`, (_topic, body) => told.push(body));
    const { jobId } = await startBulk(deps.db, accountId, {
      source: { kind: 'mailbox', mailboxId: inboxId },
      action: { kind: 'keyword', keyword: '$seen', isSet: true },
    });
    let turns = 0;
    deps.queues.work('bulk', 2, async (payload) => {
      turns += 1;
      await processBulk(deps, payload);
    });
    await deps.queues.add('bulk', { accountId, jobId });
    await deps.queues.add('bulk', { accountId, jobId });
    await until(
      () => bulkJobView(deps.db, accountId, jobId),
      (view) => view?.status === 'done',
    );
    expect(await bulkJobView(deps.db, accountId, jobId)).toMatchObject({ done: 450, changed: 450 });
    // A millisecond is over after the first batch: each was a turn of its own.
    expect(turns).toBeGreaterThan(2);
    await until(
      async () => told.length,
      (count) => count >= 3,
    );
  },
);
