import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { actOnEmails } from '../actions/act.ts';
import { MailProblem } from '../problem.ts';
import { newTestMailboxes, receive } from './testing.ts';

const db = await testDatabase();

async function counts(accountId: string) {
  const { rows } = await db.execute<{ copies: number; emails: number }>(sql`
    select (select count(*)::int from mailbox_emails where account_id = ${accountId}) as copies,
      (select count(*)::int from emails where account_id = ${accountId}) as emails`);
  return rows[0];
}

it('a batch that is written twice changes nothing the second time', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const mails = [{ uid: 1 }, { uid: 2 }, { uid: 3 }];
  await receive(db, { accountId, mailboxId: inboxId }, mails);
  await receive(db, { accountId, mailboxId: inboxId }, mails);
  expect(await counts(accountId)).toEqual({ copies: 3, emails: 3 });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('the same Message-ID twice is two mails, and none at all is a mail too', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [
    { uid: 1, messageId: 'same@x' },
    { uid: 2, messageId: 'same@x' },
    { uid: 3, messageId: null },
    { uid: 4, messageId: null },
  ]);
  expect(await counts(accountId)).toEqual({ copies: 4, emails: 4 });
});

it('copies of one identity at the source are one mail with one body', async () => {
  const { accountId, inboxId, sentId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1, remoteId: 'gm-1' }]);
  await receive(db, { accountId, mailboxId: sentId }, [{ uid: 1, remoteId: 'gm-1' }]);
  expect(await counts(accountId)).toEqual({ copies: 2, emails: 1 });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('what a person has just moved away does not come back from the server', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const place = { accountId, mailboxId: inboxId };
  await receive(db, place, [{ uid: 1, messageId: 'moved@x' }]);
  const { rows } = await db.execute<{ id: string }>(
    sql`select thread_id as id from mailbox_emails where account_id = ${accountId}`,
  );
  await actOnEmails(db, {
    ...place,
    threadIds: [rows[0]!.id],
    emailIds: [],
    action: { kind: 'moveToRole', role: 'archive' },
  });
  await receive(db, place, [{ uid: 1, messageId: 'moved@x' }]);
  expect(await counts(accountId)).toEqual({ copies: 1, emails: 1 });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a worker that has lost its lease writes nothing', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const late = receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }], { fence: 41 });
  await expect(late).rejects.toThrow(MailProblem);
  expect(await counts(accountId)).toEqual({ copies: 0, emails: 0 });
});
