import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts } from '#db/schema.ts';
import { actOnEmails, undoAction } from '#mail/actions/act.ts';
import { mailboxRows } from '#mail/mailboxes/reading.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { startGmail } from '../tests/gmail/gmail-server.ts';
import { lookedAt } from './looking-testing.ts';
import { atEnd, testDeps } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

function mail(subject: string, extra = ''): string {
  const id = `${subject.replaceAll(' ', '.')}@people.example`;
  return `From: ada@people.example\r\nTo: me@gmail.example\r\nSubject: ${subject}\r\nMessage-ID: <${id}>\r\n${extra}\r\nText of ${subject}\r\n`;
}

/** An account at a server that does as Gmail does, looked at as a session looks. */
async function gmailAccount() {
  const login = { user: `u${randomUUID()}@gmail.example`, password: 'an app password' };
  const gmail = await startGmail(login);
  atEnd(() => gmail.stop());
  const server = {
    host: '127.0.0.1',
    port: gmail.port,
    security: 'none' as const,
    user: login.user,
    pinnedFingerprint: null,
  };
  const account = await lookedAt(deps, { server, password: login.password });
  await db.update(accounts).set({ isGmail: true }).where(eq(accounts.id, account.accountId));
  return { gmail, ...account };
}

/** The mailboxes that hold each mail, by subject. */
async function places(accountId: string): Promise<Record<string, string[]>> {
  const { rows } = await db.execute<{ subject: string; paths: string[] }>(sql`
    select e.subject, array_agg(m.remote_id order by m.remote_id) as paths
    from emails e join mailbox_emails c on c.account_id = e.account_id and c.email_id = e.id
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where e.account_id = ${accountId} group by e.id, e.subject`);
  return Object.fromEntries(rows.map(({ subject, paths }) => [subject, paths]));
}

async function row(accountId: string, subject: string) {
  const { rows } = await db.execute<{ id: string; thread: string; count: number }>(sql`
    select (array_agg(id))[1] as id, (array_agg(thread_id))[1] as thread, count(*)::int as count
    from emails where account_id = ${accountId} and subject = ${subject}`);
  if (rows[0] === undefined) throw new Error(`There is no ${subject}.`);
  return rows[0];
}

async function inboxId(accountId: string): Promise<string> {
  const found = (await mailboxRows(db, accountId)).find(({ role }) => role === 'inbox');
  if (found === undefined) throw new Error('There is no inbox.');
  return found.id;
}

it('labels are mailboxes, one mail has one body in all of them, and conversations are Gmail’s', async () => {
  const { gmail, accountId, look, sources } = await gmailAccount();
  gmail.createLabel('Projects/Grüße');
  gmail.deliver(mail('First'));
  gmail.deliver(mail('Second'), ['INBOX', 'Projects/Grüße']);
  gmail.deliver(mail('Third'), ['Projects/Grüße']);
  await look();
  expect(await places(accountId)).toEqual({
    First: ['INBOX', '[Gmail]/All Mail'],
    Second: ['INBOX', 'Projects/Grüße', '[Gmail]/All Mail'],
    Third: ['Projects/Grüße', '[Gmail]/All Mail'],
  });
  expect(sources).toHaveLength(3);
  for (const subject of ['First', 'Second', 'Third']) expect((await row(accountId, subject)).count).toBe(1);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('archiving takes the inbox away, and undoing it puts it back', async () => {
  const { gmail, accountId, look, carryOut } = await gmailAccount();
  gmail.deliver(mail('Letter'));
  await look();
  const { thread } = await row(accountId, 'Letter');
  const request = { accountId, mailboxId: await inboxId(accountId), threadIds: [thread], emailIds: [] };
  const archived = await actOnEmails(db, { ...request, action: { kind: 'moveToRole', role: 'archive' } });
  expect(await places(accountId)).toEqual({ Letter: ['[Gmail]/All Mail'] });
  await carryOut();
  expect([...gmail.messages()[0]!.places.keys()]).toEqual(['[Gmail]/All Mail']);
  await look();
  expect(await places(accountId)).toEqual({ Letter: ['[Gmail]/All Mail'] });

  await undoAction(db, archived.undo!);
  expect(await places(accountId)).toEqual({ Letter: ['INBOX', '[Gmail]/All Mail'] });
  await carryOut();
  expect([...gmail.messages()[0]!.places.keys()].sort()).toEqual(['INBOX', '[Gmail]/All Mail']);
  await look();
  expect(await places(accountId)).toEqual({ Letter: ['INBOX', '[Gmail]/All Mail'] });
  expect((await row(accountId, 'Letter')).count).toBe(1);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a flag is the mail’s, in whatever mailbox it was set', async () => {
  const { gmail, accountId, look, carryOut } = await gmailAccount();
  gmail.deliver(mail('Starred'));
  await look();
  const { thread } = await row(accountId, 'Starred');
  const request = { accountId, mailboxId: await inboxId(accountId), threadIds: [thread], emailIds: [] };
  await actOnEmails(db, { ...request, action: { kind: 'keyword', keyword: '$flagged', isSet: true } });
  const flagged = async () => {
    const { rows } = await db.execute<{ n: number }>(sql`
      select count(*)::int as n from mailbox_emails where account_id = ${accountId} and is_flagged
        and mailbox_id in (select id from mailboxes where role in ('inbox', 'all'))`);
    return rows[0]?.n;
  };
  expect(await flagged()).toBe(2);
  await carryOut();
  expect(gmail.messages()[0]!.flags).toContain('\\Flagged');
  await look();
  expect(await flagged()).toBe(2);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a mail thrown away leaves every label', async () => {
  const { gmail, accountId, look, carryOut } = await gmailAccount();
  gmail.deliver(mail('Rubbish'), ['INBOX']);
  await look();
  const { thread } = await row(accountId, 'Rubbish');
  const request = { accountId, mailboxId: await inboxId(accountId), threadIds: [thread], emailIds: [] };
  await actOnEmails(db, { ...request, action: { kind: 'moveToRole', role: 'trash' } });
  await carryOut();
  await look();
  expect([...gmail.messages()[0]!.places.keys()]).toEqual(['[Gmail]/Trash']);
  expect(await places(accountId)).toEqual({ Rubbish: ['[Gmail]/Trash'] });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
