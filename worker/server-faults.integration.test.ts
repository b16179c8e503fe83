import { inArray, sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { accounts, mailboxEmails } from '#db/schema.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { fillMaildir } from '../bench/fill-maildir.ts';
import type { Fate, FaultServer } from '../tests/faults/fault-server.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import {
  accountRow,
  rawMail,
  startSupervisor,
  storedSubjects,
  userOf,
  withFaults,
} from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, type testImapServer, until } from './testing.ts';

const deps = await testDeps({
  // Long enough that none of some twenty accounts that begin at once is taken for silent on a machine that others use.
  IMAP_COMMAND_TIMEOUT: '3000',
  IMAP_CONNECT_TIMEOUT: '3000',
  SYNC_NEWEST_WINDOW: '3',
  SYNC_BATCH_MESSAGES: '3',
});
const { db } = deps;
// As many batches at a time as there are accounts that wait for a silent server: they are not to hold up the others here.
const supervisor = await startSupervisor(deps, 16);

const stored: Readonly<Record<string, readonly string[]>> = {
  INBOX: ['1', '2', '3', '4', '5', '6', '7'],
  Archive: ['8', '9'],
};

// Most of the tests run side by side and wait: each has an account, and a server before it, of its own.
vi.setConfig({ maxConcurrency: 40 });
const dovecot = await startDovecot();
atEnd(() => dovecot.stop());

/** A user with some mail, and a server that fails where a test says. */
async function mailbox(): Promise<{
  direct: ReturnType<typeof testImapServer>;
  faults: FaultServer;
  imap: ReturnType<typeof testImapServer>;
}> {
  const direct = userOf(dovecot);
  const home = dovecot.home(direct.server.user);
  for (const [path, subjects] of Object.entries(stored)) {
    fillMaildir(path === 'INBOX' ? home : `${home}/.${path}`, subjects.length, (n) => ({
      raw: Buffer.from(rawMail(subjects[n - 1] ?? '')),
      receivedAt: new Date(Date.UTC(2026, 0, 1, 0, n)),
      isSeen: false,
    }));
  }
  return { direct, ...(await withFaults(direct)) };
}

function everything(accountId: string) {
  return Promise.all(Object.keys(stored).map((path) => storedSubjects(deps, accountId, path)));
}

/** Waits until exactly the server's mail is here. */
async function isWhole(accountId: string, timeout = 20_000): Promise<void> {
  const expected = JSON.stringify(Object.values(stored));
  await until(
    () => everything(accountId),
    (seen) => JSON.stringify(seen) === expected,
    timeout,
  );
  expect(await checkConsistency(db, accountId)).toEqual([]);
}

async function remove(...accountIds: string[]): Promise<void> {
  await db.delete(accounts).where(inArray(accounts.id, accountIds));
  await supervisor.look();
}

/** How many commands a first sync takes, from the first word to where it listens and all is here. */
const commandsOfFirstSync = (async () => {
  const { faults, imap } = await mailbox();
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await isWhole(accountId);
  await remove(accountId);
  return faults.commands.length;
})();

/** As many accounts as a first sync has commands, each of which meets its fate at another one of them. */
async function atEveryCommand(fate: Fate): Promise<number> {
  const count = await commandsOfFirstSync;
  let hits = 0;
  const begun = Array.from({ length: count }, async (_, at) => {
    const { faults, imap } = await mailbox();
    faults.onCommand = ({ nth }) => {
      if (nth !== at + 1) return null;
      hits += 1;
      return fate;
    };
    return (await insertAccount(deps, imap)).accountId;
  });
  const accountIds = await Promise.all(begun);
  await supervisor.look();
  await until(
    async () => {
      const found = await db
        .select({ n: sql<number>`count(*)::int` })
        .from(mailboxEmails)
        .where(inArray(mailboxEmails.accountId, accountIds));
      return found[0]!.n;
    },
    (n) => n === count * Object.values(stored).flat().length,
    60_000,
  );
  await Promise.all(
    accountIds.map(async (accountId) => {
      // A source that was asked for once in vain is marked, and asked for again when somebody wants it.
      if (fate === 'silence')
        await supervisor.session(accountId)!.answer({ kind: 'repair', mailboxId: null });
      await isWhole(accountId);
    }),
  );
  await remove(...accountIds);
  return hits;
}

