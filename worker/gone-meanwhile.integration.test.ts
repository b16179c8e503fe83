import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import {
  accountRow,
  rawMail,
  startSupervisor,
  storedSubjects,
  userOf,
  withFaults,
} from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, until } from './testing.ts';

const deps = await testDeps({
  SYNC_NEWEST_WINDOW: '10',
  SYNC_BATCH_MESSAGES: '10',
  SYNC_POLL_INTERVAL: '2000',
});
const { db } = deps;
const supervisor = await startSupervisor(deps);
const dovecot = await startDovecot();
atEnd(() => dovecot.stop());

const subjects = Array.from({ length: 40 }, (_, n) => `${n + 1}`);

interface Held {
  mailboxId: string;
  emailIds: string[];
  uids: number[];
}

/** What is here of a mailbox. */
async function held(accountId: string, path: string): Promise<Held | null> {
  const { rows } = await db.execute<{ id: string; emails: string[]; uids: number[] }>(sql`
    select m.id, coalesce(array_agg(c.email_id::text order by c.uid) filter (where c.id is not null), '{}') as emails,
      coalesce(array_agg(c.uid::int order by c.uid) filter (where c.id is not null), '{}') as uids
    from mailboxes m left join mailbox_emails c on c.account_id = m.account_id and c.mailbox_id = m.id
    where m.account_id = ${accountId} and m.remote_id = ${path} group by m.id`);
  const [row] = rows;
  return row === undefined ? null : { mailboxId: row.id, emailIds: row.emails, uids: row.uids };
}

/**
 * An account in which something becomes of the mailbox Project between the SELECT and a FETCH in it.
 * @param nth which FETCH in it
 */
async function disturbed(
  nth: number,
  change: (other: Awaited<ReturnType<typeof otherClient>>) => Promise<unknown>,
) {
  const direct = userOf(dovecot);
  const other = await otherClient(direct);
  for (const path of ['Other', 'Project']) await other.mailboxCreate(path);
  for (const path of ['INBOX', 'Other']) await other.append(path, rawMail(path));
  for (const subject of subjects) await other.append('Project', rawMail(subject));
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(deps, imap);
  const selected = new Map<number, string>();
  let fetches = 0;
  let before: Held | null = null;
  /** Sets of UIDs of Project whose sources were asked for afterwards. */
  const asked: string[] = [];
  faults.onCommand = ({ connection, name, line }) => {
    const [, path] = /^(?:EXAMINE|SELECT) "?([^" ]+)/.exec(line) ?? [];
    if (path !== undefined) selected.set(connection, path);
    if (!name.endsWith('FETCH') || !/^(Project|Renamed)$/.test(selected.get(connection) ?? '')) return null;
    fetches += 1;
    const [, uids] = /^UID FETCH (\S+) .*BODY\.PEEK\[\]/.exec(line) ?? [];
    if (fetches > nth && uids !== undefined) asked.push(uids);
    if (fetches !== nth) return null;
    const happens = (async () => {
      before = await held(accountId, 'Project');
      await change(other);
    })();
    return { after: happens };
  };
  await supervisor.look();
  await until(
    async () => fetches,
    (count) => count >= nth,
  );
  const statuses = new Set<string>();
  return {
    accountId,
    asked: () => asked.flatMap((uids) => uids.split(',').map(Number)),
    before: () => before,
    /** Waits, and the account never has anything to complain about. */
    async until<T>(ask: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
      return until(
        async () => {
          const { status, problem } = await accountRow(deps, accountId);
          statuses.add(`${status} ${problem?.code ?? 'well'}`);
          return ask();
        },
        holds,
        30_000,
      );
    },
    /** The other mailboxes go on, and nothing is wrong. */
    async goesOn(): Promise<void> {
      for (const path of ['INBOX', 'Other']) {
        await other.append(path, rawMail('later'));
        await this.until(
          () => storedSubjects(deps, accountId, path),
          (seen) => seen.join() === [path, 'later'].join(),
        );
      }
      expect([...statuses]).toEqual(['active well']);
      expect(await checkConsistency(db, accountId)).toEqual([]);
    },
  };
}

/** Which FETCH in the mailbox it is that comes too late: two of the newest mail, then of older mail. */
const moments: [string, number][] = [
  ['the first', 1],
  ['the second', 2],
  ['the fourth', 4],
  ['the sixth', 6],
];

describe.concurrent.each(moments)('another client, before %s FETCH in it,', (_, nth) => {
  it('deletes the mailbox: it goes, the others go on', async () => {
    const account = await disturbed(nth, (other) => other.mailboxDelete('Project'));
    await account.until(
      () => held(account.accountId, 'Project'),
      (seen) => seen === null,
    );
    await account.goesOn();
  });

  it('renames the mailbox: its mail stays, and comes once', async () => {
    const account = await disturbed(nth, (other) => other.mailboxRename('Project', 'Renamed'));
    const { accountId } = account;
    await account.until(
      () => storedSubjects(deps, accountId, 'Renamed'),
      (seen) => seen.length === subjects.length,
    );
    expect(await storedSubjects(deps, accountId, 'Renamed')).toEqual(subjects);
    await account.until(
      () => held(accountId, 'Project'),
      (seen) => seen === null,
    );
    const before = account.before();
    const after = await held(accountId, 'Renamed');
    expect(after?.emailIds).toEqual(expect.arrayContaining(before?.emailIds ?? []));
    if ((before?.uids.length ?? 0) > 0) expect(after?.mailboxId).toBe(before?.mailboxId);
    // What was here already is not fetched again, and nothing else twice.
    const asked = account.asked();
    expect(asked.filter((uid) => before?.uids.includes(uid))).toEqual([]);
    expect(asked).toHaveLength(new Set(asked).size);
    await account.goesOn();
  });
});
