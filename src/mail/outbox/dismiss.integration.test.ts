import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { storedProblem } from '../problem.ts';
import { dismissRefusals } from './dismiss.ts';
import { listSubmissions, submissionsSince } from './reading.ts';
import { makeAccount, makeSubmission, submissionRow } from './testing.ts';

const db = await testDatabase();
const refused = [{ address: 'eve@example.net', reply: '550 No such user' }];

async function submission(status: 'sent' | 'failed') {
  const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'x' });
  const id = await makeSubmission(db, accountId, new Date());
  await db.update(submissions).set({ status, refused }).where(eq(submissions.id, id));
  return { accountId, id, row: () => submissionRow(db, id) };
}

it('a sent mail that some did not get stands in the outbox until that is dismissed, and others hear of it', async () => {
  const { accountId, id, row } = await submission('sent');
  expect(await listSubmissions(db, [accountId], 'open')).toMatchObject([{ id, refused }]);
  const { state } = await row();
  await dismissRefusals(db, accountId, id);
  expect(await listSubmissions(db, [accountId], 'open')).toEqual([]);
  expect(await submissionsSince(db, accountId, state)).toMatchObject([{ id, status: 'sent', refused: [] }]);
});

it('a sent mail of which no report will come says so until that is dismissed', async () => {
  const { accountId, id } = await submission('sent');
  const problem = storedProblem('dsn_not_offered', null, new Date());
  await db.update(submissions).set({ refused: [], problem }).where(eq(submissions.id, id));
  expect(await listSubmissions(db, [accountId], 'open')).toMatchObject([
    { problem: { code: 'dsn_not_offered' } },
  ]);
  await dismissRefusals(db, accountId, id);
  expect(await listSubmissions(db, [accountId], 'open')).toEqual([]);
});

it('one that failed is not dismissed', async () => {
  const { accountId, id } = await submission('failed');
  await dismissRefusals(db, accountId, id);
  expect(await listSubmissions(db, [accountId], 'open')).toMatchObject([{ id, status: 'failed', refused }]);
});
