import { sql } from 'drizzle-orm';
import { phraseOf } from '../../src/mail/search/tsvector.ts';
import { checkConsistency } from '../../src/operations/consistency.ts';
import { startWorker, type WorkerProcess } from '../../tests/faults/worker-process.ts';
import { fillMaildir } from '../fill-maildir.ts';
import type { BenchResult } from '../main.ts';
import { benchMessage } from '../messages.ts';
import { pause, rounded } from '../numbers.ts';
import type { BenchStack } from '../stack.ts';
import { storedMails, untilFirst50 } from './first-50.ts';
import { measureFloor } from './floor.ts';
import { connectClient } from './imap-client.ts';
import { measureMbsync } from './mbsync.ts';
import { cpuSeconds, highestMemory, postmasterOf, watchOthers } from './process-cost.ts';
import { beginStatements, profilingWorker, writeStatements } from './profile.ts';
import { messageCount as count } from './settings.ts';

const address = 'ada@mail.example';
const megabyte = 1024 * 1024;
/** What the bench's messages are enlarged by, to have 30 KB in the mean. */
const scale = 1.22;
/** The longest that a first sync may take, in milliseconds. */
const longest = 15 * 60_000;

/** A first sync of a large inbox, beside the floor and beside mbsync on the same mailbox. */
export async function benchFirstSync(stack: BenchStack): Promise<BenchResult> {
  const { bytes } = fillMaildir(stack.dovecot.home(address), count, (n) => benchMessage(n, address, scale));
  console.log(`${count} messages of ${(bytes / count / 1024).toFixed(1)} KB in the mean`);
  // The server's own index is built once, as a server that is in use has it.
  const expected = await serverUids(stack);
  await stack.db.execute(sql`checkpoint`);
  const [floor, floorOthers] = await beside(() => measureFloor(stack, address));
  console.log(
    `floor: ${floor.wallSeconds.toFixed(1)} s (fetch ${floor.fetchSeconds.toFixed(1)}, parse ${floor.parseSeconds.toFixed(1)}, store ${floor.storeSeconds.toFixed(1)}), CPU ${floor.cpuSeconds.toFixed(1)} s, Postgres ${floor.postgresSeconds.toFixed(1)} s`,
  );
  const [mbsync, mbsyncOthers] = await beside(() => measureMbsync(stack, address));
  console.log(
    mbsync === null
      ? 'mbsync is not installed (Debian: isync): not measured'
      : `mbsync: ${mbsync.wallSeconds.toFixed(1)} s, CPU ${mbsync.cpuSeconds.toFixed(1)} s`,
  );
  await stack.db.execute(sql`checkpoint`);
  const worker = await startWorker({ ...stack.environment, ...profilingWorker() });
  try {
    const [own, syncOthers] = await beside(() => measureMailroom(stack, worker, expected));
    sayDisturbance({ floorOthers, mbsyncOthers, syncOthers });
    const faults = [...own.faults];
    if (floor.messages !== count) faults.push(`The floor has ${floor.messages} messages.`);
    if (mbsync !== null && mbsync.messages !== count) faults.push(`mbsync has ${mbsync.messages} messages.`);
    return {
      figures: {
        messages: count,
        meanKb: rounded(bytes / count / 1024),
        floorSeconds: rounded(floor.wallSeconds),
        floorCpuSeconds: rounded(floor.cpuSeconds),
        floorPostgresCpuSeconds: rounded(floor.postgresSeconds),
        floorFetchSeconds: rounded(floor.fetchSeconds),
        floorParseSeconds: rounded(floor.parseSeconds),
        floorStoreSeconds: rounded(floor.storeSeconds),
        ...(mbsync === null
          ? {}
          : {
              mbsyncSeconds: rounded(mbsync.wallSeconds),
              mbsyncCpuSeconds: rounded(mbsync.cpuSeconds),
              wallOfMbsync: rounded(own.wallSeconds / mbsync.wallSeconds),
            }),
        syncSeconds: rounded(own.wallSeconds),
        workerCpuSeconds: rounded(own.workerSeconds),
        postgresCpuSeconds: rounded(own.postgresSeconds),
        wallOfFloor: rounded(own.wallSeconds / floor.wallSeconds),
        cpuOfFloor: rounded(own.workerSeconds / floor.cpuSeconds),
        postgresOfFloor: rounded(own.postgresSeconds / floor.postgresSeconds),
        workerPeakMb: Math.round(own.peak / megabyte),
        wordIndexes: own.wordIndexes,
        floorOthers: rounded(floorOthers),
        mbsyncOthers: rounded(mbsyncOthers),
        syncOthers: rounded(syncOthers),
        [`first50Of${count}Ms`]: Math.round(own.first50),
      },
      targets: {
        wallOfFloor: 0.8,
        cpuOfFloor: 1.4,
        workerPeakMb: 400,
        [`first50Of${count}Ms`]: 1000,
      },
      faults,
    };
  } finally {
    await worker.stop();
  }
}

