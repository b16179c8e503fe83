import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { departingUids, pendingKeywords } from './pending.ts';
import { newTestMailboxes, receive } from './testing.ts';

const db = await testDatabase();

async function copyIn(accountId: string): Promise<string> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from mailbox_emails where account_id = ${accountId}`,
  );
  return rows[0]!.id;
}

it('what leaves is told beside operations of every other kind', async () => {
  const { accountId, inboxId, sentId } = await newTestMailboxes(db);
  await db.transaction(async (tx) => {
    const names = { from: 'Old', to: 'New', delimiter: '/' };
    await enqueueOperation(tx, accountId, { kind: 'rename_mailbox', mailboxId: sentId, ...names });
    await enqueueOperation(tx, accountId, { kind: 'create_mailbox', mailboxId: sentId });
    const place = { mailboxId: inboxId, uidValidity: 1, uid: 7 };
    const now = new Date().toISOString();
    const known = {
      size: 1,
      receivedAt: now,
      messageId: null,
      subject: '',
      sentAt: null,
      isOwn: false,
      state: 0,
    };
    await enqueueOperation(tx, accountId, {
      kind: 'move',
      copyIds: [],
      from: { a: place, b: { mailboxId: inboxId, uid: null, ...known } },
      toMailboxId: sentId,
    });
  });
  expect(await departingUids(db, accountId, inboxId, 1)).toEqual([7]);
  expect(await departingUids(db, accountId, inboxId, 2)).toEqual([]);
});

it('a person’s keywords stand on top of the server’s, in the order in which they were set', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }]);
  const copyId = await copyIn(accountId);
  await db.transaction(async (tx) => {
    const copyIds = [copyId];
    await enqueueOperation(tx, accountId, { kind: 'store', copyIds, add: ['$seen'], remove: [] });
    await enqueueOperation(tx, accountId, { kind: 'store', copyIds, add: [], remove: ['$flagged'] });
    await enqueueOperation(tx, accountId, { kind: 'store', copyIds, add: ['$flagged'], remove: [] });
    await enqueueOperation(tx, accountId, { kind: 'store', copyIds, add: [], remove: ['$seen'] });
  });
  const withPending = await pendingKeywords(db, accountId);
  expect(withPending(copyId, ['$answered', '$seen'])).toEqual(['$answered', '$flagged']);
  expect(withPending('another', ['$seen'])).toEqual(['$seen']);
});
