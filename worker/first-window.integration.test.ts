import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { rawMail, startSupervisor, storedSubjects, withFaults } from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps({
  IMAP_COMMAND_TIMEOUT: '800',
  SYNC_NEWEST_WINDOW: '4',
  SYNC_BATCH_MESSAGES: '4',
  SYNC_BATCH_BYTES: '40000',
});
const { db } = deps;
const supervisor = await startSupervisor(deps);

/** A user with so many mails in the inbox, one of them larger than its share of a batch. */
async function withMail(count: number, large: number) {
  const direct = testImapServer(`u${crypto.randomUUID()}`);
  const client = await otherClient(direct);
  for (let n = 1; n <= count; n += 1) {
    const body = n === large ? `${'x'.repeat(70)}\r\n`.repeat(200) : `Body of ${n}`;
    await client.append('INBOX', rawMail(`${n}`, body), [], new Date(Date.UTC(2026, 0, 1, 0, n)));
  }
  return direct;
}

async function bodies(accountId: string) {
  const { rows } = await db.execute<{ uid: number; status: string; problem: string | null }>(sql`
    select c.uid::int as uid, e.body_status as status, e.body_problem as problem from mailbox_emails c
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId} order by c.uid`);
  return rows;
}

describe('the newest mails of a new account', () => {
  it('wait for a list of names, the inbox and one answer, and for nobody’s STATUS', async () => {
    const { faults, imap } = await withFaults(await withMail(6, 0));
    const { accountId } = await insertAccount(deps, imap);
    const { promise: looked, resolve } = Promise.withResolvers<void>();
    faults.onCommand = ({ name }) => {
      if (name === 'NOTIFY') resolve();
      return null;
    };
    await supervisor.look();
    await looked;
    const names = faults.commands.map(({ name }) => name);
    const from = names.indexOf('LIST');
    expect(names.slice(from, names.indexOf('NOTIFY'))).toEqual(['LIST', 'EXAMINE', 'FETCH']);
    expect(faults.commands[from]?.line).not.toContain('STATUS');
    expect(await storedSubjects(deps, accountId)).toEqual(['3', '4', '5', '6']);
    // The counts follow, and the rest of the mail.
    await until(
      async () => {
        const { rows } = await db.execute<{ n: number | null }>(
          sql`select remote_count as n from mailboxes where account_id = ${accountId} and remote_id = 'INBOX'`,
        );
        return rows[0]?.n;
      },
      (count) => count === 6,
    );
    await until(
      () => storedSubjects(deps, accountId),
      (subjects) => subjects.join() === '1,2,3,4,5,6',
    );
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('come whole where one is larger than its share of a batch', async () => {
    const { faults, imap } = await withFaults(await withMail(4, 3));
    const { accountId } = await insertAccount(deps, imap);
    await supervisor.look();
    const rows = await until(
      () => bodies(accountId),
      (seen) => seen.length === 4,
    );
    expect(rows.every(({ status }) => status === 'stored')).toBe(true);
    const asked = faults.commands.filter(({ line }) => /^UID FETCH .*BODY/.test(line));
    expect(asked.map(({ line }) => line.split(' ')[2])).toEqual(['3']);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it.each([1, 3])('cost one time-out where mail %i of them is never answered', async (stuck) => {
    const direct = await withMail(4, 0);
    const proxy = await startImapProxy(direct.server.port);
    atEnd(() => proxy.stop());
    proxy.stallUid = stuck;
    const imap = { ...direct, server: { ...direct.server, port: proxy.port } };
    const { accountId } = await insertAccount(deps, imap);
    await supervisor.look();
    const rows = await until(
      () => bodies(accountId),
      (seen) => seen.length === 4,
    );
    expect(rows.filter(({ status }) => status !== 'stored')).toEqual([
      { uid: stuck, status: 'failed', problem: 'fetch_timeout' },
    ]);
    // Of the first nobody can tell which it is that the server does not give: then it is asked for once more.
    expect(proxy.stalls).toBe(stuck === 1 ? 2 : 1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
