import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { submissions } from '#db/schema.ts';
import { makeSubmission, staleAfter } from '#mail/outbox/testing.ts';
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
