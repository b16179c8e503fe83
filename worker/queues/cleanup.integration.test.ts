import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts, drafts, pendingOperations, people, submissions } from '#db/schema.ts';
import { createDraft } from '#mail/drafts/create.ts';
import { saveDraft } from '#mail/drafts/save.ts';
import { draftContent } from '#mail/drafts/testing.ts';
import { deliverSubmission } from '#mail/outbox/deliver/deliver.ts';
import { deliverDeps, makeAccount, makeSubmission, staleAfter } from '#mail/outbox/testing.ts';
import { completePeople } from '#mail/people/complete.ts';
import { scriptedSmtp } from '#mail/smtp/testing.ts';
import { departCopies, settling } from '#mail/sync/depart.ts';
import { newTestMailboxes, receive } from '#mail/sync/testing.ts';
import { testDeps, until } from '../testing.ts';
import { processCleanup } from './cleanup.ts';

const deps = await testDeps();
const { db } = deps;

it('what has departed and come back nowhere is removed by a sweep, once, and another sweep finds nothing', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }, { uid: 2 }]);
  const long = new Date(Date.now() - settling - 1000);
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ id: string }>(
      sql`select id from mailbox_emails where account_id = ${accountId} and uid = 1`,
    );
    await departCopies(tx, accountId, [rows[0]!.id], 3, long);
  });
  const count = async () => {
    const { rows } = await db.execute<{ emails: number; departed: number }>(sql`
      select (select count(*)::int from emails where account_id = ${accountId}) as emails,
        (select count(*)::int from departed_emails where account_id = ${accountId}) as departed`);
    return rows[0];
  };
  expect(await count()).toEqual({ emails: 2, departed: 1 });
  await processCleanup(deps);
  await processCleanup(deps);
  expect(await count()).toEqual({ emails: 1, departed: 0 });
});

it('a mail at which its sender died is settled by a sweep, and the browsers are told', async () => {
  const { accountId } = await newTestMailboxes(db);
  const id = await makeSubmission(db, accountId, new Date());
  const long = new Date(Date.now() - staleAfter - 1000);
  await db
    .update(submissions)
    .set({ status: 'sending', claim: randomUUID(), claimedAt: long, dataStartedAt: long })
    .where(eq(submissions.id, id));
  const told: unknown[] = [];
  const end = await deps.messages.subscribe(`changes.${accountId}`, (_topic, body) => told.push(body));
  await processCleanup(deps);
  const [row] = await db.select().from(submissions).where(eq(submissions.id, id));
  expect(row).toMatchObject({ status: 'unconfirmed' });
  await until(
    async () => told.length,
    (count) => count > 0,
  );
  expect(told).toEqual([{ state: row!.state }]);
  await end();
});

it('a step that fails keeps none of the others from being done, and is said', async () => {
  const { accountId } = await newTestMailboxes(db);
  const id = await makeSubmission(db, accountId, new Date());
  const long = new Date(Date.now() - staleAfter - 1000);
  await db
    .update(submissions)
    .set({ status: 'sending', claim: randomUUID(), claimedAt: long, dataStartedAt: long })
    .where(eq(submissions.id, id));
  await db.execute(sql`alter table account_setups rename to out_of_reach`);
  try {
    await expect(processCleanup(deps)).rejects.toThrow(AggregateError);
  } finally {
    await db.execute(sql`alter table out_of_reach rename to account_setups`);
  }
  const [row] = await db.select().from(submissions).where(eq(submissions.id, id));
  expect(row?.status).toBe('unconfirmed');
  await processCleanup(deps);
});

it('whom a message went to is remembered by a sweep where its sender died right after it was taken, once', async () => {
  const smtp = await scriptedSmtp();
  const { accountId } = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
  const [sent, found] = [
    await makeSubmission(db, accountId, new Date()),
    await makeSubmission(db, accountId, new Date()),
  ];
  expect(await deliverSubmission(deliverDeps(db), { accountId, submissionId: sent })).toMatchObject({
    status: 'sent',
  });
  // Of the other one it was not known whether it arrived, until it was found in Sent.
  await db
    .update(submissions)
    .set({ status: 'sent', sentAt: new Date(), isToRemember: true })
    .where(eq(submissions.id, found));
  expect(await completePeople(db, [accountId], 'bob')).toEqual([]);
  await processCleanup(deps);
  await processCleanup(deps);
  expect(await completePeople(db, [accountId], 'bob')).toMatchObject([{ address: 'bob@example.net' }]);
  const [person] = await db.select().from(people).where(eq(people.accountId, accountId));
  expect(person?.writtenCount).toBe(2);
});

it('a draft that rests is filed by a sweep: the account’s session is told of the operation', async () => {
  const { accountId } = await newTestMailboxes(db);
  await db.update(accounts).set({ status: 'active' }).where(eq(accounts.id, accountId));
  const draft = await createDraft(db, accountId, null);
  await saveDraft(db, accountId, draft.id, draft.version, draftContent(draft.identityId));
  await db
    .update(drafts)
    .set({ updatedAt: sql`now() - interval '9 seconds'` })
    .where(eq(drafts.id, draft.id));
  const told: unknown[] = [];
  const end = await deps.messages.subscribe(`work.${accountId}`, (_topic, body) => told.push(body));
  await processCleanup(deps);
  await processCleanup(deps);
  const operations = await db
    .select({ operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(eq(pendingOperations.accountId, accountId));
  expect(operations.map(({ operation }) => operation)).toEqual([
    { kind: 'create_mailbox', mailboxId: expect.any(String) },
    { kind: 'file_draft', draftId: draft.id },
  ]);
  await until(
    async () => told,
    (seen) => seen.length > 0,
  );
  await end();
});