describe.each<[string, Fate]>([
  ['dropped before the server has it', 'drop'],
  ['dropped when the server has carried it out', 'drop-answer'],
  ['silent from then on', 'silence'],
])('a connection that is %s', (_what, fate) => {
  it('at each command of a first sync in turn, ends in exactly the mail of the server', {
    timeout: 120_000,
  }, async () => {
    expect(await atEveryCommand(fate)).toBeGreaterThan(15);
  });
});

it.concurrent('one mailbox that the server cannot read stops no other, and says what is wrong until it is well', async () => {
  const { faults, imap } = await mailbox();
  const isBroken = { INBOX: false, Sent: true };
  faults.onCommand = ({ name, line }) =>
    name === 'EXAMINE' && isBroken.Sent && line.includes('Sent')
      ? { answer: 'NO [UNAVAILABLE] Internal error occurred' }
      : null;
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await isWhole(accountId);
  const problemOf = async () => {
    const { rows } = await db.execute<{ problem: { code: string; detail: string } | null; at: Date | null }>(
      sql`select problem, last_synced_at as at from mailboxes where account_id = ${accountId} and remote_id = 'Sent'`,
    );
    return rows[0]!;
  };
  const broken = await until(problemOf, ({ problem }) => problem !== null);
  expect(broken).toMatchObject({
    problem: { code: 'throttled', detail: 'Internal error occurred' },
    at: null,
  });
  expect((await accountRow(deps, accountId)).status).toBe('active');
  isBroken.Sent = false;
  await supervisor.session(accountId)!.answer({ kind: 'refresh' });
  const { at } = await until(problemOf, ({ problem }) => problem === null);
  expect(at).not.toBeNull();
});

describe.concurrent.each<[string, (faults: FaultServer) => void, (faults: FaultServer) => void, string]>([
  [
    'greets with a BYE',
    (faults) => {
      faults.greeting = '* BYE Try again later.\r\n';
    },
    (faults) => {
      faults.greeting = null;
    },
    'throttled',
  ],
  [
    'says nothing at all',
    (faults) => {
      faults.isDumb = true;
    },
    (faults) => {
      faults.isDumb = false;
    },
    'no_imap',
  ],
  [
    'answers BAD to SELECT',
    (faults) => {
      faults.onCommand = ({ name }) => (name === 'EXAMINE' ? { answer: 'BAD Whatever' } : null);
    },
    (faults) => {
      faults.onCommand = null;
    },
    'unknown',
  ],
])('a server that %s', (_what, begin, end, code) => {
  it('is tried again, later each time, and says why until it works', async () => {
    const { faults, imap } = await mailbox();
    begin(faults);
    const { accountId } = await insertAccount(deps, imap);
    await supervisor.look();
    const account = await until(
      () => accountRow(deps, accountId),
      ({ status, retryAt }) => status === 'waiting' && retryAt !== null,
    );
    expect(account.problem?.code).toBe(code);
    end(faults);
    supervisor.session(accountId)!.poke({ kind: 'sync' });
    await isWhole(accountId);
    const after = await until(
      () => accountRow(deps, accountId),
      ({ status }) => status === 'active',
    );
    expect(after).toMatchObject({ problem: null, retryAt: null });
  });
});

it.concurrent('a server that is slow byte by byte is waited for', { timeout: 120_000 }, async () => {
  const { faults, imap } = await mailbox();
  faults.trickle = 1;
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await isWhole(accountId, 100_000);
});

