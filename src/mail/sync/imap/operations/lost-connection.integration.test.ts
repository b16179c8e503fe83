import { randomUUID } from 'node:crypto';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { PassThrough } from 'node:stream';
import { and, eq, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { afterAll, describe, expect, it } from 'vitest';
import { accounts, mailboxEmails, mailboxes, pendingOperations, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { folderBlobs } from '#platform/blobs.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import { createLog } from '#platform/log.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { startFaultServer } from '../../../../../tests/faults/fault-server.ts';
import { actOnEmails } from '../../../actions/act.ts';
import { operationProblems } from '../../../actions/reading.ts';
import { connectImap } from '../../../imap/connect.ts';
import { makeAccount, makeSubmission } from '../../../outbox/testing.ts';
import { MailProblem } from '../../../problem.ts';
import type { EmailAction } from '../../../views.ts';
import { newTestMailboxes, receive } from '../../testing.ts';
import { bounded } from './parts.ts';
import { runOperations } from './run.ts';

const db = await testDatabase();
const imapPort = Number(process.env.TEST_IMAP_PORT);

async function connect(user: string, port = imapPort): Promise<ImapFlow> {
  const client = await connectImap({
    server: { host: '127.0.0.1', port, security: 'none', user, pinnedFingerprint: null },
    password: process.env.TEST_IMAP_PASSWORD ?? '',
    policy: createAddressPolicy(['127.0.0.0/8']),
    limits: { connectTimeout: 5000, commandTimeout: 10_000 },
    signal: new AbortController().signal,
  });
  afterAll(() => client.close());
  return client;
}

const partsOf = (accountId: string, commandTimeout: number) => ({
  db,
  accountId,
  fence: 0,
  locks: new KeyedLock(),
  commandTimeout,
  blobs: folderBlobs(tmpdir()),
  log: createLog('test', 'silent'),
  onState: () => undefined,
});

/** A log whose lines a test hears. */
function heardLog(hear: (line: string) => void) {
  const lines = new PassThrough();
  lines.on('data', (chunk: Buffer) => hear(chunk.toString()));
  return createLog('test', 'error', lines);
}

const operationsOf = (accountId: string) =>
  db
    .select()
    .from(pendingOperations)
    .where(eq(pendingOperations.accountId, accountId))
    .orderBy(pendingOperations.sequence);

/** An account with a mail in its inbox, here and on the server, which it speaks to through one with faults. */
async function account() {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const user = `u${randomUUID()}`;
  const other = await connect(user);
  const messageId = `${randomUUID()}@test.example`;
  await other.append('INBOX', `Message-ID: <${messageId}>\r\nSubject: One\r\n\r\nBody\r\n`);
  const { uidValidity } = await other.mailboxOpen('INBOX', { readOnly: true });
  await other.mailboxClose();
  const archiveId = randomUUID();
  const archive = { remoteId: 'Archive', name: 'Archive', role: 'archive' as const };
  await db.insert(mailboxes).values({ accountId, id: archiveId, ...archive, state: 0 });
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1, subject: 'One', messageId }], {
    uidValidity: Number(uidValidity),
  });
  const copies = () => db.select().from(mailboxEmails).where(eq(mailboxEmails.accountId, accountId));
  const server = await startFaultServer(imapPort);
  afterAll(() => server.stop());
  return {
    accountId,
    archiveId,
    other,
    server,
    copies,
    problems: async () => (await operationProblems(db, [accountId])).get(accountId) ?? [],
    act: async (action: EmailAction) => {
      const emailIds = (await copies()).map(({ emailId }) => emailId);
      await actOnEmails(db, { accountId, mailboxId: inboxId, threadIds: [], emailIds, action });
    },
    /** Connects anew and carries out what waits, as if its time had come, so many seconds later. @returns whether the connection was lost */
    round: async (later = 0, hear: (line: string) => void = () => undefined) => {
      await db
        .update(pendingOperations)
        .set({
          nextAttemptAt: new Date(0),
          problem: sql`jsonb_set(problem, '{at}', to_jsonb((problem ->> 'at')::timestamptz - make_interval(secs => ${later})))`,
        })
        .where(eq(pendingOperations.accountId, accountId));
      const client = await connect(user, server.port);
      try {
        await runOperations({ ...partsOf(accountId, 10_000), log: heardLog(hear) }, client);
        return 'done';
      } catch (error) {
        if (error instanceof MailProblem) return 'lost';
        throw error;
      } finally {
        client.close();
      }
    },
  };
}

