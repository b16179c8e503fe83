import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { pokeAccount } from '#mail/notify.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { processSync } from './queues/sync.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps();
const { db } = deps;
const supervisor = new Supervisor(deps);
deps.queues.work('sync', 3, (payload) => processSync(deps, supervisor, payload));
await supervisor.start();
atEnd(() => supervisor.stop());

type Held = {
  id: string;
  name: string;
  parent: string | null;
  role: string | null;
  emails: string[];
};

/** Mailboxes with the ids of the Emails in them, by full name. */
async function held(accountId: string): Promise<Record<string, Held>> {
  const { rows } = await db.execute<Held & { remote_id: string }>(sql`
    select m.id, m.remote_id, m.name, m.role, p.remote_id as parent,
      coalesce((select array_agg(c.email_id::text order by c.uid) from mailbox_emails c
        where c.account_id = m.account_id and c.mailbox_id = m.id), '{}') as emails
    from mailboxes m left join mailboxes p on p.account_id = m.account_id and p.id = m.parent_id
    where m.account_id = ${accountId}`);
  return Object.fromEntries(rows.map(({ remote_id, ...rest }) => [remote_id, rest]));
}

async function connected(paths: Record<string, number>) {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  for (const [path, count] of Object.entries(paths)) {
    if (path !== 'INBOX') await client.mailboxCreate(path);
    for (let n = 1; n <= count; n += 1) {
      const source = `From: a@test.example\r\nSubject: ${path} ${n}\r\nMessage-ID: <${randomUUID()}@x>\r\n\r\nText\r\n`;
      await client.append(path, source, [], new Date(Date.UTC(2026, 0, 1, 0, n)));
    }
  }
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await until(
    () => held(accountId),
    (seen) => Object.entries(paths).every(([path, count]) => seen[path]?.emails.length === count),
  );
  const sync = () => pokeAccount(deps.messages, accountId, { kind: 'sync' });
  return { client, accountId, sync };
}

/** Pokes until it holds: the listing is looked at again and again, as it is by and by without a poke. */
async function eventually(
  { accountId, sync }: { accountId: string; sync: () => Promise<void> },
  holds: (seen: Record<string, Held>) => boolean,
) {
  return until(
    async () => {
      await sync();
      return held(accountId);
    },
    holds,
    20_000,
  );
}

it('a mailbox renamed by another client keeps its id and its mails, and so do those in it', async () => {
  const account = await connected({ INBOX: 1, Projects: 2, 'Projects/Grüße': 3 });
  const before = await held(account.accountId);
  await account.client.mailboxRename('Projects', 'Plans');
  const after = await eventually(account, (seen) => seen.Plans !== undefined && seen.Projects === undefined);
  expect(after.Plans).toMatchObject({ id: before.Projects!.id, emails: before.Projects!.emails });
  const nested = await eventually(account, (seen) => seen['Plans/Grüße'] !== undefined);
  expect(nested['Plans/Grüße']).toMatchObject({
    id: before['Projects/Grüße']!.id,
    emails: before['Projects/Grüße']!.emails,
    name: 'Grüße',
    parent: 'Plans',
  });
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('a mailbox deleted by another client is gone when the server says so twice', async () => {
  const account = await connected({ INBOX: 1, Old: 2 });
  await account.client.mailboxDelete('Old');
  const after = await eventually(account, (seen) => seen.Old === undefined);
  expect(after.INBOX?.emails).toHaveLength(1);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('a mailbox deleted and made again under its name shows what is in it now', async () => {
  const account = await connected({ INBOX: 1, Twice: 2 });
  await account.client.mailboxDelete('Twice');
  await account.client.mailboxCreate('Twice');
  await account.client.append('Twice', 'From: b@test.example\r\nSubject: Anew\r\n\r\nText\r\n');
  await eventually(account, (seen) => seen.Twice?.emails.length === 1);
  const { rows } = await db.execute<{ subject: string }>(sql`
    select e.subject from mailbox_emails c join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${account.accountId} and m.remote_id = 'Twice'`);
  expect(rows.map(({ subject }) => subject)).toEqual(['Anew']);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('mails moved by another client keep their Emails, whichever mailbox is looked at first', async () => {
  const account = await connected({ INBOX: 4, Kept: 1 });
  const before = await held(account.accountId);
  const lock = await account.client.getMailboxLock('INBOX');
  await account.client.messageMove('1:2', 'Kept');
  lock.release();
  const after = await eventually(
    account,
    (seen) => seen.Kept?.emails.length === 3 && seen.INBOX?.emails.length === 2,
  );
  expect(after.Kept?.emails.toSorted()).toEqual(
    [...before.Kept!.emails, ...before.INBOX!.emails.slice(0, 2)].toSorted(),
  );
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('a mailbox deleted under its children holds no mail any more, and may come back', async () => {
  const account = await connected({ INBOX: 1, Work: 2, 'Work/2026': 1 });
  await account.client.mailboxDelete('Work');
  const after = await eventually(account, (seen) => seen.Work?.emails.length === 0);
  expect(after['Work/2026']?.emails).toHaveLength(1);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
  await account.client.mailboxCreate('Work');
  await account.client.append('Work', 'From: b@test.example\r\nSubject: Anew\r\n\r\nText\r\n');
  await eventually(account, (seen) => seen.Work?.emails.length === 1);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});
