import { randomUUID } from 'node:crypto';
import type { AnyProcedure } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { hashPassword } from '#identity/passwords.ts';
import type { Caller } from './context.ts';
import { appRouter } from './router.ts';
import { fingerprint, type Ids, makePerson, type Person, request, testServices } from './testing.ts';
import { createCaller, type ProcedureMeta } from './trpc.ts';

const db = await testDatabase();
const services = testServices(db);
const password = 'correct horse battery';
const passwordHash = await hashPassword(password);

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>).map(
  ([path, procedure]) => ({
    path,
    type: procedure._def.type,
    access: (procedure.meta as ProcedureMeta | undefined)?.access,
  }),
);

const identity = {
  name: 'Ada',
  email: 'ada@work.example',
  label: null,
  replyTo: null,
  bccSelf: false,
  isDefault: true,
  sentMailboxId: null,
  signatures: [{ id: null, name: 'Work', html: '<p>Ada</p>', text: 'Ada' }],
};

/**
 * What each procedure is called with: something that succeeds for whoever owns the ids. A new procedure fails the
 * sweep until it stands here.
 */
const inputs: Record<string, (ids: Ids, person: Pick<Person, 'token'>) => unknown> = {
  'accounts.list': () => undefined,
  'accounts.lookUp': () => ({ address: 'ada@example.org' }),
  'accounts.startSetup': () => ({
    address: 'new@example.org',
    password: 'p',
    name: 'Ada',
    imap: null,
    smtp: null,
  }),
  'accounts.servers': ({ accountId }) => ({ accountId }),
  'accounts.startReplacement': ({ accountId }) => ({
    accountId,
    password: 'p',
    imap: { host: 'imap.example', port: 993, security: 'tls', user: 'ada', pinnedFingerprint: null },
    smtp: { host: 'smtp.example', port: 465, security: 'tls', user: 'ada', pinnedFingerprint: null },
  }),
  'accounts.pause': ({ accountId }) => ({ accountId }),
  'accounts.resume': ({ accountId }) => ({ accountId }),
  'accounts.dismissProblems': ({ accountId }) => ({ accountId, ids: [1] }),
  'accounts.setup': ({ setupId }) => ({ setupId }),
  'accounts.update': ({ accountId }) => ({ accountId, name: 'Other', color: 'green' }),
  'accounts.remove': ({ accountId }) => ({ accountId }),
  'accounts.refresh': () => undefined,
  'accounts.repair': ({ accountId }) => ({ accountId }),
  'bulk.start': ({ accountId, inboxId }) => ({
    accountId,
    source: { kind: 'mailbox', mailboxId: inboxId },
    action: { kind: 'keyword', keyword: '$seen', isSet: true },
  }),
  'bulk.get': ({ accountId, jobId }) => ({ accountId, jobId }),
  'bulk.list': ({ accountId }) => ({ accountId }),
  'bulk.stop': ({ accountId, jobId }) => ({ accountId, jobId }),
  'bulk.undo': ({ accountId, jobId }) => ({ accountId, jobId }),
  'changes.since': ({ accountId }) => ({ accountId, since: 0 }),
  'changes.watch': () => undefined,
  'deadLetters.list': () => ({ before: null }),
  'deadLetters.retry': ({ failedId }) => ({ submissionId: failedId }),
  'deadLetters.discard': ({ failedId }) => ({ submissionId: failedId }),
  'deadLetters.systemList': () => ({ before: null }),
  'deadLetters.systemDismiss': () => ({ systemMessageId: randomUUID() }),
  'drafts.create': ({ accountId, emailId }) => ({ accountId, relatedEmailId: emailId, relation: 'reply' }),
  'drafts.elsewhere': ({ accountId }) => ({ accountId }),
  'drafts.open': ({ accountId, filedEmailId }) => ({ accountId, emailId: filedEmailId }),
  'drafts.get': ({ accountId, draftId }) => ({ accountId, draftId }),
  'drafts.list': ({ accountId }) => ({ accountId }),
  'drafts.save': ({ accountId, draftId, identityId }) => ({
    accountId,
    draftId,
    version: 1,
    identityId,
    to: [],
    cc: [],
    bcc: [],
    subject: 'Changed',
    text: 'Changed',
  }),
  'drafts.copy': ({ accountId, draftId, identityId }) => ({
    ...{ accountId, draftId, identityId, to: [], cc: [], bcc: [], subject: 'Written on', text: 'Written on' },
  }),
  'drafts.attachEmail': ({ accountId, draftId, emailId }) => ({ accountId, draftId, emailId }),
  'drafts.move': ({ accountId, draftId, identityId }) => ({
    ...{ accountId, draftId, version: 1, toAccountId: accountId, identityId },
  }),
  'drafts.discard': ({ accountId, draftId }) => ({ accountId, draftId }),
  'drafts.restore': ({ accountId, draftId }) => ({ accountId, draftId }),
  'drafts.removeAttachment': ({ accountId, draftId, attachmentId }) => ({ accountId, draftId, attachmentId }),
  'emails.list': ({ accountId, inboxId }) => ({
    accountId,
    mailboxId: inboxId,
    role: null,
    list: 'emails',
    limit: 10,
  }),
  'emails.body': ({ accountId, emailId }) => ({ accountId, emailId }),
  'emails.act': ({ accountId, inboxId, threadId, emailId, sentId }) => ({
    accountId,
    mailboxId: inboxId,
    threadIds: [threadId],
    emailIds: [emailId],
    action: { kind: 'move', toMailboxId: sentId },
  }),
  'emails.undo': ({ accountId, copyId, sentId }) => ({
    accountId,
    moves: [{ copyId, toMailboxId: sentId }],
    keywords: [{ copyId, keyword: '$flagged', isSet: true }],
    copies: [],
  }),
  'identities.list': ({ accountId }) => ({ accountId }),
  'identities.create': ({ accountId, sentId }) => ({ accountId, ...identity, sentMailboxId: sentId }),
  'identities.update': ({ accountId, identityId }) => ({ accountId, identityId, ...identity }),
  'identities.remove': ({ accountId, secondIdentityId }) => ({ accountId, identityId: secondIdentityId }),
  'invitations.read': (_ids, { token }) => ({ token }),
  'invitations.accept': (_ids, { token }) => ({
    token,
    email: `${randomUUID()}@people.example`,
    name: 'New',
    password,
  }),
  'mailboxes.create': ({ accountId, inboxId }) => ({ accountId, name: 'Invoices', parentId: inboxId }),
  'mailboxes.rename': ({ accountId, sentId }) => ({ accountId, mailboxId: sentId, name: 'Gesendet' }),
  'mailboxes.move': ({ accountId, sentId, trashId }) => ({ accountId, mailboxId: sentId, parentId: trashId }),
  'mailboxes.delete': ({ accountId, sentId }) => ({ accountId, mailboxId: sentId }),
  'mailboxes.subscribe': ({ accountId, sentId }) => ({ accountId, mailboxId: sentId, isSubscribed: false }),
  'mailboxes.setRole': ({ accountId, sentId }) => ({ accountId, mailboxId: sentId, role: 'archive' }),
  'mailboxes.markRead': ({ accountId, inboxId }) => ({ accountId, mailboxId: inboxId }),
  'mailboxes.empty': ({ accountId, trashId }) => ({ accountId, mailboxId: trashId }),
  'mailboxes.watch': ({ accountId, inboxId }) => ({ accountId, mailboxId: inboxId }),
  'mailboxes.repair': ({ accountId, inboxId }) => ({ accountId, mailboxId: inboxId }),
  'people.forget': () => ({ address: 'bob@example.net' }),
  'people.complete': ({ accountId }) => ({ query: 'a', accountId }),
  'securityEvents.list': () => ({ before: null }),
  'securityEvents.listAll': () => ({ before: null }),
  'sessions.list': () => undefined,
  'sessions.end': ({ sessionId }) => ({ sessionId }),
  'sessions.endOthers': () => undefined,
  'submissions.list': ({ accountId }) => ({ accountId, state: 'open' }),
  'submissions.send': ({ accountId, draftId }) => ({
    accountId,
    draftId,
    version: 1,
    idempotencyKey: 'sweep-key-1',
  }),
  'submissions.cancel': ({ accountId, scheduledId }) => ({ accountId, submissionId: scheduledId }),
  'submissions.edit': ({ accountId, scheduledId }) => ({ accountId, submissionId: scheduledId }),
  'submissions.sendNow': ({ accountId, scheduledId }) => ({ accountId, submissionId: scheduledId }),
  'submissions.reschedule': ({ accountId, scheduledId }) => ({
    accountId,
    submissionId: scheduledId,
    later: { sendAt: Date.now() + 3_600_000, timeZone: 'Europe/Berlin' },
  }),
  'submissions.retry': ({ accountId, failedId }) => ({ accountId, submissionId: failedId }),
  'submissions.discard': ({ accountId, failedId }) => ({ accountId, submissionId: failedId }),
  'submissions.confirm': ({ accountId, unconfirmedId }) => ({ accountId, submissionId: unconfirmedId }),
  'submissions.dismiss': ({ accountId, failedId }) => ({ accountId, submissionId: failedId }),
  'threads.get': ({ accountId, threadId }) => ({ accountId, threadId }),
  'users.me': () => undefined,
  'users.saveSettings': () => ({ theme: 'dark' }),
  'users.changePassword': () => ({ oldPassword: password, newPassword: `${password} staple` }),
  'users.list': () => undefined,
  'users.unlock': ({ userId }) => ({ userId }),
  'users.invite': () => ({ email: null, role: 'user' }),
};

