import { and, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts, mailboxEmails, pendingOperations, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { storedProblem } from '../problem.ts';
import { receive } from '../sync/testing.ts';
import { confirmSubmission } from './confirm.ts';
import { submissionView } from './reading.ts';
import { makeAccount, makeSubmission, submissionRow } from './testing.ts';

const db = await testDatabase();
const now = new Date('2026-11-20T12:00:00Z');

/** An answer of which it is not known whether it arrived. */
async function unconfirmed() {
  const account = await makeAccount(db, { smtpPort: 1, password: 'p' });
  const { accountId, inboxId } = account;
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }]);
  const answered = async () => {
    const isAnswered = and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, inboxId));
    const [copy] = await db.select().from(mailboxEmails).where(isAnswered);
    return copy!;
  };
  const { emailId } = await answered();
  const id = await makeSubmission(db, accountId, now, { relatedEmailId: emailId, relation: 'reply' });
  const problem = storedProblem('connection_lost_after_data', null, now);
  await db.update(submissions).set({ status: 'unconfirmed', problem }).where(eq(submissions.id, id));
  const operations = async () => {
    const rows = await db.select().from(pendingOperations).where(eq(pendingOperations.accountId, accountId));
    return rows.map(({ operation }) => operation);
  };
  return { ...account, id, answered, operations };
}

it('a message that arrived, as a person knows, is filed in Sent once, and its mail is marked as answered', async () => {
  const { accountId, id, answered, operations } = await unconfirmed();
  await confirmSubmission(db, accountId, id, now);
  expect(await submissionRow(db, id)).toMatchObject({
    ...{ status: 'sent', sentAt: now, isToRemember: true, problem: null },
  });
  expect((await answered()).keywords).toContain('$answered');
  const asked = await operations();
  expect(asked).toContainEqual(expect.objectContaining({ kind: 'append', submissionId: id }));
  await expect(confirmSubmission(db, accountId, id, now)).rejects.toMatchObject({ code: 'too_late' });
  expect(await operations()).toEqual(asked);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('the advice is to ask where the provider files nothing, and to look in Sent where it does', async () => {
  const { accountId, id, operations } = await unconfirmed();
  const code = async () => (await submissionView(db, accountId, id))?.problem?.code;
  expect(await code()).toBe('connection_lost_not_filed');
  await db.update(accounts).set({ isGmail: true }).where(eq(accounts.id, accountId));
  expect(await code()).toBe('connection_lost_after_data');
  await confirmSubmission(db, accountId, id, now);
  expect(await operations()).not.toContainEqual(expect.objectContaining({ kind: 'append' }));
});