/** Does a piece of work, and tells what share of the machine others took meanwhile. */
async function beside<T>(work: () => Promise<T>): Promise<[T, number]> {
  const end = watchOthers();
  const result = await work();
  return [result, end()];
}

/** What others may take of the machine before wall times mean little. */
const tolerable = 0.1;

function sayDisturbance(shares: Record<string, number>): void {
  if (Object.values(shares).every((share) => share <= tolerable)) return;
  const shown = Object.entries(shares).map(([name, share]) => `${name} ${Math.round(share * 100)} %`);
  console.log(
    `Others worked on this machine (${shown.join(', ')}): believe the CPU figures, not the wall times`,
  );
}

async function serverUids(stack: BenchStack): Promise<number[]> {
  const client = await connectClient(stack, address);
  await client.mailboxOpen('INBOX', { readOnly: true });
  const found = await client.search({ all: true }, { uid: true });
  await client.logout();
  return found === false ? [] : (found ?? []).toSorted((one, other) => one - other);
}

async function measureMailroom(stack: BenchStack, worker: WorkerProcess, expected: readonly number[]) {
  const { db } = stack;
  const postmaster = await postmasterOf(db);
  await beginStatements(db);
  const before = { worker: cpuSeconds(worker.pid), postgres: cpuSeconds(postmaster) };
  const { accountId, pressed, fromStart, faults } = await untilFirst50(stack, address, count);
  console.log(`the newest 50 after ${Math.round(fromStart)} ms`);
  let shown = 0;
  for (let stored = 0; stored < count; ) {
    stored = await storedMails(db, accountId);
    if (performance.now() - pressed > longest)
      throw new Error(`Only ${stored} were there in time.\n${worker.said()}`);
    if (stored - shown >= count / 10) {
      shown = stored;
      console.log(`${stored} after ${((performance.now() - pressed) / 1000).toFixed(1)} s`);
    }
    if (stored < count) await pause(100);
  }
  // Searchable means: none of them waits for its words to be indexed.
  while ((await waitingForWords(stack)) > 0) await pause(50);
  const wallSeconds = (performance.now() - pressed) / 1000;
  const cost = {
    wallSeconds,
    workerSeconds: cpuSeconds(worker.pid) - before.worker,
    postgresSeconds: cpuSeconds(postmaster) - before.postgres,
    peak: highestMemory(worker.pid),
    first50: fromStart,
  };
  console.log(
    `Mailroom: ${wallSeconds.toFixed(1)} s, CPU ${cost.workerSeconds.toFixed(1)} s, Postgres ${cost.postgresSeconds.toFixed(1)} s`,
  );
  await writeStatements(db);
  const wordIndexes = await countWordIndexes(stack);
  if (wordIndexes === 0) faults.push('What is stored has no index of its words: it cannot be searched.');
  const unfound = await countUnfound(stack);
  if (unfound > 0) faults.push(`${unfound} mails are not found by a word of their subject.`);
  return { ...cost, wordIndexes, faults: [...faults, ...(await endFaults(stack, accountId, expected))] };
}

async function waitingForWords({ db }: BenchStack): Promise<number> {
  const { rows } = await db.execute<{ waiting: number }>(
    sql`select count(*)::int as waiting from emails_to_index`,
  );
  return rows[0]?.waiting ?? 0;
}

/** Indexes that words are found by (GIN): the floor has one, and a sync without any does less. */
async function countWordIndexes({ db }: BenchStack): Promise<number> {
  const { rows } = await db.execute<{ found: number }>(
    sql`select count(*)::int as found from pg_indexes where schemaname = 'public' and indexdef like '% USING gin %'`,
  );
  return rows[0]?.found ?? 0;
}

/** Mails that a question for their own subject does not find, of a hundred. */
async function countUnfound({ db }: BenchStack): Promise<number> {
  const { rows } = await db.execute<{ id: string; subject: string }>(
    sql`select id, subject from emails order by id limit 100`,
  );
  let unfound = 0;
  for (const { id, subject } of rows) {
    const found = await db.execute(sql`
      select 1 from email_words where email_id = ${id} and words @@ ${phraseOf(subject, false)}::tsquery`);
    if (found.rows.length === 0) unfound += 1;
  }
  return unfound;
}

async function endFaults(
  { db }: BenchStack,
  accountId: string,
  expected: readonly number[],
): Promise<string[]> {
  const faults: string[] = [];
  const { rows } = await db.execute<{ uid: number }>(
    sql`select uid::float8 as uid from mailbox_emails where account_id = ${accountId} order by uid`,
  );
  if (JSON.stringify(rows.map((row) => row.uid)) !== JSON.stringify(expected))
    faults.push(`The stored UIDs (${rows.length}) are not the server's (${expected.length}).`);
  const broken = await db.execute(
    sql`select 1 from emails where account_id = ${accountId} and body_status <> 'stored'`,
  );
  if (broken.rows.length > 0) faults.push(`${broken.rows.length} mails have no body.`);
  return [...faults, ...(await checkConsistency(db, accountId))];
}
