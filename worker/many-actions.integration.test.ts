import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { actOnEmails, undoAction } from '#mail/actions/act.ts';
import { listEmails } from '#mail/emails/list.ts';
import { mailboxOfRole } from '#mail/mailboxes/reading.ts';
import { pokeAccount } from '#mail/notify.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { processSync } from './queues/sync.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps();
const { db } = deps;
const supervisor = new Supervisor(deps);
deps.queues.work('sync', 3, (payload) => processSync(deps, supervisor, payload));
atEnd(() => supervisor.stop());

it('actions that follow each other closely all reach the server within seconds', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  for (let n = 1; n <= 4; n += 1) {
    await client.append(
      'INBOX',
      `From: a@test.example\r\nSubject: Mail ${n}\r\nMessage-ID: <${randomUUID()}@x>\r\n\r\nBody\r\n`,
    );
  }
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.start();
  const list = () =>
    listEmails(db, {
      accountIds: [accountId],
      mailboxId: null,
      role: 'inbox',
      list: 'emails',
      cursor: null,
      limit: 50,
    });
  const { rows } = await until(list, (page) => page.rows.length === 4);
  await until(
    () => mailboxOfRole(db, accountId, 'trash'),
    (mailbox) => mailbox !== null && mailbox.cursor !== null,
  );
  const waiting = async () => {
    const result = await db.execute<{ kinds: string | null }>(
      sql`select string_agg(operation ->> 'kind' || ' ' || attempts || ' ' || coalesce(problem ->> 'code', ''), ', ') as kinds from pending_operations where account_id = ${accountId} and not is_settled`,
    );
    return result.rows[0]?.kinds ?? null;
  };
  const poke = () => pokeAccount(deps.messages, accountId, { kind: 'operations' });
  for (let round = 0; round < 15; round += 1) {
    const row = rows[round % rows.length]!;
    const act = async (action: Parameters<typeof actOnEmails>[1]['action']) => {
      const result = await actOnEmails(db, {
        accountId,
        mailboxId: row.mailboxId,
        threadIds: [row.threadId],
        emailIds: [],
        action,
      });
      await poke();
      return result;
    };
    await act({ kind: 'keyword', keyword: '$seen', isSet: round % 2 === 0 });
    if (round % 3 === 0) await until(waiting, (kinds) => kinds === null, 5000);
    await act({ kind: 'keyword', keyword: '$flagged', isSet: round % 2 === 0 });
    const moved = await act({ kind: 'moveToRole', role: round % 2 === 0 ? 'trash' : 'archive' });
    if (round % 2 === 0) await until(waiting, (kinds) => kinds === null, 5000);
    await undoAction(db, moved.undo!);
    await poke();
    await until(waiting, (kinds) => kinds === null, 5000);
  }
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
