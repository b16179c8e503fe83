import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll } from 'vitest';
import type { Database } from '#db/client.ts';
import {
  accounts,
  draftAttachments,
  drafts,
  identities,
  mailboxEmails,
  mailboxes,
  submissions,
  users,
} from '#db/schema.ts';
import { createInvitation } from '#identity/invitations.ts';
import { beginSession } from '#identity/sessions/begin-session.ts';
import { newKeys } from '#identity/tokens/testing.ts';
import { createSetup } from '#mail/accounts/setups.ts';
import { startBulk } from '#mail/bulk/start.ts';
import { makeSubmission, testRing } from '#mail/outbox/testing.ts';
import { newTestMailboxes, receive } from '#mail/sync/testing.ts';
import { folderBlobs } from '#platform/blobs.ts';
import { createLog } from '#platform/log.ts';
import { NoAnswer } from '#platform/messages.ts';
import type { Caller, Context } from './context.ts';
import { appRouter } from './router.ts';

export const appUrl = 'http://127.0.0.1:3000';

/** The parts of a web process on a test's database, with a list of all that was said to other processes. */
export function testServices(db: Database): Omit<Context, 'user'> & { said: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-api-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const changes: Context['changes'] = new EventEmitter();
  return {
    said,
    db,
    changes,
    log: createLog('test', 'silent'),
    ring: testRing,
    limits: { take: async () => null, close: () => undefined },
    // Every attachment's bytes are here.
    blobs: { ...folderBlobs(folder), get: async () => Buffer.from('f') },
    queues: {
      add: async (name, payload) => void said.push(`queue ${name} ${JSON.stringify(payload)}`),
      repeat: async () => undefined,
      work: () => undefined,
      close: async () => undefined,
    },
    messages: {
      publish: async (topic) => void said.push(`publish ${topic}`),
      subscribe: async () => async () => undefined,
      ask: async (topic) => {
        said.push(`ask ${topic}`);
        throw new NoAnswer(topic);
      },
      hear: async () => async () => undefined,
      close: async () => undefined,
    },
    device: { hash: 'device', userAgent: 'a browser', ipAddress: '203.0.113.9' },
    requestId: 'request',
    appUrl,
    undo: 5000,
  };
}

/** What the HTTP interface answers a caller with. */
export async function request(
  services: Omit<Context, 'user'>,
  user: Caller | null,
  call: { path: string; type: string; input: unknown },
): Promise<{ status: number; body: string }> {
  const url = new URL(`/api/trpc/${call.path}`, appUrl);
  const input = call.input === undefined ? undefined : JSON.stringify(call.input);
  if (call.type !== 'mutation' && input !== undefined) url.searchParams.set('input', input);
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    router: appRouter,
    createContext: () => ({ ...services, user }),
    req: new Request(
      url,
      call.type === 'mutation'
        ? {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            ...(input === undefined ? {} : { body: input }),
          }
        : {},
    ),
  });
  return { status: response.status, body: await response.text() };
}

/** Every kind of id that a procedure is given, all of one person's things. */
export interface Ids {
  accountId: string;
  inboxId: string;
  sentId: string;
  trashId: string;
  emailId: string;
  threadId: string;
  copyId: string;
  draftId: string;
  attachmentId: string;
  identityId: string;
  secondIdentityId: string;
  scheduledId: string;
  failedId: string;
  unconfirmedId: string;
  setupId: string;
  jobId: string;
  userId: string;
  sessionId: string;
  /** A mail in the mailbox of drafts. */
  filedEmailId: string;
}

export interface Person {
  caller: Caller;
  ids: Ids;
  /** Stands in all that is this person's alone. */
  canary: string;
  /** A link that nobody has used yet. */
  token: string;
}

