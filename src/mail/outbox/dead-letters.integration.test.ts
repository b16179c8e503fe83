import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { storedProblem } from '../problem.ts';
import { discardForOwner, retryForOwner, retrySubmission } from './cancel.ts';
import { accountOfDeadLetter, listDeadLetters } from './dead-letters.ts';
import { makeAccount, makeSubmission, submissionRow } from './testing.ts';

const db = await testDatabase();
const now = new Date();

async function letter(status: 'failed' | 'unconfirmed' | 'sent' | 'queued') {
  const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'x' });
  const id = await makeSubmission(db, accountId, now, { to: ['secret@example.net', 'other@example.net'] });
  const problem = storedProblem('message_refused', '550 secret@example.net is unknown', now);
  await db.update(submissions).set({ status, problem }).where(eq(submissions.id, id));
  return { accountId, id };
}

it('dead letters of all accounts are listed, the newest first, without a word of what they say or to whom', async () => {
  const failed = await letter('failed');
  await letter('sent');
  await letter('queued');
  const unconfirmed = await letter('unconfirmed');
  const list = await listDeadLetters(db, null);
  expect(list.map(({ submissionId }) => submissionId)).toEqual([unconfirmed.id, failed.id]);
  expect(list[1]).toMatchObject({
    ...{ account: 'ada@example.org', status: 'failed', recipients: 2 },
    problem: { code: 'message_refused', detail: null },
  });
  expect(JSON.stringify(list)).not.toMatch(/secret|Lunch|noon/);
  expect(await listDeadLetters(db, failed.id)).toEqual([]);
});

it('one that stands otherwise by now is no dead letter', async () => {
  const failed = await letter('failed');
  expect(await accountOfDeadLetter(db, failed.id)).toBe(failed.accountId);
  const sent = await letter('sent');
  await expect(accountOfDeadLetter(db, sent.id)).rejects.toMatchObject({ code: 'too_late' });
});

it('one that failed is sent again for its owner; one that may have arrived is the owner’s own to decide', async () => {
  const [failed, unconfirmed] = [await letter('failed'), await letter('unconfirmed')];
  await retryForOwner(db, failed.accountId, failed.id, now);
  expect(await submissionRow(db, failed.id)).toMatchObject({ status: 'queued', problem: null });
  const asked = retryForOwner(db, unconfirmed.accountId, unconfirmed.id, now);
  await expect(asked).rejects.toMatchObject({ code: 'owner_decides' });
  const thrown = discardForOwner(db, unconfirmed.accountId, unconfirmed.id);
  await expect(thrown).rejects.toMatchObject({ code: 'owner_decides' });
  expect((await submissionRow(db, unconfirmed.id)).status).toBe('unconfirmed');
  await expect(retryForOwner(db, failed.accountId, failed.id, now)).rejects.toMatchObject({
    code: 'too_late',
  });
  await retrySubmission(db, unconfirmed.accountId, unconfirmed.id, now);
  expect((await submissionRow(db, unconfirmed.id)).status).toBe('queued');
});
