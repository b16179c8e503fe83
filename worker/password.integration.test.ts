import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { credentials } from '#db/schema.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { seal } from '#platform/crypto/seal.ts';
import { accountRow, rawMail, startSupervisor, storedSubjects, withFaults } from '../tests/worker/account.ts';
import { insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps();
const { db, ring } = deps;
const supervisor = await startSupervisor(deps);

/** What a person's new password leaves: another sealed secret, and an account that is to be tried. */
async function replacePassword(accountId: string, password: string): Promise<void> {
  const { credentialId } = await accountRow(deps, accountId);
  const [row] = await db.select().from(credentials).where(eq(credentials.id, credentialId));
  const sealed = seal(ring, password, { table: 'credentials', id: credentialId, owner: row!.ownerId });
  await db.update(credentials).set({ sealed }).where(eq(credentials.id, credentialId));
  await db.execute(sql`update accounts set status = 'connecting', problem = null where id = ${accountId}`);
  await supervisor.look();
}

const refused = { answer: 'NO [AUTHENTICATIONFAILED] Authentication failed.' };

it('a password that was changed at the server is tried twice and no more, and the account resumes with the new one', async () => {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.append('INBOX', rawMail('Before'));
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await supervisor.session(accountId)!.answer({ kind: 'refresh' });
  const signIns = () => faults.commands.filter(({ name }) => name === 'AUTHENTICATE').length;
  const before = signIns();
  faults.onCommand = ({ name }) => (name === 'AUTHENTICATE' ? refused : null);
  faults.dropAll();
  const account = await until(
    () => accountRow(deps, accountId),
    ({ status, leaseHolder }) => status === 'needs_password' && leaseHolder === null,
  );
  expect(account.problem?.code).toBe('wrong_password');
  expect(signIns() - before).toBe(2);
  // Neither the supervisor nor a person's question brings it back.
  await supervisor.look();
  expect(supervisor.session(accountId)).toBeNull();
  await until(
    async () => faults.open,
    (open) => open === 0,
  );
  expect(signIns() - before).toBe(2);

  faults.onCommand = null;
  await client.append('INBOX', rawMail('Meanwhile'));
  await replacePassword(accountId, direct.password);
  await until(
    () => storedSubjects(deps, accountId),
    (subjects) => subjects.join() === 'Before,Meanwhile',
  );
  const resumed = await until(
    () => accountRow(deps, accountId),
    ({ status }) => status === 'active',
  );
  expect(resumed.problem).toBeNull();
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a password that never was good is tried once', async () => {
  const { faults, imap } = await withFaults(testImapServer(`u${randomUUID()}`));
  const { accountId } = await insertAccount(deps, { ...imap, password: 'another one' });
  await supervisor.look();
  await until(
    () => accountRow(deps, accountId),
    ({ status, leaseHolder }) => status === 'needs_password' && leaseHolder === null,
  );
  await supervisor.look();
  expect(faults.commands.filter(({ name }) => name === 'AUTHENTICATE')).toHaveLength(1);
  await replacePassword(accountId, imap.password);
  await until(
    () => accountRow(deps, accountId),
    ({ status }) => status === 'active',
  );
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a refusal while other connections of the account work is the provider’s hiccup, if a second try succeeds', async () => {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.append('Archive', rawMail('First'));
  const { faults, imap } = await withFaults(direct);
  let refusals = 0;
  faults.onCommand = ({ name, connection }) => {
    if (name !== 'AUTHENTICATE' || connection === 1 || refusals > 0) return null;
    refusals += 1;
    return refused;
  };
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await until(
    () => storedSubjects(deps, accountId, 'Archive'),
    (subjects) => subjects.length === 1,
  );
  expect(refusals).toBe(1);
  expect(await accountRow(deps, accountId)).toMatchObject({ status: 'active', problem: null });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
