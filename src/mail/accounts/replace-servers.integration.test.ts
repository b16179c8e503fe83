import { eq } from 'drizzle-orm';
import { afterAll, describe, expect, it } from 'vitest';
import { accountSetups, accounts, credentials, type ServerSettings } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { createLog } from '#platform/log.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { startDovecot } from '../../../tests/setup/dovecot.ts';
import { makeAccount, testRing } from '../outbox/testing.ts';
import { scriptedSmtp } from '../smtp/testing.ts';
import { takeLeases } from './leases.ts';
import { pauseAccount, resumeAccount } from './pause.ts';
import { accountServers } from './reading.ts';
import { createReplacement, setupView } from './setups.ts';
import { accountSecrets, setAccountStatus } from './status.ts';
import { trySetup } from './try-setup.ts';

const { port: imapPort, password, stop } = await startDovecot();
afterAll(stop);

const db = await testDatabase();
const smtp = await scriptedSmtp({}, password);
const now = new Date('2026-03-01T12:00:00Z');
const deps = {
  db,
  ring: testRing,
  policy: createAddressPolicy(['127.0.0.0/8']),
  limits: { connectTimeout: 1500, commandTimeout: 5000, smtpTimeout: 5000 },
  log: createLog('test', 'silent'),
  now: () => now,
};

const at = (port: number, more: Partial<ServerSettings> = {}): ServerSettings => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  user: 'ada@example.org',
  pinnedFingerprint: null,
  ...more,
});
const right = { imap: at(imapPort), smtp: at(smtp.port) };

/** An account whose password was refused, held by a worker that has given up on it. */
async function refusedAccount(stored = 'old password') {
  const { accountId, userId } = await makeAccount(db, { smtpPort: smtp.port, password: stored });
  await db.update(accounts).set({ imap: right.imap }).where(eq(accounts.id, accountId));
  await takeLeases(db, 'a worker', 1000);
  await db
    .update(accounts)
    .set({
      status: 'needs_password',
      problem: { code: 'wrong_password', detail: null, at: now.toISOString() },
      retryAt: now,
    })
    .where(eq(accounts.id, accountId));
  const row = async () => (await db.select().from(accounts).where(eq(accounts.id, accountId)))[0]!;
  const tried = async (request: {
    password: string | null;
    imap?: ServerSettings;
    smtp?: ServerSettings;
  }) => {
    const id = await createReplacement(
      db,
      testRing,
      { ownerId: userId, accountId, ...right, ...request },
      now,
    );
    return { id, outcome: await trySetup(deps, id), view: await setupView(db, userId, id) };
  };
  return { accountId, userId, row, tried };
}

const secrets = async () => (await db.select().from(credentials)).map(({ id, sealed }) => [id, sealed]);

describe('another password for an account', () => {
  it('is stored once both servers have taken it, and the account is free for a worker at once', async () => {
    const { accountId, userId, row, tried } = await refusedAccount();
    const { id, outcome } = await tried({ password });
    expect(outcome).toEqual({ status: 'done', ownerId: userId, accountId });
    expect(await row()).toMatchObject({ status: 'connecting', problem: null, retryAt: null });
    expect(await accountSecrets(db, testRing, accountId)).toMatchObject({ ...right, password });
    expect((await takeLeases(db, 'another worker', 1000)).map((lease) => lease.accountId)).toContain(
      accountId,
    );
    const [setup] = await db.select().from(accountSetups).where(eq(accountSetups.id, id));
    expect(setup!.sealed).toBeNull();
    expect(await trySetup(deps, id)).toEqual({ status: 'not_waiting' });
  });

  it.each([
    ['wrong_password', { password: 'wrong' }],
    ['unreachable', { password, imap: at(1) }],
    ['no_imap', { password, imap: at(smtp.port) }],
    ['refused_address', { password, imap: at(imapPort, { host: '10.0.0.1' }) }],
    ['unreachable', { password, smtp: at(1) }],
  ])('that does not work says why (%s), and leaves the account as it was', async (code, request) => {
    const { row, tried } = await refusedAccount();
    const [before, secretsBefore] = [await row(), await secrets()];
    const { outcome, view } = await tried(request);
    expect(outcome).toMatchObject({ status: 'failed', code });
    expect(view).toMatchObject({ status: 'failed', problem: { code } });
    expect(await row()).toEqual(before);
    expect(await secrets()).toEqual(secretsBefore);
  });

  it('need not be typed where only port and user name change', async () => {
    const { accountId, tried } = await refusedAccount(password);
    const user = { user: 'ada' };
    const { outcome } = await tried({ password: null, imap: at(imapPort, user), smtp: at(smtp.port, user) });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await accountSecrets(db, testRing, accountId)).toMatchObject({ password, imap: user });
  });

  it('must be typed where another host, or an unencrypted connection, would get it', async () => {
    const { accountId, tried } = await refusedAccount(password);
    for (const server of [
      { imap: at(imapPort, { host: 'imap.elsewhere.example' }) },
      { smtp: at(smtp.port, { host: 'smtp.elsewhere.example' }) },
      { imap: at(imapPort, { pinnedFingerprint: 'ab'.repeat(32) }) },
    ]) {
      await expect(tried({ password: null, ...server })).rejects.toMatchObject({ code: 'password_needed' });
    }
    await db
      .update(accounts)
      .set({ imap: at(imapPort, { security: 'tls' }) })
      .where(eq(accounts.id, accountId));
    await expect(tried({ password: null })).rejects.toMatchObject({ code: 'password_needed' });
    expect((await accountServers(db, accountId)).imap.security).toBe('tls');
  });
});

describe('a paused account', () => {
  it('is left alone by workers and by what they still say of it, until it is resumed', async () => {
    const { accountId, row, tried } = await refusedAccount();
    await pauseAccount(db, accountId);
    expect(await row()).toMatchObject({ status: 'paused', problem: null, retryAt: null });
    const active = { status: 'active', problem: null, retryAt: null } as const;
    expect(await setAccountStatus(db, accountId, active, now)).toBe(false);
    await tried({ password });
    expect((await row()).status).toBe('paused');
    expect((await takeLeases(db, 'another worker', 1000)).map((lease) => lease.accountId)).not.toContain(
      accountId,
    );
    await resumeAccount(db, accountId);
    expect((await row()).status).toBe('connecting');
    expect((await takeLeases(db, 'another worker', 1000)).map((lease) => lease.accountId)).toContain(
      accountId,
    );
  });

  it('is the only kind that can be resumed', async () => {
    const { accountId, row } = await refusedAccount();
    await resumeAccount(db, accountId);
    expect((await row()).status).toBe('needs_password');
  });
});
