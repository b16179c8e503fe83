import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pokeAccount } from '../../src/mail/notify.ts';
import { createLog } from '../../src/platform/log.ts';
import { createMessages } from '../../src/platform/messages.ts';
import { startWorker } from '../../tests/faults/worker-process.ts';
import { type Dovecot, startDovecot } from '../../tests/setup/dovecot.ts';
import { accountOf, press } from '../connect-account.ts';
import { fillMaildir } from '../fill-maildir.ts';
import type { BenchResult } from '../main.ts';
import { smallMessage } from '../messages.ts';
import { pause, rounded } from '../numbers.ts';
import type { BenchStack } from '../stack.ts';
import { type CountingProxy, startCountingProxy, type Traffic } from './counting-proxy.ts';

const mailboxCount = 100;
const mailsEach = 20;
const ownNames = ['Drafts', 'Sent', 'Archive', 'Junk', 'Trash'];
/** Milliseconds of silence after which a check has certainly ended. */
const silence = 1500;
/** The longest wait for anything here, in milliseconds. */
const longest = 120_000;

/** Commands that are about the account and none of its mailboxes; each is one round trip, and DONE ends each IDLE. */
const accountCommands = ['LIST', 'LSUB', 'IDLE', 'NOOP'] as const;

/** The round trips that were made for the mailboxes. */
function forMailboxes({ commands, roundTrips }: Traffic): number {
  const count = (name: string) => commands.get(name) ?? 0;
  const own = accountCommands.reduce((sum, name) => sum + count(name), 0);
  return roundTrips - own - count('IDLE');
}

/** What Dovecot offers, but neither CONDSTORE and QRESYNC nor anything that asks about many mailboxes at once. */
const plainCapability =
  'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ UIDPLUS SPECIAL-USE UNSELECT MOVE NAMESPACE';

async function until(what: string, isReached: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + longest;
  while (!(await isReached())) {
    if (performance.now() > end) throw new Error(`Not in time: ${what}.`);
    await pause(50);
  }
}

function fill(dovecot: Dovecot, address: string): void {
  const inbox = dovecot.home(address);
  const others = Array.from({ length: mailboxCount - 1 }, (_, at) => ownNames[at] ?? `Project ${at}`);
  for (const maildir of [inbox, ...others.map((name) => join(inbox, `.${name}`))])
    fillMaildir(maildir, mailsEach, (n) => smallMessage(n, address));
}

async function untilSteady({ db }: BenchStack, accountId: string): Promise<void> {
  await until('all mailboxes steady', async () => {
    const { rows } = await db.execute<{ steady: number; stored: number }>(sql`
      select count(*) filter (where phase = 'steady')::int as steady, coalesce(sum(email_count), 0)::int as stored
      from mailboxes where account_id = ${accountId}`);
    return rows[0]?.steady === mailboxCount && rows[0].stored === mailboxCount * mailsEach;
  });
}

/** What one check costs, once the connections that it uses are there. */
async function measureCheck(
  stack: BenchStack,
  proxy: CountingProxy,
  address: string,
): Promise<{ traffic: Traffic; seconds: number }> {
  const setupId = await press(stack, { address, imapPort: proxy.port });
  const accountId = await accountOf(stack, setupId);
  await untilSteady(stack, accountId);
  const messages = await createMessages({
    databaseUrl: stack.environment.DATABASE_URL ?? '',
    redisUrl: null,
    redisPrefix: 'bench',
    name: 'bench',
    log: createLog('bench', 'warn'),
  });
  const untilQuiet = () => until('silence', async () => proxy.quietFor() > silence);
  const check = async () => {
    proxy.take();
    const began = performance.now();
    await pokeAccount(messages, accountId, { kind: 'sync' });
    await until('the check to begin', async () => proxy.quietFor() < performance.now() - began);
    await untilQuiet();
    return { traffic: proxy.take(), seconds: (performance.now() - began - silence) / 1000 };
  };
  try {
    await untilQuiet();
    // The first may find things that a first look at a mailbox leaves to be settled.
    await check();
    return await check();
  } finally {
    await messages.close();
    await stack.db.execute(sql`update accounts set status = 'paused' where id = ${accountId}`);
  }
}

async function benchServer(
  stack: BenchStack,
  dovecot: Dovecot,
  prefix: 'check' | 'plainCheck',
): Promise<Record<string, number>> {
  const address = `${prefix.toLowerCase()}@mail.example`;
  fill(dovecot, address);
  const proxy = await startCountingProxy(dovecot.port);
  const worker = await startWorker(stack.environment);
  try {
    const { traffic, seconds } = await measureCheck({ ...stack, dovecot }, proxy, address);
    const commands = [...traffic.commands.values()].reduce((sum, times) => sum + times, 0);
    console.log(
      `${prefix}: ${[...traffic.commands].map(([name, times]) => `${times} ${name}`).join(', ')}; ${traffic.roundTrips} round trips, ${traffic.bytesToServer + traffic.bytesToClient} bytes, ${traffic.fetchLines} messages told of, ${seconds.toFixed(2)} s`,
    );
    return {
      [`${prefix}Commands`]: commands,
      [`${prefix}RoundTrips`]: traffic.roundTrips,
      [`${prefix}RoundTripsEach`]: rounded(forMailboxes(traffic) / mailboxCount),
      [`${prefix}Bytes`]: traffic.bytesToServer + traffic.bytesToClient,
      [`${prefix}FetchLines`]: traffic.fetchLines,
      [`${prefix}Seconds`]: rounded(seconds),
    };
  } finally {
    await worker.stop();
    await proxy.stop();
  }
}

/** What a check of 100 mailboxes costs in which nothing changed: with CONDSTORE, and on a server that has little. */
export async function benchUnchanged(stack: BenchStack): Promise<BenchResult> {
  const figures = await benchServer(stack, stack.dovecot, 'check');
  const plain = await startDovecot({ capability: plainCapability });
  try {
    Object.assign(figures, await benchServer(stack, plain, 'plainCheck'));
  } finally {
    await plain.stop();
  }
  return {
    figures: { mailboxes: mailboxCount, ...figures },
    targets: { checkRoundTripsEach: 2, checkFetchLines: 0, plainCheckRoundTripsEach: 2 },
    faults: [],
  };
}
