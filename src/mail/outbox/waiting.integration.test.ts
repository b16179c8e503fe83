import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { pauseAccount, resumeAccount } from '../accounts/pause.ts';
import { storedProblem } from '../problem.ts';
import { submissionView } from './reading.ts';
import { makeAccount, makeSubmission } from './testing.ts';

const db = await testDatabase();
const hour = 3_600_000;

async function waiting(values: Partial<typeof submissions.$inferInsert>) {
  const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'x' });
  const id = await makeSubmission(db, accountId, new Date());
  await db.update(submissions).set(values).where(eq(submissions.id, id));
  return { accountId, what: async () => (await submissionView(db, accountId, id))?.waiting };
}

it.each([
  ['has just been sent', { status: 'scheduled' }],
  ['is due', { status: 'queued' }],
  ['is tried again', { status: 'queued', problem: storedProblem('unreachable', null, new Date()) }],
  ['waits for the limit', { status: 'queued', problem: storedProblem('send_limit', null, new Date()) }],
] as const)(
  'a message that %s says that its account waits for a person, and for what',
  async (_what, values) => {
    const { accountId, what } = await waiting(values);
    const before = await what();
    expect(before?.for ?? null).not.toBe('password');
    await db.update(accounts).set({ status: 'needs_password' }).where(eq(accounts.id, accountId));
    expect(await what()).toEqual({ for: 'password', until: null });
    await pauseAccount(db, accountId);
    expect(await what()).toEqual({ for: 'pause', until: null });
    await resumeAccount(db, accountId);
    expect(await what()).toEqual(before);
  },
);

it('a message for later waits for its time first, and for the account once that has come', async () => {
  const sendAt = new Date(Date.now() + hour);
  const { accountId, what } = await waiting({ sendAt, timeZone: 'Europe/Lisbon' });
  await pauseAccount(db, accountId);
  expect(await what()).toEqual({ for: 'time', until: sendAt.getTime() });
  const past = new Date(Date.now() - hour);
  await db.update(submissions).set({ sendAt: past }).where(eq(submissions.accountId, accountId));
  expect(await what()).toEqual({ for: 'pause', until: null });
});

it.each(['sent', 'failed', 'sending', 'unconfirmed'] as const)(
  'a message that is %s waits for nobody',
  async (status) => {
    const { accountId, what } = await waiting({ status });
    await pauseAccount(db, accountId);
    expect(await what()).toBeNull();
  },
);
