import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'drizzle-orm';
import { ImapFlow } from 'imapflow';
import { expect } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { pauseAccount, resumeAccount } from '#mail/accounts/pause.ts';
import { checkConsistency } from '#operations/consistency.ts';
import type { AccountSession } from '../../worker/account-session.ts';
import { processSync } from '../../worker/queues/sync.ts';
import { Supervisor } from '../../worker/supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, until } from '../../worker/testing.ts';
import { startFaultServer } from '../faults/fault-server.ts';
import { startDovecot } from '../setup/dovecot.ts';
import { mailboxId, rawMail, storedSubjects, userOf } from './account.ts';

/** What this process holds, as counted by Node. */
function held(kind: string): number {
  return process.getActiveResourcesInfo().filter((name) => name === kind).length;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function heapUsed(): number {
  if (typeof collect !== 'function') throw new Error('Memory cannot be collected.');
  collect();
  return process.memoryUsage().heapUsed;
}

/** Every client that signs in from now on, for as long as something else holds it. */
function heldClients(): () => ImapFlow[] {
  const clients = new Set<WeakRef<ImapFlow>>();
  const { connect } = ImapFlow.prototype;
  ImapFlow.prototype.connect = function (this: ImapFlow) {
    clients.add(new WeakRef(this));
    return connect.call(this);
  };
  atEnd(() => {
    ImapFlow.prototype.connect = connect;
  });
  return () => [...clients].flatMap((each) => each.deref() ?? []);
}

/** How many listeners each connected client has, by event. */
function listenersOf(clients: readonly ImapFlow[]): Map<ImapFlow, Map<string | symbol, number>> {
  const counted = (client: ImapFlow) =>
    new Map(client.eventNames().map((event) => [event, client.listenerCount(event)]));
  return new Map(clients.filter(({ usable }) => usable).map((client) => [client, counted(client)]));
}

/** Warnings of the process from now on that something has more listeners than anything should. */
function listenerWarnings(): string[] {
  const warnings: string[] = [];
  const hear = (warning: Error) => {
    if (warning.name === 'MaxListenersExceededWarning') warnings.push(String(warning));
  };
  process.on('warning', hear);
  atEnd(() => process.off('warning', hear));
  return warnings;
}

/** Looks at all of an account's mailboxes, one open, again and again: no connection gathers listeners by it. */
async function gathersNoListeners(
  session: AccountSession,
  mailboxId: string,
  clients: () => ImapFlow[],
): Promise<void> {
  const look = async () => {
    session.poke({ kind: 'watch', mailboxId });
    // A connection that was frozen before is found dead first.
    await until(
      () => session.answer({ kind: 'refresh' }),
      ({ ok }) => ok,
      60_000,
    );
  };
  await look();
  const before = listenersOf(clients());
  for (let looks = 0; looks < 10; looks += 1) await look();
  const after = listenersOf(clients());
  const kept = [...before.keys()].filter((client) => after.has(client));
  expect(kept.length).toBeGreaterThan(0);
  for (const client of kept) {
    for (const [event, count] of after.get(client) ?? []) {
      // A command that is under way at either moment listens too.
      expect(count - (before.get(client)?.get(event) ?? 0), String(event)).toBeLessThan(4);
    }
  }
}

/**
 * Accounts on one Dovecot, whose connections are dropped, frozen and refused at random, and which are paused, resumed,
 * opened and asked at random, for so many milliseconds; then all is given up and must be gone.
 */
export async function soak(accountCount: number, duration: number): Promise<{ accidents: number }> {
  const deps = await testDeps({
    IMAP_COMMAND_TIMEOUT: '5000',
    IMAP_ALIVE_INTERVAL: '5000',
    SYNC_POLL_INTERVAL: '10000',
  });
  // The test's own questions do not wait behind the worker's for a connection to Postgres.
  const { db, pool } = createDatabase({
    url: deps.config.DATABASE_URL ?? '',
    poolSize: 2,
    connectTimeout: 60_000,
    statementTimeout: 60_000,
    applicationName: 'soak',
    onError: () => undefined,
  });
  atEnd(() => pool.end());
  const clients = heldClients();
  const warnings = listenerWarnings();
  const dovecot = await startDovecot();
  atEnd(() => dovecot.stop());
  const faults = await startFaultServer(dovecot.port);
  atEnd(() => faults.stop());
  const users = Array.from({ length: accountCount }, () => userOf(dovecot));
  const accountIds: string[] = [];
  for (const imap of users) {
    const behind = { ...imap, server: { ...imap.server, port: faults.port } };
    accountIds.push((await insertAccount(deps, behind)).accountId);
  }
  let supervisor: Supervisor | null = null;
  deps.queues.work('sync', 3, async (payload) => {
    if (supervisor !== null) await processSync(deps, supervisor, payload);
  });
  const isActive = async () => {
    const { rows } = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from accounts where status = 'active'`,
    );
    return rows[0]?.n;
  };

  /** Connects all, lets accidents happen for so long, and gives all up. @returns how many there were */
  const round = async (time: number): Promise<number> => {
    const running = new Supervisor(deps);
    supervisor = running;
    await running.start();
    await until(isActive, (n) => n === accountCount, 300_000);
    const end = Date.now() + time;
    let accidents = 0;
    while (Date.now() < end) {
      await wait(randomInt(5, 60));
      const accountId = accountIds[randomInt(accountIds.length)];
      if (accountId === undefined) continue;
      accidents += 1;
      const chance = randomInt(100);
      if (chance < 50) faults.dropOne();
      else if (chance < 55) faults.freezeOne();
      else if (chance < 70) await pauseAccount(db, accountId);
      else if (chance < 85) await resumeAccount(db, accountId);
      else if (chance < 90) void running.session(accountId)?.answer({ kind: 'refresh' });
      else {
        const inbox = await mailboxId({ db }, accountId, 'Archive').catch(() => null);
        if (inbox !== null) running.session(accountId)?.poke({ kind: 'watch', mailboxId: inbox });
      }
    }
    for (const accountId of accountIds) await resumeAccount(db, accountId);
    await until(isActive, (n) => n === accountCount, 300_000);
    const [accountId = ''] = accountIds;
    const session = running.session(accountId);
    if (session === null) throw new Error('An active account has no session.');
    await gathersNoListeners(session, await mailboxId({ db }, accountId, 'Archive'), clients);
    supervisor = null;
    await running.stop();
    expect(listenersOf(clients()).size).toBe(0);
    return accidents;
  };

  // What is made once for all, pools and compiled code, is there after the first round.
  await round(Math.min(duration / 4, 60_000));
  await until(
    async () => faults.open,
    (open) => open === 0,
  );
  const before = { sockets: held('TCPSocketWrap'), timers: held('Timeout'), heap: heapUsed() };
  const accidents = await round(duration);
  await until(
    async () => faults.open,
    (open) => open === 0,
  );
  // Those of Postgres come and go by a few; those of mail would be hundreds.
  await until(
    async () => held('TCPSocketWrap'),
    (sockets) => sockets <= before.sockets + 4,
  );
  await until(
    async () => held('Timeout'),
    (timers) => timers <= before.timers + 4,
  );
  expect(warnings).toEqual([]);
  const leases = await db.execute(sql`select 1 from accounts where lease_holder is not null`);
  expect(leases.rows).toEqual([]);
  for (const event of ['SIGTERM', 'SIGINT', 'exit', 'warning'])
    expect(process.listenerCount(event)).toBeLessThan(20);
  // 30 KB an account would show a session that is held; what the test itself remembers of commands is let go.
  faults.forget();
  const grown = heapUsed() - before.heap;
  expect(grown).toBeLessThan(Math.max(4_000_000, accountCount * 30_000));

  // Not one has lost its way: each still hears of new mail, and nothing is doubled.
  const last = new Supervisor(deps);
  await last.start();
  const [imap] = users;
  const [accountId] = accountIds;
  if (imap === undefined || accountId === undefined) throw new Error('There are no accounts.');
  const client = await otherClient(imap);
  await client.append('INBOX', rawMail(randomUUID()));
  await until(
    () => storedSubjects({ db }, accountId),
    (subjects) => subjects.length === 1,
    60_000,
  );
  await last.stop();
  for (const id of accountIds) expect(await checkConsistency(db, id)).toEqual([]);
  return { accidents };
}
