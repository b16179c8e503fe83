import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { massPatience, removeVanished } from './remove-vanished.ts';
import { newTestMailboxes, receive } from './testing.ts';

const db = await testDatabase();

async function stored(accountId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from mailbox_emails where account_id = ${accountId}`,
  );
  return rows[0]?.n ?? 0;
}

async function mailboxOf(count: number) {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const uids = Array.from({ length: count }, (_, index) => index + 1);
  await receive(
    db,
    { accountId, mailboxId: inboxId },
    uids.map((uid) => ({ uid })),
  );
  const look = (
    onServer: readonly number[],
    suspectedSince: Date | null,
    now: Date,
    seen: readonly number[] = [],
  ) =>
    removeVanished(db, {
      accountId,
      fence: 0,
      mailboxId: inboxId,
      cursor: { uidValidity: 1, uidNext: count + 1, backfillBelow: 1, highestModseq: null },
      remoteCount: onServer.length,
      reported: null,
      seen,
      suspectedSince,
      now,
      listUids: async () => [...onServer],
    });
  return { accountId, uids, look };
}

it('a mailbox that is suddenly almost empty is not believed until it stays so', async () => {
  const { accountId, uids, look } = await mailboxOf(200);
  const start = new Date();
  expect(await look(uids.slice(0, 3), null, start)).toEqual({
    state: null,
    suspected: 197,
    missing: [],
  });
  expect(await stored(accountId)).toBe(200);
  const soon = new Date(start.getTime() + massPatience - 1);
  expect((await look(uids.slice(0, 3), start, soon)).suspected).toBe(197);
  expect(await stored(accountId)).toBe(200);
  const later = new Date(start.getTime() + massPatience);
  expect((await look(uids.slice(0, 3), start, later)).suspected).toBe(0);
  expect(await stored(accountId)).toBe(3);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a few that are gone are gone at once', async () => {
  const { accountId, uids, look } = await mailboxOf(200);
  expect((await look(uids.slice(50), null, new Date())).state).not.toBeNull();
  expect(await stored(accountId)).toBe(150);
});

it('counts that agree ask for no list', async () => {
  const { uids, look } = await mailboxOf(5);
  expect(await look(uids, null, new Date())).toEqual({
    state: null,
    suspected: 0,
    missing: [],
  });
});

it.each([
  ['all that it has', [1, 2, 3, 4, 6]],
  ['one that is not here', [6]],
  ['nothing', []],
])('that one is gone and another missing shows where the server tells of %s', async (_, seen) => {
  const { accountId, look } = await mailboxOf(6);
  await db.execute(sql`delete from mailbox_emails where account_id = ${accountId} and uid = 6`);
  await db.execute(
    sql`update mailboxes set email_count = 5 where account_id = ${accountId} and email_count = 6`,
  );
  const outcome = await look([1, 2, 3, 4, 6], null, new Date(), seen);
  expect(outcome.missing).toEqual(seen.length === 0 ? [] : [6]);
  expect(await stored(accountId)).toBe(seen.length === 0 ? 5 : 4);
});

it('that one is gone shows where the server tells of all others, though an odd one makes up the count', async () => {
  const { accountId, uids, look } = await mailboxOf(5);
  expect((await look([1, 2, 3, 4, 9], null, new Date(), [1, 2, 3, 4, 9])).state).not.toBeNull();
  expect(await stored(accountId)).toBe(uids.length - 1);
});

it('what the server lists and is not here is named, so that it is fetched', async () => {
  const { accountId, uids, look } = await mailboxOf(5);
  await db.execute(sql`delete from mailbox_emails where account_id = ${accountId} and uid in (2, 4)`);
  await db.execute(
    sql`update mailboxes set email_count = 3 where account_id = ${accountId} and email_count = 5`,
  );
  expect((await look(uids, null, new Date())).missing).toEqual([2, 4]);
});