const outlook = 'BAD Request is throttled. Suggested Backoff Time: 240000 milliseconds';
const gmail = 'NO [OVERQUOTA] Account exceeded command or bandwidth limits';

describe.concurrent.each([
  ['EXAMINE', 'NO [THROTTLED] Slow down', 2500],
  ['EXAMINE', 'NO [LIMIT] Too many requests', 2500],
  ['AUTHENTICATE', 'NO [UNAVAILABLE] Temporary authentication failure', 2500],
  ['EXAMINE', 'BAD Request is throttled. Suggested Backoff Time: 9000 milliseconds', 9000],
  ...['FETCH', 'EXAMINE', 'LIST', 'AUTHENTICATE'].flatMap((name): [string, string, number][] => [
    [name, gmail, 2500],
    [name, outlook, 240_000],
  ]),
])('a server that answers %s with %s', (name, answer, pause) => {
  it('is left alone, and people are told until when', async () => {
    const { faults, imap } = await mailbox();
    let isThrottling = true;
    faults.onCommand = (command) =>
      isThrottling && command.name.replace('UID ', '') === name ? { answer } : null;
    const { accountId } = await insertAccount(deps, imap);
    const asked = Date.now();
    await supervisor.look();
    const { problem, retryAt } = await until(
      () => accountRow(deps, accountId),
      ({ status }) => status === 'waiting',
    );
    expect(problem?.code).toBe('throttled');
    expect(retryAt!.getTime() - asked).toBeGreaterThanOrEqual(pause);
    await until(
      async () => faults.open,
      (open) => open === 0,
    );
    isThrottling = false;
    const before = faults.commands.length;
    // However often a person asks, the server is tried once.
    for (let n = 0; n < 5; n += 1) supervisor.session(accountId)!.poke({ kind: 'sync' });
    await isWhole(accountId);
    const signIns = faults.commands.slice(before).filter((command) => command.name === 'AUTHENTICATE');
    expect(signIns.length).toBeLessThan(4);
    await remove(accountId);
  });
});

describe.concurrent('a server that takes one connection of an account', () => {
  it.each([
    'NO [LIMIT] Too many simultaneous connections. (Failure)',
    'NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=1)',
  ])('(%s) gets one, over which everything is done', async (answer) => {
    const { direct, faults, imap } = await mailbox();
    const client = await otherClient(direct);
    faults.onCommand = ({ name }) => (name === 'AUTHENTICATE' && faults.open > 1 ? { answer } : null);
    const { accountId } = await insertAccount(deps, imap);
    await supervisor.look();
    await isWhole(accountId);
    const refused = () =>
      faults.commands.filter(({ name, connection }) => name === 'AUTHENTICATE' && connection > 1).length;
    expect(refused()).toBe(1);
    await client.append('INBOX', rawMail('Live'));
    await until(
      () => storedSubjects(deps, accountId),
      (subjects) => subjects.includes('Live'),
    );
    const { rows } = await db.execute<{ id: string }>(
      sql`select id from emails where account_id = ${accountId} limit 1`,
    );
    expect(await supervisor.session(accountId)!.answer({ kind: 'body', emailId: rows[0]!.id })).toEqual({
      ok: true,
    });
    expect(await supervisor.session(accountId)!.answer({ kind: 'refresh' })).toEqual({ ok: true });
    expect(refused()).toBe(1);
    expect((await accountRow(deps, accountId)).status).toBe('active');
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

it.concurrent('a session that the server ends with a word is begun anew at once', async () => {
  const { direct, faults, imap } = await mailbox();
  const client = await otherClient(direct);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await isWhole(accountId);
  faults.dropAll();
  await client.append('INBOX', rawMail('Meanwhile'));
  await until(
    () => storedSubjects(deps, accountId),
    (subjects) => subjects.includes('Meanwhile'),
  );
  expect((await accountRow(deps, accountId)).problem).toBeNull();
});
