import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemMessages } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { parseEmail } from '../content/parse.ts';
import { deliverDeps, staleAfter, testRing } from '../outbox/testing.ts';
import { scriptedSmtp } from '../smtp/testing.ts';
import { deliverSystemMessage, dueSystemMessages, recoverStaleSystemMessages } from './deliver.ts';
import { dismissSystemMessage, listTroubledSystemMessages } from './reading.ts';
import { type SystemMessage, writeSystemMessage } from './write.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
let now = new Date('2026-03-01T12:00:00Z');
const deps = { ...deliverDeps(db), now: () => now };
const settings = {
  server: {
    ...{ host: '127.0.0.1', port: smtp.port, security: 'none' as const },
    ...{ user: 'mailroom', pinnedFingerprint: null },
  },
  password: smtp.password,
  from: 'mailroom@example.org',
};
const reset = (): SystemMessage => ({
  kind: 'password_reset',
  to: 'ada@example.net',
  subject: 'Your password\r\nBcc: eve@evil.example',
  text: 'Open https://mail.example/reset/secret-token within an hour.',
  idempotencyKey: randomUUID(),
});

const write = async (message = reset()) =>
  (await writeSystemMessage(db, testRing, settings.from, message, now))!;
const row = async (id: string) =>
  (await db.select().from(systemMessages).where(eq(systemMessages.id, id)))[0]!;
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);

beforeEach(() => {
  smtp.script = {};
  smtp.received.length = 0;
});

describe("a mail of Mailroom's own", () => {
  it('goes out once, however often it is asked for, says what it is, and is forgotten', async () => {
    const message = reset();
    const id = await write(message);
    expect(await writeSystemMessage(db, testRing, settings.from, message, now)).toBeNull();
    expect((await row(id)).raw.includes('secret-token')).toBe(false);
    expect(await dueSystemMessages(db, now)).toContain(id);
    const runs = await Promise.all([1, 2, 3].map(() => deliverSystemMessage(deps, settings, id)));
    expect(runs.filter((status) => status === 'sent')).toHaveLength(1);
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]).toMatchObject({ from: settings.from, to: ['ada@example.net'] });
    const raw = smtp.received[0]!.raw.toString();
    expect(raw).toContain('Auto-Submitted: auto-generated');
    expect(raw).not.toMatch(/^bcc:/im);
    expect((await parseEmail(smtp.received[0]!.raw)).text).toContain('secret-token');
    expect(await row(id)).toMatchObject({ status: 'sent', problem: null, raw: Buffer.alloc(0) });
  });

  it('is tried again after a refusal for now, and given up after one for good', async () => {
    const id = await write();
    smtp.script = { data: 451 };
    expect(await deliverSystemMessage(deps, settings, id)).toBe('queued');
    expect((await row(id)).nextAttemptAt).toEqual(later(30_000));
    expect(await deliverSystemMessage(deps, settings, id)).toBeNull();
    now = later(31_000);
    smtp.script = { data: 554 };
    expect(await deliverSystemMessage(deps, settings, id)).toBe('failed');
    expect(await row(id)).toMatchObject({ attempts: 2, problem: { code: 'message_refused' } });
    expect((await row(id)).raw).toHaveLength(0);
  });

  it('is never sent again once the server was given it', async () => {
    const id = await write();
    smtp.script = { drop: 'after_dot' };
    expect(await deliverSystemMessage(deps, settings, id)).toBe('unconfirmed');
    now = later(3_600_000);
    expect(await dueSystemMessages(db, now)).not.toContain(id);
  });

  it('left behind by a process that died is sent, or unconfirmed where it had begun to go', async () => {
    const [unsent, begun] = [await write(), await write()];
    const dead = { status: 'sending' as const, claim: randomUUID(), claimedAt: now, attempts: 1 };
    await db.update(systemMessages).set(dead).where(eq(systemMessages.id, unsent));
    await db
      .update(systemMessages)
      .set({ ...dead, dataStartedAt: now })
      .where(eq(systemMessages.id, begun));
    now = later(staleAfter + 1000);
    await recoverStaleSystemMessages(db, now, staleAfter);
    expect((await row(begun)).status).toBe('unconfirmed');
    expect(await deliverSystemMessage(deps, settings, unsent)).toBe('sent');
  });

  it('that nobody sends is listed too, once that has gone on for minutes', async () => {
    const id = await write();
    const listed = async (at: Date) =>
      (await listTroubledSystemMessages(db, null, at)).filter((each) => each.id === id);
    expect(await listed(now)).toEqual([]);
    expect(await listed(later(6 * 60_000))).toMatchObject([{ status: 'overdue', problem: null }]);
  });

  it('goes to one complete address', async () => {
    await expect(write({ ...reset(), to: 'ada' })).rejects.toMatchObject({ code: 'bad_address' });
  });

  it('that did not get away is listed for who runs the installation, until they have seen it', async () => {
    const [sent, retried, failed, unsure] = [await write(), await write(), await write(), await write()];
    await deliverSystemMessage(deps, settings, sent);
    smtp.script = { data: 451 };
    await deliverSystemMessage(deps, settings, retried);
    smtp.script = { data: 554 };
    await deliverSystemMessage(deps, settings, failed);
    smtp.script = { drop: 'after_dot' };
    await deliverSystemMessage(deps, settings, unsure);
    const listed = (await listTroubledSystemMessages(db, null, now)).filter(({ id }) =>
      [sent, retried, failed, unsure].includes(id),
    );
    expect(listed).toMatchObject([
      { id: unsure, status: 'unconfirmed', problem: { code: 'connection_lost_after_data' } },
      { id: failed, status: 'failed', nextAttemptAt: null, problem: { code: 'message_refused' } },
      { id: retried, status: 'retrying', nextAttemptAt: later(30_000).getTime(), to: 'ada@example.net' },
    ]);
    expect(JSON.stringify(listed)).not.toContain('secret-token');
    const late = await listTroubledSystemMessages(db, null, later(6 * 60_000));
    expect(late.find(({ id }) => id === retried)?.status).toBe('overdue');
    for (const id of [unsure, failed, retried]) await dismissSystemMessage(db, id);
    const left = await listTroubledSystemMessages(db, null, now);
    expect(left.map(({ id }) => id)).toContain(retried);
    expect(left.map(({ id }) => id)).not.toContain(failed);
    expect(left.map(({ id }) => id)).not.toContain(unsure);
  });
});