/** A person with one of everything that the API names by an id. */
export async function makePerson(db: Database, role: Caller['role'], passwordHash = 'none'): Promise<Person> {
  const canary = `canary${randomUUID().replaceAll('-', '')}`;
  const { userId, accountId, inboxId, sentId } = await newTestMailboxes(db);
  await db.update(users).set({ role, passwordHash }).where(eq(users.id, userId));
  await db.update(accounts).set({ name: canary }).where(eq(accounts.id, accountId));
  await db.update(mailboxes).set({ name: canary }).where(eq(mailboxes.id, inboxId));
  const trashId = randomUUID();
  const trash = { id: trashId, remoteId: 'Trash', name: canary, role: 'trash' as const, state: 0 };
  await db.insert(mailboxes).values({ accountId, ...trash });
  await db.update(mailboxes).set({ delimiter: '/' }).where(eq(mailboxes.accountId, accountId));
  await receive(db, { accountId, mailboxId: inboxId }, [
    { uid: 1, subject: canary, text: canary, snippet: canary },
  ]);
  const [copy] = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, inboxId)));
  const draftsId = randomUUID();
  const draftsBox = { id: draftsId, remoteId: 'Drafts', name: canary, role: 'drafts' as const, state: 0 };
  await db.insert(mailboxes).values({ accountId, ...draftsBox });
  await receive(db, { accountId, mailboxId: draftsId }, [
    { uid: 1, subject: canary, text: canary, snippet: canary },
  ]);
  const [filed] = await db
    .select({ emailId: mailboxEmails.emailId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, draftsId)));
  const [identity] = await db.select().from(identities).where(eq(identities.accountId, accountId));
  const secondIdentityId = randomUUID();
  await db
    .insert(identities)
    .values({ accountId, id: secondIdentityId, name: canary, email: 'second@example.org', position: 1 });
  const scheduledId = await makeSubmission(db, accountId, new Date());
  const failedId = await makeSubmission(db, accountId, new Date());
  await db.update(submissions).set({ status: 'failed' }).where(eq(submissions.id, failedId));
  const unconfirmedId = await makeSubmission(db, accountId, new Date());
  await db.update(submissions).set({ status: 'unconfirmed' }).where(eq(submissions.id, unconfirmedId));
  await db.update(submissions).set({ subject: canary }).where(eq(submissions.accountId, accountId));
  const { jobId } = await startBulk(db, accountId, {
    source: { kind: 'mailbox', mailboxId: inboxId },
    action: { kind: 'keyword', keyword: '$flagged', isSet: true },
  });
  const draft = await makeDraft(db, accountId, identity!.id, canary);
  const device = { hash: canary, userAgent: canary, ipAddress: null };
  const { sessionId } = await beginSession(db, newKeys(), userId, device);
  const caller = { id: userId, email: `${userId}@people.example`, name: 'Ada', role, sessionId };
  const server = {
    host: 'mail.example',
    port: 993,
    security: 'tls' as const,
    user: canary,
    pinnedFingerprint: null,
  };
  const setupId = await createSetup(
    db,
    testRing,
    { ownerId: userId, address: 'ada@example.org', password: 'p', name: canary, imap: server, smtp: server },
    new Date(),
  );
  return {
    caller,
    canary,
    token: await createInvitation(db, { by: userId, email: null, role: 'user' }),
    ids: {
      accountId,
      inboxId,
      sentId,
      trashId,
      emailId: copy!.emailId,
      threadId: copy!.threadId,
      copyId: copy!.id,
      ...draft,
      identityId: identity!.id,
      secondIdentityId,
      scheduledId,
      failedId,
      unconfirmedId,
      setupId,
      jobId,
      userId,
      sessionId,
      filedEmailId: filed!.emailId,
    },
  };
}

async function makeDraft(db: Database, accountId: string, identityId: string, subject: string) {
  const [draftId, attachmentId] = [randomUUID(), randomUUID()];
  await db.insert(drafts).values({
    accountId,
    id: draftId,
    identityId,
    to: [{ name: '', address: 'bob@example.net' }],
    cc: [],
    bcc: [],
    subject,
    text: subject,
    state: 0,
  });
  await db.insert(draftAttachments).values({
    accountId,
    draftId,
    id: attachmentId,
    filename: 'f',
    mediaType: 'text/plain',
    size: 1,
    blobHash: 'f'.repeat(64),
  });
  return { draftId, attachmentId };
}

/**
 * A fingerprint of every row of every table.
 * @param mention only rows that hold one of these texts
 */
export async function fingerprint(
  db: Database,
  mention: readonly string[] = [''],
): Promise<Record<string, string>> {
  const tables = await db.execute<{ name: string }>(
    sql`select quote_ident(table_name) as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  );
  // One statement: hundreds of calls are each looked at before and after.
  const marks = tables.rows.map(
    ({ name }) => sql`
      select ${name} as name,
        count(*) || ' ' || coalesce(md5(string_agg(line, E'\n' order by line)), '') as mark
      from (select t::text as line from ${sql.raw(name)} t) lines
      where exists (select 1 from unnest(${sql.param(mention)}::text[]) m where strpos(line, m) > 0 or m = '')`,
  );
  const { rows } = await db.execute<{ name: string; mark: string }>(sql.join(marks, sql` union all `));
  return Object.fromEntries(rows.map(({ name, mark }) => [name, mark]));
}