/** The ids that an input is made of. */
function idsIn(path: string): (keyof Ids)[] {
  const used = new Set<keyof Ids>();
  const recording = new Proxy({} as Ids, {
    get: (_target, key) => {
      used.add(key as keyof Ids);
      return randomUUID();
    },
  });
  inputs[path]?.(recording, { token: '' });
  return [...used];
}

const unknownIds = () =>
  new Proxy({} as Ids, {
    get: (target, key) => {
      const known = target as unknown as Record<PropertyKey, string>;
      known[key] ??= randomUUID();
      return known[key];
    },
  });

/** An answer without what differs from call to call: the state, the time, and the ids that were asked for. */
function comparable(answer: { status: number; body: string }, ids: readonly string[]) {
  const body = ids.reduce((text, id) => text.replaceAll(id, '<id>'), answer.body);
  // A row that the call has just made has a name of its own.
  const unnamed = body.replace(/"data":\{"id":"[0-9a-f-]{36}"/, '"data":{"id":"<id>"');
  return { status: answer.status, body: unnamed.replace(/"(state|newState|updatedAt)":\d+/g, '"$1":0') };
}

const someone = (role: Caller['role'] = 'user') => makePerson(db, role, passwordHash);

/** For calls that change nothing of theirs, as is checked after each. Whoever calls successfully is made for it. */
const bystanders = { owner: await someone(), other: await someone(), admin: await someone('admin') };

/** Calls, and checks that nothing was changed and no other process was told anything. */
async function callInVain(user: Caller | null, call: { path: string; type: string; input: unknown }) {
  const before = await fingerprint(db);
  const saidBefore = services.said.length;
  const answer = await request(services, user, call);
  expect(await fingerprint(db)).toEqual(before);
  expect(services.said.slice(saidBefore)).toEqual([]);
  return answer;
}

const of = (...access: ProcedureMeta['access'][]) =>
  procedures.filter((procedure) => procedure.access !== undefined && access.includes(procedure.access));
const calls = (list: typeof procedures) => list.filter(({ type }) => type !== 'subscription');

describe('the list of inputs', () => {
  it('has every procedure of the router, and no other', () => {
    expect(procedures.length).toBeGreaterThan(25);
    expect(Object.keys(inputs).sort()).toEqual(procedures.map(({ path }) => path).sort());
  });

  it('finds a builder behind every procedure', () => {
    expect(procedures.filter(({ access }) => access === undefined)).toEqual([]);
    expect(of('owner').length).toBeGreaterThan(10);
    expect(of('admin').length).toBeGreaterThan(0);
  });

  it('leaves nothing to somebody signed out but the way in', () => {
    expect(of('public').map(({ path }) => path)).toEqual(['invitations.read', 'invitations.accept']);
  });

  it('names an account to every procedure of an owner', () => {
    for (const { path } of of('owner')) expect(idsIn(path), path).toContain('accountId');
  });
});

describe('somebody who is not signed in', () => {
  it.each(calls(of('user', 'owner', 'admin')))(
    'is refused $path, whatever is given',
    async ({ path, type }) => {
      const { owner } = bystanders;
      for (const input of [inputs[path]?.(owner.ids, owner), { nonsense: true }]) {
        const answer = await callInVain(null, { path, type, input });
        expect(answer.status).toBe(401);
        expect(JSON.parse(answer.body).error.data.problem).toEqual({ code: 'signed_out', detail: null });
      }
    },
  );
});

describe('somebody who is no admin', () => {
  it.each(of('admin'))('is refused $path', async ({ path, type }) => {
    const { owner } = bystanders;
    for (const input of [inputs[path]?.(owner.ids, owner), { nonsense: true }]) {
      const answer = await callInVain(owner.caller, { path, type, input });
      expect(answer.status).toBe(403);
      expect(JSON.parse(answer.body).error.data.problem).toEqual({ code: 'admins_only', detail: null });
    }
  });
});

describe.each(['other', 'admin'] as const)("with somebody else's account, %s", (who) => {
  const withAccount = calls(procedures).filter(({ path }) => idsIn(path).includes('accountId'));

  it.each(withAccount)('gets from $path what an account that does not exist would give', async (call) => {
    const input = inputs[call.path];
    const nowhere = unknownIds();
    const ids = [...Object.values(bystanders.owner.ids), ...idsIn(call.path).map((key) => nowhere[key])];
    const foreign = await callInVain(bystanders[who].caller, {
      ...call,
      input: input?.(bystanders.owner.ids, bystanders.owner),
    });
    const missing = await callInVain(bystanders[who].caller, {
      ...call,
      input: input?.(nowhere, bystanders.owner),
    });
    expect(foreign.status).toBe(404);
    expect(JSON.parse(foreign.body).error.data.problem).toEqual({ code: 'not_found', detail: null });
    expect(comparable(foreign, ids)).toEqual(comparable(missing, ids));
  });
});

describe("with somebody else's id beside one's own", () => {
  const withIds = calls(procedures).flatMap((call) =>
    idsIn(call.path)
      .filter((id) => id !== 'accountId')
      .map((id) => ({ ...call, id })),
  );

  it('covers ids of every kind', () => {
    expect(new Set(withIds.map(({ id }) => id)).size).toBe(18);
  });

  it.each(withIds)(
    '$path answers $id as one that does not exist, and leaves it alone',
    async ({ path, type, id }) => {
      const { owner } = bystanders;
      const mention = [owner.caller.id, owner.ids.accountId];
      const before = await fingerprint(db, mention);
      const nobodys = randomUUID();
      // Twins: what the first call changes of the caller's own must not show in the second one's answer.
      const [other, twin] = [await someone(), await someone()];
      const ask = (person: Person, value: string) =>
        request(services, person.caller, {
          path,
          type,
          input: inputs[path]?.({ ...person.ids, [id]: value }, person),
        });
      const foreign = await ask(other, owner.ids[id]);
      expect(await fingerprint(db, mention)).toEqual(before);
      expect(foreign.body).not.toContain(owner.canary);
      const missing = await ask(twin, nobodys);
      const ids = [owner.ids[id], nobodys, ...Object.values(other.ids), ...Object.values(twin.ids)];
      expect(comparable(foreign, ids)).toEqual(comparable(missing, ids));
    },
  );
});

describe('whoever may', () => {
  it.each(calls(procedures))('calls $path and hears of nobody else', async ({ path, type, access }) => {
    const caller = await someone(access === 'admin' ? 'admin' : 'user');
    const answer = await request(services, access === 'public' ? null : caller.caller, {
      path,
      type,
      input: inputs[path]?.(caller.ids, caller),
    });
    expect(answer.status, answer.body).toBe(200);
    for (const person of Object.values(bystanders)) {
      expect(answer.body).not.toContain(person.canary);
      expect(answer.body).not.toContain(person.ids.accountId);
    }
  });
});

describe('text that no database takes', () => {
  /** The input with one of its strings replaced by something else, for each of them. */
  function* spoilt(value: unknown, spoil: (text: string) => string): Generator<unknown> {
    if (typeof value === 'string') yield spoil(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      for (const changed of spoilt(inner, spoil)) {
        yield Array.isArray(value)
          ? value.map((item, index) => (String(index) === key ? changed : item))
          : { ...value, [key]: changed };
      }
    }
  }
  const spoilers: ((text: string) => string)[] = [
    (text) => `${text}\0`,
    (text) => `\ud800${text}`,
    (text) => `${text}'"\\\r\nBcc: x@evil.example`,
  ];

  it.each(calls(procedures))(
    'is an ordinary mistake to $path, never a fault of ours',
    async ({ path, type, access }) => {
      const caller = await someone(access === 'admin' ? 'admin' : 'user');
      for (const spoil of spoilers) {
        for (const input of spoilt(inputs[path]?.(caller.ids, caller), spoil)) {
          const answer = await request(services, caller.caller, { path, type, input });
          expect(answer.status, `${JSON.stringify(input)} ${answer.body}`).toBeLessThan(500);
        }
      }
    },
  );

  it('pollutes nobody', async () => {
    const owner = await someone();
    const input = JSON.parse(
      '{"theme":"dark","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    await request(services, owner.caller, { path: 'users.saveSettings', type: 'mutation', input });
    expect('polluted' in {}).toBe(false);
    const answer = await request(services, owner.caller, {
      path: 'users.list',
      type: 'query',
      input: undefined,
    });
    expect(answer.status).toBe(403);
  });
});

describe('the stream of changes', () => {
  async function watch(user: Caller | null) {
    const stop = new AbortController();
    const caller = createCaller(appRouter)({ ...services, user }, { signal: stop.signal });
    const stream = (await caller.changes.watch())[Symbol.asyncIterator]();
    return { stream, stop };
  }

  it('is closed to somebody who is not signed in', async () => {
    await expect(watch(null)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it("tells of one's own accounts and of nobody else's, and ends without a listener left", async () => {
    const { owner, other } = bystanders;
    const { stream, stop } = await watch(other.caller);
    expect((await stream.next()).value).toEqual({ kind: 'alive' });
    const next = stream.next();
    services.changes.emit('changes', owner.ids.accountId, 7);
    services.changes.emit('user', owner.caller.id);
    services.changes.emit('changes', other.ids.accountId, 8);
    expect((await next).value).toEqual({ kind: 'account', accountId: other.ids.accountId, state: 8 });
    const last = stream.next();
    stop.abort();
    expect((await last).done).toBe(true);
    expect(services.changes.listenerCount('changes')).toBe(0);
    expect(services.changes.listenerCount('user')).toBe(0);
  });
});
