import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { accounts, mailboxEmails, pendingOperations, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { parseEmail } from '../../content/parse.ts';
import { scriptedSmtp } from '../../smtp/testing.ts';
import { raiseState } from '../../state.ts';
import { storeOwnEmail } from '../../sync/store-own.ts';
import { receive, receiveRecognising } from '../../sync/testing.ts';
import { cancelSubmission, retrySubmission } from '../cancel.ts';
import { listSubmissions } from '../reading.ts';
import { deliverDeps, makeAccount, makeSubmission, staleAfter, submissionRow } from '../testing.ts';
import { dueSubmissions } from './claim.ts';
import { deliverSubmission } from './deliver.ts';
import { mostAttempts } from './failure.ts';
import { recoverStaleSubmissions } from './stale.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
let now = new Date('2026-03-01T12:00:00Z');
const deps = { ...deliverDeps(db), now: () => now };
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const newAccount = () => makeAccount(db, { smtpPort: smtp.port, password: smtp.password });

async function submitted(draft: Parameters<typeof makeSubmission>[3] = {}) {
  const account = await newAccount();
  const submissionId = await makeSubmission(db, account.accountId, now, draft);
  return { ...account, submissionId, row: () => submissionRow(db, submissionId) };
}

async function operationsOf(accountId: string) {
  const rows = await db.select().from(pendingOperations).where(eq(pendingOperations.accountId, accountId));
  return rows.map((row) => row.operation);
}

beforeEach(() => {
  now = new Date('2026-03-01T12:00:00Z');
  smtp.script = {};
  smtp.received.length = 0;
  smtp.signIns.length = 0;
});

describe('a submission that the server takes', () => {
  it('goes out once, byte for byte, to its envelope, and is to be filed in Sent', async () => {
    const { accountId, sentId, submissionId, row } = await submitted({
      to: ['bob@example.net'],
      bcc: ['eve@example.net'],
    });
    const delivery = await deliverSubmission(deps, { accountId, submissionId });
    const sent = await row();
    expect(delivery).toEqual({ status: 'sent', state: sent.state, deferredUntil: null });
    expect(sent).toMatchObject({ status: 'sent', attempts: 1, refused: [], problem: null, sentAt: now });
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]).toMatchObject({
      from: 'ada@example.org',
      to: ['bob@example.net', 'eve@example.net'],
    });
    expect(smtp.received[0]!.raw.equals(sent.raw)).toBe(true);
    expect(sent.raw.includes('eve@example.net')).toBe(false);
    const [copy] = await db.select().from(mailboxEmails).where(eq(mailboxEmails.accountId, accountId));
    expect(await operationsOf(accountId)).toEqual([
      { kind: 'append', copyId: copy!.id, mailboxId: sentId, submissionId },
    ]);
  });

  it('is not sent again by a second run, nor by five at once', async () => {
    const { accountId, submissionId } = await submitted();
    const five = Array.from({ length: 5 });
    // Every connection of the pool is open before: the five runs look at the row at one time.
    await Promise.all(five.map(() => db.execute(sql`select 1`)));
    const runs = await Promise.all(five.map(() => deliverSubmission(deps, { accountId, submissionId })));
    expect(runs.map((run) => run.status).sort()).toEqual([
      ...Array.from({ length: 4 }, () => 'not_due'),
      'sent',
    ]);
    now = later(3_600_000);
    expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
    expect(smtp.received).toHaveLength(1);
  });

  it('marks the mail that it answers, here and on the server', async () => {
    const account = await newAccount();
    const raw = Buffer.from(
      'From: bob@example.net\r\nMessage-ID: <q@example.net>\r\nSubject: Lunch\r\n\r\nWhen?\r\n',
    );
    const { emailId, copyId } = await db.transaction(async (tx) =>
      storeOwnEmail(tx, {
        accountId: account.accountId,
        mailboxId: account.inboxId,
        parsed: await parseEmail(raw),
        size: raw.length,
        receivedAt: now,
        keywords: ['$seen'],
        state: await raiseState(tx, account.accountId),
      }),
    );
    const submissionId = await makeSubmission(db, account.accountId, now, {
      relatedEmailId: emailId,
      relation: 'reply',
    });
    await deliverSubmission(deps, { accountId: account.accountId, submissionId });
    const [copy] = await db.select().from(mailboxEmails).where(eq(mailboxEmails.id, copyId));
    expect(copy!.keywords).toEqual(['$answered', '$seen']);
    expect(await operationsOf(account.accountId)).toContainEqual({
      kind: 'store',
      copyIds: [copyId],
      add: ['$answered'],
      remove: [],
    });
    expect(smtp.received[0]!.raw.toString()).toContain('In-Reply-To: <q@example.net>');
  });

  it('is sent with the refused recipients named where only some are taken', async () => {
    smtp.script = { recipients: { 'gone@example.net': 550 } };
    const { accountId, submissionId, row } = await submitted({ to: ['bob@example.net', 'gone@example.net'] });
    await deliverSubmission(deps, { accountId, submissionId });
    const sent = await row();
    expect(sent.status).toBe('sent');
    expect(sent.refused.map(({ address }) => address)).toEqual(['gone@example.net']);
    expect(sent.refused[0]!.reply).toContain('550');
    expect(smtp.received[0]!.to).toEqual(['bob@example.net']);
  });

  it.each([
    ['does not give', { lacks: ['DSN'] as const }, 'dsn_not_offered'],
    ['refuses', { report: { to: 'sender', reply: 555 } as const }, 'dsn_refused'],
  ])('goes without the report that its server %s, and says so', async (_what, script, code) => {
    const server = await scriptedSmtp(script);
    const { accountId } = await makeAccount(db, { smtpPort: server.port, password: server.password });
    const submissionId = await makeSubmission(db, accountId, now);
    await db.update(submissions).set({ requestDsn: true }).where(eq(submissions.id, submissionId));
    await deliverSubmission(deps, { accountId, submissionId });
    expect(server.received).toHaveLength(1);
    expect(await listSubmissions(db, [accountId], 'open')).toMatchObject([
      { status: 'sent', problem: { code } },
    ]);
  });

  it('is not given to a server that cannot promise the encryption that was required', async () => {
    const { accountId, submissionId, row } = await submitted();
    await db.update(submissions).set({ requireTls: true }).where(eq(submissions.id, submissionId));
    expect(await deliverSubmission(deps, { accountId, submissionId })).toMatchObject({ status: 'failed' });
    expect(smtp.received).toEqual([]);
    expect(await row()).toMatchObject({ status: 'failed', problem: { code: 'requiretls_not_offered' } });
  });

  it('counts as sent although a sweeper took its process for dead while the server thought', async () => {
    const { accountId, submissionId, row } = await submitted();
    smtp.script = {
      onMessage: async () => {
        await recoverStaleSubmissions(db, later(staleAfter + 1000), staleAfter);
        expect((await row()).status).toBe('unconfirmed');
      },
    };
    await deliverSubmission(deps, { accountId, submissionId });
    expect((await row()).status).toBe('sent');
    expect(smtp.received).toHaveLength(1);
  });
});

