import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { threadView } from '../threads/reading.ts';
import { accountsWithDepartedEmails, removeDepartedEmails, settling } from './depart.ts';
import { forgetLocations } from './forget-locations.ts';
import { RecognitionOutdated } from './place-copies.ts';
import { storeCopies } from './store-copies.ts';
import {
  incomingCopy,
  newTestMailboxes,
  receive,
  receiveRecognising,
  type TestMail,
  vanish,
} from './testing.ts';

const db = await testDatabase();
const at = new Date('2026-03-01T10:00:00Z');

async function copiesOf(accountId: string) {
  const { rows } = await db.execute<{
    id: string;
    email: string;
    thread: string;
    mailbox: string;
    uid: number | null;
    keywords: string[];
  }>(sql`
    select id, email_id as email, thread_id as thread, mailbox_id as mailbox, uid::float8 as uid, keywords
    from mailbox_emails where account_id = ${accountId} order by email_id, id`);
  return rows;
}

async function emailCount(accountId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from emails where account_id = ${accountId}`,
  );
  return rows[0]?.n ?? 0;
}

describe('after a new UIDVALIDITY', () => {
  it('each copy takes its row back, with the flags that the server has now', async () => {
    const { accountId, inboxId } = await newTestMailboxes(db);
    const place = { accountId, mailboxId: inboxId };
    const mails = [
      { uid: 1, messageId: 'a@x', receivedAt: at },
      { uid: 2, messageId: null, receivedAt: at },
      { uid: 3, messageId: 'same@x', receivedAt: at },
      { uid: 4, messageId: 'same@x', receivedAt: at },
    ];
    await receive(db, place, mails);
    const before = (await copiesOf(accountId)).map(({ id }) => id);
    await forgetLocations(db, accountId, 0, inboxId);
    const { recognised } = await receiveRecognising(
      db,
      place,
      mails.map((mail) => ({ ...mail, uid: mail.uid + 10, keywords: ['$seen'] })),
      { uidValidity: 2 },
    );
    expect(recognised).toEqual([11, 12, 13, 14]);
    const after = await copiesOf(accountId);
    expect(after.map(({ id }) => id)).toEqual(before);
    expect(after.every(({ keywords }) => keywords.includes('$seen'))).toBe(true);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it.each<Partial<TestMail>>([
    { subject: 'Other' },
    { sentAt: new Date('2026-02-02') },
    { messageId: 'b@x' },
  ])(
    'one of the same size and moment is not taken for ours where its header differs: %o',
    async (difference) => {
      const { accountId, inboxId } = await newTestMailboxes(db);
      const place = { accountId, mailboxId: inboxId };
      const ours = { uid: 1, messageId: 'a@x', receivedAt: at, sentAt: new Date('2026-02-01') };
      await receive(db, place, [ours]);
      await forgetLocations(db, accountId, 0, inboxId);
      const { recognised } = await receiveRecognising(db, place, [{ ...ours, ...difference }], {
        uidValidity: 2,
      });
      expect(recognised).toEqual([]);
    },
  );

  it('another message of the same Message-ID is not taken for ours', async () => {
    const { accountId, inboxId } = await newTestMailboxes(db);
    const place = { accountId, mailboxId: inboxId };
    await receive(db, place, [{ uid: 1, messageId: 'a@x', size: 500 }]);
    await forgetLocations(db, accountId, 0, inboxId);
    const { recognised } = await receiveRecognising(db, place, [{ uid: 1, messageId: 'a@x', size: 501 }], {
      uidValidity: 2,
    });
    expect(recognised).toEqual([]);
  });
});

describe('a message moved by another client', () => {
  it('is not taken for one of the same Message-ID, size and moment that was stored meanwhile', async () => {
    const { accountId, inboxId, sentId } = await newTestMailboxes(db);
    const twin = { messageId: 'shared@x', receivedAt: at, size: 176 };
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1, ...twin, subject: 'One' }]);
    await receive(db, { accountId, mailboxId: sentId }, [{ uid: 1, ...twin, subject: 'Two' }]);
    await vanish(db, { accountId, mailboxId: inboxId }, [1]);
    const { rows } = await db.execute<{ subject: string }>(sql`
      select e.subject from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
      where c.account_id = ${accountId}`);
    expect(rows).toEqual([{ subject: 'Two' }]);
  });

  const mail = { messageId: 'moved@x', receivedAt: at, size: 777 };

  it('keeps its Email where its going is seen first', async () => {
    const { accountId, inboxId, sentId } = await newTestMailboxes(db);
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1, ...mail }]);
    const [before] = await copiesOf(accountId);
    await vanish(db, { accountId, mailboxId: inboxId }, [1]);
    expect(await copiesOf(accountId)).toEqual([]);
    expect(await threadView(db, accountId, before!.thread)).toBeNull();
    expect(await checkConsistency(db, accountId)).toEqual([]);
    const { recognised } = await receiveRecognising(db, { accountId, mailboxId: sentId }, [
      { uid: 9, ...mail },
    ]);
    expect(recognised).toEqual([9]);
    const [after] = await copiesOf(accountId);
    expect(after).toMatchObject({ email: before!.email, thread: before!.thread, mailbox: sentId, uid: 9 });
    expect((await threadView(db, accountId, before!.thread))?.emails).toHaveLength(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('keeps its Email where its coming is seen first', async () => {
    const { accountId, inboxId, sentId } = await newTestMailboxes(db);
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1, ...mail }]);
    const [before] = await copiesOf(accountId);
    await receiveRecognising(db, { accountId, mailboxId: sentId }, [{ uid: 9, ...mail }]);
    expect(await emailCount(accountId)).toBe(2);
    await vanish(db, { accountId, mailboxId: inboxId }, [1]);
    expect(await copiesOf(accountId)).toMatchObject([
      { email: before!.email, thread: before!.thread, mailbox: sentId, uid: 9 },
    ]);
    expect(await emailCount(accountId)).toBe(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is another mail where only the Message-ID is the same', async () => {
    const { accountId, inboxId, sentId } = await newTestMailboxes(db);
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1, ...mail }]);
    await vanish(db, { accountId, mailboxId: inboxId }, [1]);
    const { recognised } = await receiveRecognising(db, { accountId, mailboxId: sentId }, [
      { uid: 9, ...mail, receivedAt: new Date(at.getTime() + 1000) },
    ]);
    expect(recognised).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

it('a mail that comes back nowhere is gone when the settling is over', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }, { uid: 2 }]);
  const start = new Date();
  await vanish(db, { accountId, mailboxId: inboxId }, [1], start);
  const later = new Date(start.getTime() + settling + 1000);
  expect(await accountsWithDepartedEmails(db, start)).not.toContain(accountId);
  expect(await accountsWithDepartedEmails(db, later)).toContain(accountId);
  await removeDepartedEmails(db, accountId, later);
  await removeDepartedEmails(db, accountId, later);
  expect(await emailCount(accountId)).toBe(1);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('what was recognised and is gone meanwhile is not stored, and the batch is told', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const emailId = '01890000-0000-7000-8000-000000000000';
  const copy = {
    ...incomingCopy({ uid: 1 }),
    content: { kind: 'recognised' as const, recognised: { kind: 'departed' as const, emailId } },
  };
  const stored = storeCopies(db, {
    accountId,
    fence: 0,
    mailboxId: inboxId,
    uidValidity: 1,
    copies: [copy],
    cursor: { uidValidity: 1, uidNext: 2, backfillBelow: 1, highestModseq: null },
    phase: 'steady',
  });
  await expect(stored).rejects.toThrow(RecognitionOutdated);
  expect(await copiesOf(accountId)).toEqual([]);
});
