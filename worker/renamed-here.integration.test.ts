import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { renameMailbox } from '#mail/mailboxes/rename-mailbox.ts';
import { fetchBody } from '#mail/sync/imap/fetch-content.ts';
import { backfillBatch, checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { repairMailbox } from '#mail/sync/imap/repair.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { rawMail, startSupervisor, storedSubjects, withFaults } from '../tests/worker/account.ts';
import { lookedAt } from './looking-testing.ts';
import { insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

it('a mailbox renamed here is looked at, repaired and read while the server has not been told, and by old rows after', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  await client.mailboxCreate('Old');
  for (const subject of ['1', '2', '3', '4']) await client.append('Old', rawMail(subject));
  const account = await lookedAt(deps, imap, { newestWindow: 2 });
  const { accountId, parts } = account;
  await account.look();
  const before = await account.mailbox('Old');
  await db.execute(sql`
    update mailboxes set cursor = cursor || '{"backfillBelow": 3}' where account_id = ${accountId} and id = ${before.id}`);

  await renameMailbox(db, { accountId, mailboxId: before.id, name: 'New' });
  await client.append('Old', rawMail('5'));
  const waiting = await account.mailbox('New');
  const cursor = await checkMailbox(parts, account.client, waiting);
  expect((await backfillBatch(parts, account.client, waiting, cursor, 10)).cursor.backfillBelow).toBe(1);
  await repairMailbox(parts, account.client, await account.mailbox('New'));
  const rows = await account.stored('New');
  expect(rows.map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5]);
  await fetchBody(parts, account.client, rows[0]!.emailId);

  await account.carryOut();
  await client.append('New', rawMail('6'));
  await checkMailbox(parts, account.client, { ...before, cursor });
  expect((await account.stored('New')).map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a round takes in the mail of a mailbox that the server will not rename yet', async () => {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.mailboxCreate('Old');
  await client.append('Old', rawMail('Before'));
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(deps, imap);
  const supervisor = await startSupervisor(deps);
  await supervisor.session(accountId)!.answer({ kind: 'refresh' });
  const [row] = (
    await db.execute<{ id: string }>(
      sql`select id from mailboxes where account_id = ${accountId} and remote_id = 'Old'`,
    )
  ).rows;
  faults.onCommand = ({ name }) => (name === 'RENAME' ? { answer: 'NO [UNAVAILABLE] Not now' } : null);
  await renameMailbox(db, { accountId, mailboxId: row!.id, name: 'New' });
  await client.append('Old', rawMail('Meanwhile'));
  await supervisor.session(accountId)!.answer({ kind: 'refresh' });
  expect(await storedSubjects(deps, accountId, 'New')).toEqual(['Before', 'Meanwhile']);
  faults.onCommand = null;
  await db.execute(
    sql`update pending_operations set next_attempt_at = now() where account_id = ${accountId}`,
  );
  supervisor.session(accountId)!.poke({ kind: 'operations' });
  await until(
    async () => (await client.list()).map(({ path }) => path),
    (paths) => paths.includes('New') && !paths.includes('Old'),
  );
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