describe('a submission that the server refuses', () => {
  it('is no doubtful one, although a sweeper took its process for dead while the server thought', async () => {
    const { accountId, submissionId, row } = await submitted();
    smtp.script = {
      data: 554,
      onMessage: async () => {
        await recoverStaleSubmissions(db, later(staleAfter + 1000), staleAfter);
        expect((await row()).status).toBe('unconfirmed');
      },
    };
    await deliverSubmission(deps, { accountId, submissionId });
    expect(await row()).toMatchObject({
      status: 'failed',
      problem: { code: 'message_refused' },
      claim: null,
    });
  });

  it.each([
    ['the sender for good', { mail: 550 }, 'failed', 'message_refused'],
    ['the sender for now', { mail: 451 }, 'queued', 'message_refused'],
    [
      'the only recipient for good',
      { recipients: { 'bob@example.net': 550 } },
      'failed',
      'recipient_refused',
    ],
    ['the only recipient for now', { recipients: { 'bob@example.net': 450 } }, 'queued', 'recipient_refused'],
    ['the message for good', { data: 554 }, 'failed', 'message_refused'],
    ['the message for now', { data: 451 }, 'queued', 'message_refused'],
    ['the password', { auth: 535 }, 'failed', 'sign_in_refused'],
    ['to sign anybody in just now', { auth: 454 }, 'queued', 'unreachable'],
  ] as const)('%s', async (_what, script, status, code) => {
    smtp.script = script;
    const { accountId, submissionId, row } = await submitted();
    const delivery = await deliverSubmission(deps, { accountId, submissionId });
    const refused = await row();
    expect(delivery.status).toBe(status);
    expect(refused).toMatchObject({ status, claim: null, dataStartedAt: null, sentAt: null });
    expect(refused.problem?.code).toBe(code);
    expect(refused.problem?.detail).toMatch(/\d{3}/);
    expect(await operationsOf(accountId)).toEqual([]);
    const [account] = await db.select().from(accounts).where(eq(accounts.id, accountId));
    expect(account!.problem?.code ?? null).toBe(code === 'sign_in_refused' ? code : null);
  });

  it('is tried again at its time and not before, and goes out then', async () => {
    smtp.script = { data: 451 };
    const { accountId, submissionId, row } = await submitted();
    await deliverSubmission(deps, { accountId, submissionId });
    const { nextAttemptAt } = await row();
    expect(nextAttemptAt).toEqual(later(30_000));
    smtp.script = {};
    now = later(29_000);
    expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
    now = later(2000);
    expect((await deliverSubmission(deps, { accountId, submissionId })).status).toBe('sent');
    expect(await row()).toMatchObject({ status: 'sent', attempts: 2, problem: null });
  });

  it('fails after the last attempt, and goes out when a person says so', async () => {
    smtp.script = { drop: 'greeting' };
    const { accountId, submissionId, row } = await submitted();
    const statuses = [];
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      statuses.push((await deliverSubmission(deps, { accountId, submissionId })).status);
      now = later(3_600_000);
    }
    expect(statuses.slice(0, -1).every((status) => status === 'queued')).toBe(true);
    expect(statuses.at(-1)).toBe('failed');
    expect((await row()).problem?.code).toBe('unreachable');
    smtp.script = {};
    await retrySubmission(db, accountId, submissionId, now);
    expect((await deliverSubmission(deps, { accountId, submissionId })).status).toBe('sent');
    expect(smtp.received).toHaveLength(1);
  });
});

