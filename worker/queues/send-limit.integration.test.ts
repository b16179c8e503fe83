import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { submissionView } from '#mail/outbox/reading.ts';
import { makeAccount, makeSubmission, submissionRow, testRing } from '#mail/outbox/testing.ts';
import { scriptedSmtp } from '#mail/smtp/testing.ts';
import { backends, testDeps, until } from '../testing.ts';
import { processCleanup } from './cleanup.ts';
import { processSend } from './send.ts';

/** What Redis has forgotten after a restart without its file. */
async function forgetAll(url: string, prefix: string): Promise<number> {
  const redis = new Redis(url);
  const keys = await redis.keys(`${prefix}:*`);
  const gone = keys.length === 0 ? 0 : await redis.del(keys);
  redis.disconnect();
  return gone;
}

it('what an account sends beyond its limit says until when it waits, also after Redis has forgotten everything, and goes out', async () => {
  const smtp = await scriptedSmtp();
  const deps = { ...(await testDeps({ ...backends.Redis, LIMIT_SEND: '2/3' })), ring: testRing };
  const { db, config, queues } = deps;
  const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
  const ids = [];
  for (let n = 0; n < 3; n += 1) ids.push(await makeSubmission(db, accountId, new Date()));
  for (const submissionId of ids) await processSend(deps, { accountId, submissionId });
  expect(smtp.received).toHaveLength(2);
  const third = ids[2]!;
  const waiting = async () => (await submissionView(db, accountId, third))?.waiting;
  const { nextAttemptAt } = await submissionRow(db, third);
  expect(await waiting()).toEqual({ for: 'limit', until: nextAttemptAt.getTime() });
  expect(nextAttemptAt.getTime()).toBeGreaterThan(Date.now());
  // The job that was to come at its time is gone, and with it whatever else was counted there.
  expect(await forgetAll(config.REDIS_URL ?? '', config.REDIS_PREFIX)).toBeGreaterThan(0);
  expect(await waiting()).toEqual({ for: 'limit', until: nextAttemptAt.getTime() });
  await processSend(deps, { accountId, submissionId: third });
  expect(smtp.received).toHaveLength(2);
  queues.work('send', 2, (payload) => processSend(deps, payload));
  await until(
    async () => {
      await processCleanup(deps);
      return submissionRow(db, third);
    },
    ({ status }) => status === 'sent',
  );
  expect(Date.now()).toBeGreaterThanOrEqual(nextAttemptAt.getTime());
  expect(smtp.received).toHaveLength(3);
  expect(await waiting()).toBeNull();
});