describe('an operation with which the connection is lost', () => {
  it('waits longer each time, is never given up for it, and is carried out when the network is well', async () => {
    const { accountId, other, server, copies, problems, act, round } = await account();
    await act({ kind: 'keyword', keyword: '$flagged', isSet: true });
    await act({ kind: 'keyword', keyword: '$seen', isSet: true });
    server.onCommand = ({ line }) => (line.includes('\\Flagged') ? 'drop' : null);
    const waits: number[] = [];
    for (let time = 1; time <= 12; time += 1) {
      expect(await round(waits.at(-1))).toBe('lost');
      const [first] = (await operationsOf(accountId)).filter(({ problem }) => problem !== null);
      expect(first).toMatchObject({ attempts: 0, isSettled: false });
      waits.push(Math.round((first!.nextAttemptAt.getTime() - Date.now()) / 1000));
    }
    expect(waits.toSorted((one, other) => one - other)).toEqual(waits);
    expect(waits[0]).toBeLessThanOrEqual(1);
    expect(waits.at(-1)).toBe(300);
    // A refusal after all of it is the first one.
    server.onCommand = ({ line }) => (line.includes('\\Flagged') ? { answer: 'NO Not that one' } : null);
    expect(await round()).toBe('done');
    expect(await operationsOf(accountId)).toMatchObject([{ attempts: 1, isSettled: false }, { attempts: 0 }]);
    server.onCommand = null;
    expect(await round()).toBe('done');
    expect(await problems()).toEqual([]);
    await other.mailboxOpen('INBOX', { readOnly: true });
    const found = await other.fetchOne('1', { flags: true }, { uid: true });
    const flags = found === false ? [] : [...(found.flags ?? [])].filter((flag) => flag !== '\\Recent');
    expect(flags.sort()).toEqual(['\\Flagged', '\\Seen']);
    expect((await copies())[0]?.keywords.toSorted()).toEqual(['$flagged', '$seen']);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

describe('an operation that breaks every connection for an hour', () => {
  it.each([true, false])(
    'is given up only where the account syncs well meanwhile (it does: %s), and the next one has its turn',
    async (isSynced) => {
      const { accountId, server, copies, problems, act, round } = await account();
      await act({ kind: 'keyword', keyword: '$flagged', isSet: true });
      await act({ kind: 'keyword', keyword: '$seen', isSet: true });
      server.onCommand = ({ line }) => (line.includes('\\Flagged') ? 'drop' : null);
      expect(await round()).toBe('lost');
      await db
        .update(accounts)
        .set({ lastSyncedAt: isSynced ? new Date() : new Date(Date.now() - 3600_000) })
        .where(eq(accounts.id, accountId));
      expect(await round(3500)).toBe('lost');
      expect(await problems()).toEqual([]);
      expect(await round(3700)).toBe('lost');
      if (!isSynced) {
        expect(await problems()).toEqual([]);
        return;
      }
      expect(await problems()).toMatchObject([{ kind: 'store', problem: { code: 'operation_breaks' } }]);
      expect((await copies())[0]?.keywords).toEqual(['$seen']);
      expect(await round()).toBe('done');
      expect((await operationsOf(accountId)).filter(({ isSettled }) => !isSettled)).toEqual([]);
      expect(await checkConsistency(db, accountId)).toEqual([]);
    },
  );
});

describe('an operation that the server refuses', () => {
  it('because it is asked too often is tried later, however often that is said', async () => {
    const { accountId, server, problems, act, round } = await account();
    await act({ kind: 'keyword', keyword: '$flagged', isSet: true });
    server.onCommand = ({ name }) =>
      name === 'UID STORE' ? { answer: 'NO [THROTTLED] Too many requests' } : null;
    for (let time = 1; time <= 4; time += 1) expect(await round()).toBe('lost');
    expect(await operationsOf(accountId)).toMatchObject([{ attempts: 0, isSettled: false }]);
    server.onCommand = null;
    expect(await round()).toBe('done');
    expect(await operationsOf(accountId)).toEqual([]);
    expect(await problems()).toEqual([]);
  });

  it('is given up at the third time, also where what it had done here can’t be taken back, and that is logged', async () => {
    const { accountId, server, problems, act, round } = await account();
    await act({ kind: 'keyword', keyword: '$flagged', isSet: true });
    server.onCommand = ({ name }) => (name === 'UID STORE' ? { answer: 'NO Not that one' } : null);
    expect(await round()).toBe('done');
    expect(await round()).toBe('done');
    expect(await operationsOf(accountId)).toMatchObject([{ attempts: 2, isSettled: false }]);
    await db.execute(sql`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no taking back'; end $$`);
    await db.execute(sql`
      create trigger refuse before update of keywords on mailbox_emails for each row execute function refuse()`);
    const said: string[] = [];
    try {
      expect(await round(0, (line) => said.push(line))).toBe('done');
    } finally {
      await db.execute(sql`drop trigger refuse on mailbox_emails`);
    }
    expect(await problems()).toMatchObject([{ kind: 'store', problem: { code: 'operation_refused' } }]);
    expect(said.join('')).toContain('could not be taken back');
    expect(said.join('')).toContain('no taking back');
  });
});

describe('a command about many messages', () => {
  it('is waited for longer than a server may be silent in others', async () => {
    const { accountId, server } = await account();
    const parts = partsOf(accountId, 100);
    const user = `u${randomUUID()}`;
    const client = await connect(user, server.port);
    const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 400, 'copied'));
    await expect(bounded(parts, client, slow(), 'COPY', { messages: 40 })).resolves.toBe('copied');
    await expect(bounded(parts, client, slow(), 'COPY', { messages: 2 })).rejects.toMatchObject({
      code: 'timeout',
      detail: 'COPY',
    });
  });
});

describe('a move whose answer was lost', () => {
  it('is not taken for one of a message that is gone: the mail stays, and nothing is said', async () => {
    const { accountId, archiveId, other, server, copies, problems, act, round } = await account();
    await act({ kind: 'moveToRole', role: 'archive' });
    server.onCommand = ({ name }) => (name === 'UID MOVE' ? 'drop-answer' : null);
    expect(await round()).toBe('lost');
    server.onCommand = null;
    expect(await round()).toBe('done');
    expect((await other.status('Archive', { messages: true })) || {}).toMatchObject({ messages: 1 });
    expect(await copies()).toMatchObject([{ mailboxId: archiveId }]);
    expect(await problems()).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

/** A line on which what the client says goes up at so many bytes a second. */
async function startSlowLine(bytesPerSecond: number): Promise<{ port: number }> {
  const everyMs = 20;
  const share = Math.ceil((bytesPerSecond * everyMs) / 1000);
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const upstream = dial(imapPort, '127.0.0.1');
    let waiting: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    client.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
    });
    const ticking = setInterval(() => {
      if (waiting.length === 0) return;
      upstream.write(waiting.subarray(0, share));
      waiting = waiting.subarray(share);
    }, everyMs);
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(ticking);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The line has no port.');
  return { port: address.port };
}

describe('a large sent mail', () => {
  it('is filed over a line on which it takes longer than a server may be silent', async () => {
    const { accountId, sentId } = await makeAccount(db, { smtpPort: 1, password: 'x' });
    const id = await makeSubmission(db, accountId, new Date());
    const { messageId, emailId } = (await db.select().from(submissions).where(eq(submissions.id, id)))[0]!;
    const body = `${'x'.repeat(70)}\r\n`.repeat(15_000);
    const raw = Buffer.from(`Message-ID: <${messageId}>\r\nSubject: Large\r\n\r\n${body}`);
    await db.update(submissions).set({ raw }).where(eq(submissions.id, id));
    const isIts = and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.emailId, emailId ?? ''));
    const [copy] = await db.select().from(mailboxEmails).where(isIts);
    await db.insert(pendingOperations).values({
      accountId,
      operation: { kind: 'append', mailboxId: sentId, copyId: copy!.id, submissionId: id },
    });
    // The mail takes about two seconds; half of that is what a command gets.
    const { port } = await startSlowLine(512 * 1024);
    const user = `u${randomUUID()}`;
    await runOperations(partsOf(accountId, 1000), await connect(user, port));
    expect(await operationsOf(accountId)).toEqual([]);
    expect(await db.select().from(mailboxEmails).where(isIts)).toMatchObject([{ uid: 1 }]);
    const other = await connect(user);
    await other.mailboxOpen('Sent', { readOnly: true });
    const found = await other.fetchOne('1', { size: true });
    expect(found).toMatchObject({ size: raw.length });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
