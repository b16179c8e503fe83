import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { accounts, deferredDeliveries } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { scriptedSmtp } from '../../smtp/testing.ts';
import { cancelSubmission, reopenSubmission, retrySubmission } from '../cancel.ts';
import { listSubmissions, submissionView } from '../reading.ts';
import { deliverDeps, makeAccount, makeSubmission, staleAfter, submissionRow } from '../testing.ts';
import { deliverDeferred, dueDeferred, recoverStaleDeferred } from './deferred.ts';
import { deliverSubmission } from './deliver.ts';
import { mostAttempts } from './failure.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
const [bob, full, grey] = ['bob@example.net', 'full@example.net', 'grey@example.net'];
let now = new Date('2026-03-01T12:00:00Z');
const deps = { ...deliverDeps(db), now: () => now };
const pass = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds);
};

beforeEach(() => {
  now = new Date('2026-03-01T12:00:00Z');
  smtp.received.length = 0;
});

/** A message to three of whom the server takes one, and the two others not for now. */
async function partlyTaken() {
  smtp.script = { recipients: { [full]: 452, [grey]: 451 } };
  const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
  const submissionId = await makeSubmission(db, accountId, now, { to: [bob, full, grey] });
  const ids = { accountId, submissionId };
  const first = await deliverSubmission(deps, ids);
  const rows = () =>
    db.select().from(deferredDeliveries).where(eq(deferredDeliveries.submissionId, submissionId));
  return {
    ...ids,
    first,
    rows,
    again: () => deliverDeferred(deps, ids),
    view: async () => (await submissionView(db, accountId, submissionId))!,
    row: () => submissionRow(db, submissionId),
  };
}

const recipients = () => smtp.received.map(({ to }) => to);

