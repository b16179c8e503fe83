import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { handovers, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { scriptedSmtp } from '../../smtp/testing.ts';
import { retrySubmission } from '../cancel.ts';
import { listSubmissions } from '../reading.ts';
import { sendNow } from '../reschedule.ts';
import { deliverDeps, makeAccount, makeSubmission, submissionRow } from '../testing.ts';
import { deliverDeferred } from './deferred.ts';
import { deliverSubmission } from './deliver.ts';
import { forgetHandovers } from './handovers.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
const noon = Date.parse('2026-03-01T12:00:00Z');
const minute = 60_000;

/** An account that may send three messages an hour, and a clock that is set by hand. */
async function limited() {
  const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
  let now = new Date(noon);
  const deps = { ...deliverDeps(db), now: () => now, sendLimit: { count: 3, seconds: 3600 } };
  const at = (minutes: number) => {
    now = new Date(noon + minutes * minute);
  };
  const submit = (draft: Parameters<typeof makeSubmission>[3] = {}) =>
    makeSubmission(db, accountId, now, draft);
  const deliver = (submissionId: string) => deliverSubmission(deps, { accountId, submissionId });
  const again = (submissionId: string) => deliverDeferred(deps, { accountId, submissionId });
  return { accountId, at, submit, deliver, again, now: () => now };
}

it('what an account sends beyond its limit waits, says until when, and goes out then', async () => {
  const { accountId, at, submit, deliver } = await limited();
  for (const minutes of [0, 10, 20]) {
    at(minutes);
    expect((await deliver(await submit())).status).toBe('sent');
  }
  at(30);
  const [fourth, fifth] = [await submit(), await submit()];
  expect(await deliver(fourth)).toMatchObject({
    status: 'queued',
    nextAttemptAt: new Date(noon + 60 * minute),
  });
  // Each that waits has a place of its own.
  expect(await deliver(fifth)).toMatchObject({
    status: 'queued',
    nextAttemptAt: new Date(noon + 70 * minute),
  });
  expect(await submissionRow(db, fourth)).toMatchObject({ attempts: 0, problem: { code: 'send_limit' } });
  const waiting = await listSubmissions(db, [accountId], 'waiting');
  expect(waiting.map((view) => view.waiting)).toContainEqual({ for: 'limit', until: noon + 60 * minute });
  at(59);
  expect(await deliver(fourth)).toEqual({ status: 'not_due' });
  at(61);
  expect((await deliver(fourth)).status).toBe('sent');
  at(69);
  expect(await deliver(fifth)).toEqual({ status: 'not_due' });
  at(71);
  expect((await deliver(fifth)).status).toBe('sent');
  expect(await submissionRow(db, fifth)).toMatchObject({ status: 'sent', problem: null });
});

it('the limit holds for whoever is in a hurry, and another account has its own', async () => {
  const first = await limited();
  const other = await limited();
  for (let n = 0; n < 3; n += 1) await first.deliver(await first.submit());
  const submissionId = await first.submit();
  await first.deliver(submissionId);
  await sendNow(db, first.accountId, submissionId, first.now());
  expect(await first.deliver(submissionId)).toMatchObject({ status: 'queued' });
  expect((await other.deliver(await other.submit())).status).toBe('sent');
});

it('a message that the server refused does not count', async () => {
  const { submit, deliver } = await limited();
  smtp.script = { data: 554 };
  for (let n = 0; n < 3; n += 1) expect((await deliver(await submit())).status).toBe('failed');
  smtp.script = {};
  const last = await submit();
  expect((await deliver(last)).status).toBe('sent');
  expect(await db.select().from(submissions).where(eq(submissions.id, last))).toHaveLength(1);
});

it('a message that is sent again counts each time that it is handed over', async () => {
  const { accountId, submit, deliver, now } = await limited();
  smtp.script = { drop: 'after_dot' };
  const doubtful = await submit();
  expect((await deliver(doubtful)).status).toBe('unconfirmed');
  smtp.script = {};
  await retrySubmission(db, accountId, doubtful, now());
  expect((await deliver(doubtful)).status).toBe('sent');
  expect((await deliver(await submit())).status).toBe('sent');
  expect(await deliver(await submit())).toMatchObject({ status: 'queued' });
});

it('whom a server would not take yet waits for the limit too, is counted by it, and loses no attempt', async () => {
  const { accountId, at, submit, deliver, again } = await limited();
  smtp.script = { recipients: { 'full@example.net': 452 } };
  const partly = await submit({ to: ['bob@example.net', 'full@example.net'] });
  expect((await deliver(partly)).status).toBe('sent');
  smtp.script = {};
  at(10);
  for (let n = 0; n < 2; n += 1) expect((await deliver(await submit())).status).toBe('sent');
  expect(await again(partly)).toMatchObject({
    status: 'deferred',
    nextAttemptAt: new Date(noon + 60 * minute),
  });
  const waiting = await listSubmissions(db, [accountId], 'waiting');
  expect(waiting).toMatchObject([{ id: partly, waiting: { until: noon + 60 * minute } }]);
  at(61);
  expect(await again(partly)).toMatchObject({ status: 'settled' });
  expect(await deliver(await submit())).toMatchObject({ status: 'queued' });
});

it('what was handed over is forgotten once no limit counts it', async () => {
  const { accountId, submit, deliver, now } = await limited();
  await deliver(await submit());
  const kept = () => db.select().from(handovers).where(eq(handovers.accountId, accountId));
  await forgetHandovers(db, new Date(now().getTime() + 59 * minute), 3600);
  expect(await kept()).toHaveLength(1);
  await forgetHandovers(db, new Date(now().getTime() + 61 * minute), 3600);
  expect(await kept()).toEqual([]);
});
