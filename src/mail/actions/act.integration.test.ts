import { and, eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { mailboxes } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { newTestMailboxes, receive } from '../sync/testing.ts';
import { actOnEmails, undoAction } from './act.ts';

const db = await testDatabase();

async function withMailIn(role: 'inbox' | 'trash') {
  const { accountId, inboxId, sentId } = await newTestMailboxes(db);
  if (role === 'trash') {
    await db
      .update(mailboxes)
      .set({ role: 'trash' })
      .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, sentId)));
  }
  const mailboxId = role === 'trash' ? sentId : inboxId;
  await receive(db, { accountId, mailboxId }, [{ uid: 1 }]);
  const { rows } = await db.execute<{ id: string }>(
    sql`select email_id as id from mailbox_emails where account_id = ${accountId}`,
  );
  const emailIds = rows.map(({ id }) => id);
  return { accountId, mailboxId, request: { accountId, mailboxId, threadIds: [], emailIds } };
}

async function placesOf(accountId: string): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select mailbox_id as id from mailbox_emails where account_id = ${accountId}`,
  );
  return rows.map(({ id }) => id);
}

it.each(['inbox', 'trash'] as const)(
  'a mail of the %s that is moved to where it lies stays there',
  async (role) => {
    const { accountId, mailboxId, request } = await withMailIn(role);
    const { changed } = await actOnEmails(db, {
      ...request,
      action: { kind: 'move', toMailboxId: mailboxId },
    });
    expect(changed).toBe(0);
    expect(await placesOf(accountId)).toEqual([mailboxId]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  },
);

it('a mail of the trash that is thrown away is gone for good', async () => {
  const { accountId, request } = await withMailIn('trash');
  const { changed } = await actOnEmails(db, { ...request, action: { kind: 'moveToRole', role: 'trash' } });
  expect(changed).toBe(1);
  expect(await placesOf(accountId)).toEqual([]);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('an archived mail goes back where it was', async () => {
  const { accountId, mailboxId, request } = await withMailIn('inbox');
  const { undo } = await actOnEmails(db, { ...request, action: { kind: 'moveToRole', role: 'archive' } });
  expect(await placesOf(accountId)).not.toContain(mailboxId);
  await undoAction(db, undo!);
  expect(await placesOf(accountId)).toEqual([mailboxId]);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
