import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { inTransaction } from '#db/transactions.ts';
import { leaseSeconds, renewLeases, takeLeases } from '#mail/accounts/leases.ts';
import { pauseAccount, resumeAccount } from '#mail/accounts/pause.ts';
import { raiseState } from '#mail/state.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { startWorker } from '../tests/faults/worker-process.ts';
import {
  accountRow,
  mailboxId,
  rawMail,
  startSupervisor,
  storedSubjects,
  withFaults,
} from '../tests/worker/account.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

it('an account that is paused, or removed, leaves no connection, no timer and no lease', async () => {
  const supervisor = await startSupervisor(deps);
  const { faults, imap } = await withFaults(testImapServer(`u${randomUUID()}`));
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const session = supervisor.session(accountId)!;
  await session.answer({ kind: 'refresh' });
  session.poke({ kind: 'watch', mailboxId: await mailboxId(deps, accountId, 'Archive') });
  const isReleased = async () => {
    await supervisor.look();
    await session.ended;
    expect(supervisor.session(accountId)).toBeNull();
    await until(
      async () => faults.open,
      (open) => open === 0,
    );
  };
  await pauseAccount(db, accountId);
  await isReleased();
  await until(
    () => accountRow(deps, accountId),
    ({ leaseHolder, leaseExpiresAt }) => leaseHolder === null && leaseExpiresAt === null,
  );
  const { accepted } = faults;
  // What was asked of the session that has ended opens nothing again.
  session.poke({ kind: 'sync' });
  session.poke({ kind: 'operations' });
  session.poke({ kind: 'backfill' });
  expect(await session.answer({ kind: 'repair', mailboxId: null })).toMatchObject({ ok: false });
  await supervisor.look();
  expect(faults.accepted).toBe(accepted);

  await resumeAccount(db, accountId);
  await supervisor.look();
  await supervisor.session(accountId)!.answer({ kind: 'refresh' });
  expect((await accountRow(deps, accountId)).status).toBe('active');
  await db.execute(sql`delete from accounts where id = ${accountId}`);
  await isReleased();
});

it('a worker that is killed hands its accounts over within the time of a lease, and nothing is doubled', {
  timeout: 60_000,
}, async () => {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  for (let n = 1; n <= 30; n += 1) await client.append('INBOX', rawMail(`${n}`));
  const own = await testDeps();
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(own, imap);
  const { config } = own;
  const environment = {
    DATABASE_URL: config.DATABASE_URL ?? '',
    KEY_FILE: config.KEY_FILE,
    BLOB_FOLDER: config.BLOB_FOLDER,
    ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
  };
  const first = await startWorker(environment);
  atEnd(() => first.kill());
  const second = await startWorker(environment);
  atEnd(() => second.kill());
  await until(
    () => storedSubjects(own, accountId),
    (subjects) => subjects.length === 30,
  );
  const before = await accountRow(own, accountId);
  const holder = [first, second].find(({ pid }) => before.leaseHolder?.split(' ').includes(String(pid)));
  expect(holder).toBeDefined();
  // Exactly one listens.
  expect(faults.commands.filter(({ name }) => name === 'IDLE').length).toBeGreaterThan(0);
  expect(before.leaseFence).toBe(1);
  await holder!.kill();
  await client.append('INBOX', rawMail('After the kill'));
  const killedAt = Date.now();
  await until(
    () => storedSubjects(own, accountId),
    (subjects) => subjects.length === 31,
    leaseSeconds * 1000 + 5000,
  );
  expect(Date.now() - killedAt).toBeLessThan(leaseSeconds * 1000);
  const after = await accountRow(own, accountId);
  expect(after.leaseFence).toBe(2);
  expect(after.leaseHolder).not.toBe(before.leaseHolder);
  expect(await checkConsistency(own.db, accountId)).toEqual([]);
});

it('a worker whose lease was taken by another writes nothing more, and gives nothing back', async () => {
  const own = await testDeps();
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  const { accountId } = await insertAccount(own, imap);
  const first = new Supervisor(own);
  await first.start();
  await first.session(accountId)!.answer({ kind: 'refresh' });
  // It believes to have the lease still; so it is with a process that was stopped for a while.
  await own.db.execute(sql`update accounts set lease_expires_at = now() - interval '1 second'`);
  const [lease] = await takeLeases(own.db, 'another worker', 10);
  expect(lease).toEqual({ accountId, fence: 2 });
  await client.append('INBOX', rawMail('Whose is it?'));
  const session = first.session(accountId)!;
  await session.ended;
  expect(await storedSubjects(own, accountId)).toEqual([]);
  await expect(inTransaction(own.db, (tx) => raiseState(tx, accountId, 1))).rejects.toMatchObject({
    code: 'lease_lost',
  });
  await first.stop();
  expect(await renewLeases(own.db, 'another worker')).toEqual([lease]);
  expect(await checkConsistency(own.db, accountId)).toEqual([]);
});