describe('a recipient whom the server would not take for now while others have the message', () => {
  it('is tried again alone and at its time, with the same bytes, and the others get no second copy', async () => {
    const { accountId, submissionId, first, again, view, row, rows } = await partlyTaken();
    const at = new Date(now.getTime() + 30_000);
    expect(first).toMatchObject({ status: 'sent', deferredUntil: at });
    expect(await view()).toMatchObject({
      ...{ status: 'sent', refused: [], waiting: { for: 'retry', until: at.getTime() } },
      deferred: [{ address: full, reply: expect.stringContaining('452') }, { address: grey }],
    });
    expect(await listSubmissions(db, [accountId], 'open')).toMatchObject([{ id: submissionId }]);
    expect(await again()).toEqual({ status: 'not_due' });
    pass(31_000);
    expect(await dueDeferred(db, now, 10)).toContainEqual({ accountId, submissionId });
    smtp.script = { recipients: { [full]: 452 } };
    const { nextAttemptAt } = (await rows())[0]!;
    expect(nextAttemptAt).toEqual(at);
    expect(await again()).toMatchObject({
      status: 'deferred',
      nextAttemptAt: new Date(now.getTime() + 60_000),
    });
    pass(61_000);
    smtp.script = {};
    expect(await again()).toMatchObject({ status: 'settled' });
    expect(recipients()).toEqual([[bob], [grey], [full]]);
    expect(smtp.received.every(({ raw }) => raw.equals(smtp.received[0]!.raw))).toBe(true);
    expect(await view()).toMatchObject({ status: 'sent', refused: [], deferred: [], waiting: null });
    expect(await listSubmissions(db, [accountId], 'open')).toEqual([]);
    expect((await row()).attempts).toBe(1);
    expect(await again()).toEqual({ status: 'not_due' });
  });

  it('is tried by one of two at once', async () => {
    const { again } = await partlyTaken();
    pass(31_000);
    smtp.script = {};
    const runs = await Promise.all([again(), again(), again()]);
    expect(runs.map(({ status }) => status).sort()).toEqual(['not_due', 'not_due', 'settled']);
    expect(recipients()).toEqual([[bob], [full, grey]]);
  });

  it('is said to have been refused after the last attempt, with what the server said', async () => {
    const { again, view, rows } = await partlyTaken();
    const statuses = [];
    for (let attempt = 2; attempt <= mostAttempts; attempt += 1) {
      pass(2 * 3_600_000);
      if (attempt === mostAttempts - 1) smtp.script = { drop: 'greeting' };
      statuses.push((await again()).status);
    }
    expect(new Set(statuses.slice(0, -1))).toEqual(new Set(['deferred']));
    expect(statuses.at(-1)).toBe('settled');
    expect(await view()).toMatchObject({
      ...{ status: 'sent', deferred: [], waiting: null },
      refused: [{ address: full, reply: expect.stringContaining('452') }, { address: grey }],
    });
    expect(await rows()).toEqual([]);
    expect(recipients()).toEqual([[bob]]);
  });

  it('is said at once where the server will never take it, and the other goes on', async () => {
    const { again, view } = await partlyTaken();
    pass(31_000);
    smtp.script = { recipients: { [full]: 550, [grey]: 451 } };
    expect(await again()).toMatchObject({ status: 'deferred' });
    pass(61_000);
    smtp.script = { recipients: { [full]: 550 } };
    expect(await again()).toMatchObject({ status: 'settled' });
    expect(recipients()).toEqual([[bob], [grey]]);
    expect(await view()).toMatchObject({ deferred: [], refused: [{ address: full }] });
  });

  it.each(['inside_data', 'after_dot'] as const)(
    'is not tried again once the server may have it (%s): the person is told whom to ask',
    async (drop) => {
      const { accountId, submissionId, again, view } = await partlyTaken();
      pass(31_000);
      smtp.script = { drop };
      expect(await again()).toMatchObject({ status: 'settled' });
      smtp.script = {};
      pass(86_400_000);
      expect(await again()).toEqual({ status: 'not_due' });
      expect(await dueDeferred(db, now, 10)).not.toContainEqual({ accountId, submissionId });
      expect(await view()).toMatchObject({
        ...{ status: 'sent', deferred: [], refused: [] },
        problem: { code: 'recipients_unconfirmed', detail: `${full}, ${grey}` },
      });
    },
  );

  it('is tried again after a process died before the message went, and not where it had begun to go', async () => {
    const [unsent, begun] = [await partlyTaken(), await partlyTaken()];
    pass(31_000);
    const dead = { claim: randomUUID(), claimedAt: now, attempts: 2 };
    const of = (submissionId: string) => eq(deferredDeliveries.submissionId, submissionId);
    await db.update(deferredDeliveries).set(dead).where(of(unsent.submissionId));
    await db
      .update(deferredDeliveries)
      .set({ ...dead, dataStartedAt: now })
      .where(of(begun.submissionId));
    smtp.script = {};
    expect(await unsent.again()).toEqual({ status: 'not_due' });
    pass(staleAfter + 1000);
    const changed = await recoverStaleDeferred(db, now, staleAfter);
    expect(changed).toEqual([{ accountId: begun.accountId, state: (await begun.row()).state }]);
    expect(await unsent.again()).toMatchObject({ status: 'settled' });
    expect(await begun.again()).toEqual({ status: 'not_due' });
    expect((await begun.view()).problem).toMatchObject({ code: 'recipients_unconfirmed' });
  });

  it('at whom a process dies each time is given up in the end', async () => {
    const { submissionId, view } = await partlyTaken();
    await db
      .update(deferredDeliveries)
      .set({ claim: randomUUID(), claimedAt: now, attempts: mostAttempts })
      .where(eq(deferredDeliveries.submissionId, submissionId));
    pass(staleAfter + 1000);
    await recoverStaleDeferred(db, now, staleAfter);
    expect(await view()).toMatchObject({ deferred: [], refused: [{ address: full }, { address: grey }] });
  });

  it('waits while the account does, and says for what', async () => {
    const { accountId, again, view } = await partlyTaken();
    await db.update(accounts).set({ status: 'needs_password' }).where(eq(accounts.id, accountId));
    pass(31_000);
    expect(await again()).toEqual({ status: 'not_due' });
    expect((await view()).waiting).toEqual({ for: 'password', until: null });
  });

  it('opens no way for a second copy to the others: the message has been sent', async () => {
    const { accountId, submissionId } = await partlyTaken();
    for (const change of [cancelSubmission, reopenSubmission, retrySubmission])
      await expect(change(db, accountId, submissionId, now)).rejects.toMatchObject({ code: 'too_late' });
    expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
  });
});