describe('a connection that is lost', () => {
  it('before the message began: the submission waits for its next attempt', async () => {
    smtp.script = { drop: 'mail' };
    const { accountId, submissionId, row } = await submitted();
    expect((await deliverSubmission(deps, { accountId, submissionId })).status).toBe('queued');
    expect(await row()).toMatchObject({ status: 'queued', dataStartedAt: null });
    expect((await row()).problem?.code).toBe('unreachable');
  });

  it.each(['inside_data', 'after_dot'] as const)(
    '%s: it is unconfirmed and never sent again by itself',
    async (drop) => {
      smtp.script = { drop };
      const { accountId, submissionId, row } = await submitted();
      expect((await deliverSubmission(deps, { accountId, submissionId })).status).toBe('unconfirmed');
      const doubtful = await row();
      expect(doubtful).toMatchObject({ status: 'unconfirmed', dataStartedAt: now, sentAt: null });
      expect(doubtful.problem?.code).toBe('connection_lost_after_data');
      const { connections } = smtp;
      smtp.script = {};
      now = later(86_400_000);
      await recoverStaleSubmissions(db, now, staleAfter);
      expect(await dueSubmissions(db, now, 100)).not.toContainEqual({ accountId, submissionId });
      expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
      expect(smtp.connections).toBe(connections);
      expect(smtp.received.length).toBe(drop === 'after_dot' ? 1 : 0);
    },
  );

  it('keeps whom the server refused before: once the message is found, it is said that they have it not', async () => {
    smtp.script = { drop: 'after_dot', recipients: { 'gone@example.net': 550, 'full@example.net': 452 } };
    const to = ['bob@example.net', 'gone@example.net', 'full@example.net'];
    const { accountId, sentId, submissionId, row } = await submitted({ to });
    await deliverSubmission(deps, { accountId, submissionId });
    const { messageId, raw, ...doubtful } = await row();
    const refused = [{ address: 'gone@example.net' }, { address: 'full@example.net' }];
    expect(doubtful).toMatchObject({ status: 'unconfirmed', refused });
    await receiveRecognising(db, { accountId, mailboxId: sentId }, [{ uid: 7, messageId, size: raw.length }]);
    expect(await listSubmissions(db, [accountId], 'open')).toMatchObject([{ status: 'sent', refused }]);
  });

  it.each([
    ['as it was sent', receiveRecognising, {}],
    ['as the provider has changed it', receive, { size: 4711 }],
  ])('is settled as sent once the message is found in Sent, %s', async (_how, store, changed) => {
    smtp.script = { drop: 'after_dot' };
    const { accountId, sentId, inboxId, submissionId, row } = await submitted();
    await deliverSubmission(deps, { accountId, submissionId });
    const { messageId, raw } = await row();
    const found = { uid: 7, messageId, size: raw.length, ...changed };
    await receive(db, { accountId, mailboxId: inboxId }, [found]);
    expect(await row()).toMatchObject({ status: 'unconfirmed' });
    await receive(db, { accountId, mailboxId: sentId }, [{ uid: 6 }]);
    expect(await row()).toMatchObject({ status: 'unconfirmed' });
    await store(db, { accountId, mailboxId: sentId }, [found]);
    expect(await row()).toMatchObject({
      ...{ status: 'sent', problem: null, sentAt: expect.any(Date), isToRemember: true },
    });
    expect(await operationsOf(accountId)).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('with nobody there at all: it waits, and says that the server cannot be reached', async () => {
    const account = await makeAccount(db, { smtpPort: 1, password: 'any' });
    const submissionId = await makeSubmission(db, account.accountId, now);
    await deliverSubmission(deps, { accountId: account.accountId, submissionId });
    const row = await submissionRow(db, submissionId);
    expect(row.status).toBe('queued');
    expect(row.problem?.code).toBe('unreachable');
  });
});

describe('a worker that died while sending', () => {
  const dead = (more: Partial<typeof submissions.$inferInsert>) => ({
    status: 'sending' as const,
    claim: randomUUID(),
    claimedAt: now,
    attempts: 1,
    ...more,
  });

  it('before the message began: it is sent by the next one', async () => {
    const { accountId, submissionId, row } = await submitted();
    await db.update(submissions).set(dead({})).where(eq(submissions.id, submissionId));
    await recoverStaleSubmissions(db, later(staleAfter - 1000), staleAfter);
    expect((await row()).status).toBe('sending');
    now = later(staleAfter + 1000);
    const changed = await recoverStaleSubmissions(db, now, staleAfter);
    const recovered = await row();
    expect(changed).toEqual([{ accountId, state: recovered.state }]);
    expect(recovered.status).toBe('queued');
    expect((await deliverSubmission(deps, { accountId, submissionId })).status).toBe('sent');
    expect(smtp.received).toHaveLength(1);
  });

  it('after the message began: it is unconfirmed', async () => {
    const { submissionId, row } = await submitted();
    await db
      .update(submissions)
      .set(dead({ dataStartedAt: now }))
      .where(eq(submissions.id, submissionId));
    await recoverStaleSubmissions(db, later(staleAfter + 1000), staleAfter);
    expect((await row()).status).toBe('unconfirmed');
  });

  it('each time anew: after the last attempt it has failed', async () => {
    const { submissionId, row } = await submitted();
    await db
      .update(submissions)
      .set(dead({ attempts: mostAttempts }))
      .where(eq(submissions.id, submissionId));
    await recoverStaleSubmissions(db, later(staleAfter + 1000), staleAfter);
    expect((await row()).status).toBe('failed');
  });

  it('but whose claim was taken away sends nothing more under it', async () => {
    const { accountId, submissionId, row } = await submitted();
    smtp.script = {
      onSender: async () => {
        await db.update(submissions).set({ claim: randomUUID() }).where(eq(submissions.id, submissionId));
      },
    };
    const { status } = await deliverSubmission(deps, { accountId, submissionId });
    expect(status).toBe('not_ours');
    expect(smtp.received).toEqual([]);
    expect((await row()).status).toBe('sending');
  });
});

describe('a submission that is not due', () => {
  it('is left alone while its account waits for a password', async () => {
    const { accountId, submissionId } = await submitted();
    await db.update(accounts).set({ status: 'needs_password' }).where(eq(accounts.id, accountId));
    expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
    expect(await dueSubmissions(db, now, 100)).not.toContainEqual({ accountId, submissionId });
  });

  it('is left alone when it was taken back, and when its account is gone', async () => {
    const { accountId, submissionId } = await submitted();
    await cancelSubmission(db, accountId, submissionId);
    expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
    await db.delete(accounts).where(eq(accounts.id, accountId));
    expect(await deliverSubmission(deps, { accountId, submissionId })).toEqual({ status: 'not_due' });
    expect(smtp.received).toEqual([]);
  });

  it('cannot be taken back once it is claimed: exactly one of the two wins', async () => {
    const { accountId, submissionId, row } = await submitted();
    const [delivery, undo] = await Promise.allSettled([
      deliverSubmission(deps, { accountId, submissionId }),
      cancelSubmission(db, accountId, submissionId),
    ]);
    const wasSent = delivery.status === 'fulfilled' && delivery.value.status === 'sent';
    expect(wasSent).toBe(undo.status === 'rejected');
    expect((await row()).status).toBe(wasSent ? 'sent' : 'canceled');
    expect(smtp.received).toHaveLength(wasSent ? 1 : 0);
  });
});
