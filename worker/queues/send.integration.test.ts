import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { accountSetups, accounts, deferredDeliveries, people } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { createSetup } from '#mail/accounts/setups.ts';
import { makeAccount, makeSubmission, submissionRow, testRing } from '#mail/outbox/testing.ts';
import { completePeople } from '#mail/people/complete.ts';
import { scriptedSmtp } from '#mail/smtp/testing.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { backends, testDeps, until } from '../testing.ts';
import { processSetup } from './process.ts';
import { processSend } from './send.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
const published: string[] = [];
const added: unknown[] = [];
const deps = {
  config: readConfig({ IMAP_CONNECT_TIMEOUT: '1000', SMTP_TIMEOUT: '2000' }),
  db,
  log: createLog('test', 'silent'),
  messages: {
    publish: async (topic: string) => void published.push(topic),
    subscribe: () => Promise.reject(new Error('not here')),
    ask: () => Promise.reject(new Error('not here')),
    hear: () => Promise.reject(new Error('not here')),
    close: async () => undefined,
  },
  queues: {
    add: async (...job: unknown[]) => void added.push(job),
    repeat: async () => undefined,
    work: () => undefined,
    close: async () => undefined,
  },
  policy: createAddressPolicy(['127.0.0.0/8']),
  ring: testRing,
};

beforeEach(() => {
  published.length = 0;
  added.length = 0;
  smtp.received.length = 0;
  smtp.script = {};
});

describe('the job that sends', () => {
  it('run twice sends once, tells the browsers, has the copy filed and remembers whom it went to', async () => {
    const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
    const submissionId = await makeSubmission(db, accountId, new Date());
    await processSend(deps, { accountId, submissionId });
    await processSend(deps, { accountId, submissionId });
    expect(smtp.received).toHaveLength(1);
    expect(published).toEqual([`changes.${accountId}`, `work.${accountId}`]);
    expect(added).toEqual([]);
    expect(await completePeople(db, [accountId], 'bob')).toMatchObject([{ address: 'bob@example.net' }]);
    const [person] = await db.select().from(people).where(eq(people.accountId, accountId));
    expect(person?.writtenCount).toBe(1);
  });

  it('asks for the next attempt at its time', async () => {
    smtp.script = { data: 451 };
    const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
    const submissionId = await makeSubmission(db, accountId, new Date());
    await processSend(deps, { accountId, submissionId });
    const { nextAttemptAt } = await submissionRow(db, submissionId);
    const [[name, payload, options]] = added as [[string, unknown, { delay: number }]];
    expect([name, payload]).toEqual(['send', { accountId, submissionId }]);
    expect(Math.abs(Date.now() + options.delay - nextAttemptAt.getTime())).toBeLessThan(5000);
    expect(published).toEqual([`changes.${accountId}`]);
  });

  it('asks for another attempt for those whom the server would not take, and sends to them alone', async () => {
    smtp.script = { recipients: { 'full@example.net': 452 } };
    const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
    const to = ['bob@example.net', 'full@example.net'];
    const submissionId = await makeSubmission(db, accountId, new Date(), { to });
    await processSend(deps, { accountId, submissionId });
    const [[name, payload, options]] = added as [[string, unknown, { delay: number }]];
    expect([name, payload]).toEqual(['send', { accountId, submissionId }]);
    expect(options.delay).toBeGreaterThan(0);
    const due = { nextAttemptAt: new Date() };
    await db.update(deferredDeliveries).set(due).where(eq(deferredDeliveries.submissionId, submissionId));
    smtp.script = {};
    published.length = 0;
    await processSend(deps, { accountId, submissionId });
    await processSend(deps, { accountId, submissionId });
    expect(smtp.received.map((received) => received.to)).toEqual([['bob@example.net'], ['full@example.net']]);
    expect(published).toEqual([`changes.${accountId}`]);
  });
});

const workers = [
  ['Postgres', await testDeps(backends.Postgres)],
  ['Redis', await testDeps(backends.Redis)],
] as const;

describe.each(workers)('a submission whose job stands on %s', (_, parts) => {
  it('is sent once, however many jobs speak of it, and every process hears of it', async () => {
    const worker = { ...parts, ring: testRing };
    const { accountId } = await makeAccount(worker.db, { smtpPort: smtp.port, password: smtp.password });
    const heard: string[] = [];
    await worker.messages.subscribe('changes.>', (topic) => heard.push(topic));
    const submissionId = await makeSubmission(worker.db, accountId, new Date());
    for (let n = 0; n < 3; n += 1) await worker.queues.add('send', { accountId, submissionId });
    let ended = 0;
    worker.queues.work('send', 2, async (payload) => {
      await processSend(worker, payload);
      ended += 1;
    });
    await until(
      async () => ended,
      (seen) => seen === 3,
    );
    await until(
      async () => heard,
      (seen) => seen.length > 0,
    );
    expect(smtp.received).toHaveLength(1);
    expect(heard).toEqual([`changes.${accountId}`]);
    expect((await submissionRow(worker.db, submissionId)).status).toBe('sent');
  });
});

it('the job that tries a setup, run twice, tells its owner once and begins no sync of what failed', async () => {
  const { userId } = await makeAccount(db, { smtpPort: 1, password: 'any' });
  const server = { host: '127.0.0.1', port: 1, security: 'none' as const, user: '', pinnedFingerprint: null };
  const request = {
    ownerId: userId,
    address: 'new@example.org',
    password: 'secret',
    name: '',
    imap: server,
    smtp: server,
  };
  const setupId = await createSetup(db, testRing, request, new Date());
  let looks = 0;
  const supervisor = {
    look: async () => {
      looks += 1;
    },
  };
  await processSetup(deps, supervisor, { setupId });
  await processSetup(deps, supervisor, { setupId });
  const [row] = await db.select().from(accountSetups).where(eq(accountSetups.id, setupId));
  expect(row).toMatchObject({ status: 'failed', sealed: null });
  expect(published).toEqual([`users.${userId}`]);
  expect(looks).toBe(0);
  expect(await db.select().from(accounts).where(eq(accounts.address, 'new@example.org'))).toEqual([]);
});
