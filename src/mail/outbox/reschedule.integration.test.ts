import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accounts, emails, mailboxEmails, mailboxes, pendingOperations } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { parseEmail } from '../content/parse.ts';
import { createDraft } from '../drafts/create.ts';
import { draftView } from '../drafts/reading.ts';
import { saveDraft } from '../drafts/save.ts';
import { draftContent } from '../drafts/testing.ts';
import { rememberRecipients } from '../people/write.ts';
import { scriptedSmtp } from '../smtp/testing.ts';
import { receive } from '../sync/testing.ts';
import { archiveAnswered } from './archive-answered.ts';
import { cancelSubmission, discardSubmission, reopenSubmission, retrySubmission } from './cancel.ts';
import { deliverSubmission } from './deliver/deliver.ts';
import { dueAfterSending } from './due-after-sending.ts';
import { listSubmissions, submissionView } from './reading.ts';
import { rescheduleSubmission, sendNow } from './reschedule.ts';
import { type SubmitRequest, submitDraft } from './submit.ts';
import { atOnce, deliverDeps, makeAccount, submissionRow } from './testing.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
const start = Date.parse('2026-07-01T10:00:00Z');
const hour = 3_600_000;
const at = (hours: number) => new Date(start + hours * hour);

/** An account, a draft in it, and a clock that is set by hand. */
async function world(content: Parameters<typeof draftContent>[1] = {}) {
  const account = await makeAccount(db, { smtpPort: smtp.port, password: smtp.password });
  const { accountId } = account;
  let now = at(0);
  const made = await createDraft(db, accountId, null);
  const to = [{ name: 'Bob', address: 'bob@example.net' }];
  const { version } = await saveDraft(db, accountId, made.id, made.version, {
    ...draftContent(made.identityId, { to, ...content }),
  });
  const deps = { ...deliverDeps(db), now: () => now };
  return {
    ...account,
    draftId: made.id,
    now: () => now,
    setClock: (hours: number) => {
      now = at(hours);
    },
    submit: async (more: Partial<SubmitRequest> = {}) => {
      const parts = { db, now, attachmentBytes: () => Promise.reject(new Error('There are none.')) };
      const request = { accountId, draftId: made.id, version, idempotencyKey: randomUUID(), ...atOnce };
      return (await submitDraft(parts, { ...request, ...more })).id;
    },
    deliver: (submissionId: string) => deliverSubmission(deps, { accountId, submissionId }),
    view: async (submissionId: string) => (await submissionView(db, accountId, submissionId))!,
  };
}

const berlin = (hours: number) => ({ sendAt: at(hours), timeZone: 'Europe/Berlin' });

it('a message that was taken back is kept as its draft alone, and goes out from there', async () => {
  const { accountId, draftId, submit, deliver } = await world({ text: 'Only once' });
  const id = await submit();
  await cancelSubmission(db, accountId, id);
  const canceled = await submissionRow(db, id);
  expect(canceled.raw).toHaveLength(0);
  expect(JSON.stringify(canceled)).not.toContain('Only once');
  const { version, text } = (await draftView(db, accountId, draftId))!;
  expect(text).toContain('Only once');
  expect((await deliver(await submit({ version }))).status).toBe('sent');
  expect(smtp.received.at(-1)!.raw.toString()).toContain('Only once');
});

describe('a message for later', () => {
  it('waits for its time, says so, and is dated when it leaves, in the zone of its sender', async () => {
    const { accountId, submit, deliver, view, setClock } = await world();
    const id = await submit({ later: berlin(24) });
    expect((await view(id)).waiting).toEqual({ for: 'time', until: at(24).getTime() });
    expect((await listSubmissions(db, [accountId], 'scheduled')).map((each) => each.id)).toEqual([id]);
    setClock(23);
    expect(await deliver(id)).toEqual({ status: 'not_due' });
    setClock(24);
    expect((await deliver(id)).status).toBe('sent');
    const { raw } = smtp.received.at(-1)!;
    expect(raw.toString()).toContain('Date: Thu, 02 Jul 2026 12:00:00 +0200\r\n');
    expect(await listSubmissions(db, [accountId], 'scheduled')).toEqual([]);
  });

  it('is given another time and its message another date; nothing else of it changes', async () => {
    const { accountId, submit, view, now } = await world();
    const id = await submit({ later: berlin(24) });
    const before = await submissionRow(db, id);
    await rescheduleSubmission(db, accountId, id, { sendAt: at(48), timeZone: 'Asia/Tokyo' }, now());
    const after = await submissionRow(db, id);
    expect((await view(id)).waiting).toEqual({ for: 'time', until: at(48).getTime() });
    expect(after.raw.toString()).toContain('Date: Fri, 03 Jul 2026 19:00:00 +0900\r\n');
    const undated = (raw: Buffer) => raw.toString('latin1').replace(/^Date: .*$/m, '');
    expect(undated(after.raw)).toBe(undated(before.raw));
    expect(after.messageId).toBe(before.messageId);
  });

  it('keeps the zone of its sender where it is sent before the end of its undo seconds', async () => {
    const { accountId, submit, now, setClock } = await world();
    const id = await submit({ undo: hour, timeZone: 'Europe/Berlin' });
    setClock(0.5);
    await sendNow(db, accountId, id, now());
    expect((await submissionRow(db, id)).raw.toString()).toContain('Date: Wed, 01 Jul 2026 12:30:00 +0200');
  });

  it('is sent at once where the person says so', async () => {
    const { accountId, submit, deliver, now } = await world();
    const id = await submit({ later: berlin(24) });
    await sendNow(db, accountId, id, now());
    expect((await deliver(id)).status).toBe('sent');
    expect((await submissionRow(db, id)).raw.toString()).toContain('Date: Wed, 01 Jul 2026 12:00:00 +0200');
    await expect(sendNow(db, accountId, id, now())).rejects.toMatchObject({ code: 'too_late' });
    const [shown] = await db.select().from(emails).where(eq(emails.accountId, accountId));
    expect(shown).toMatchObject({ sentAt: at(0), receivedAt: at(0) });
    expect(await checkConsistency(db, accountId)).toEqual([]);
    const again = rescheduleSubmission(db, accountId, id, berlin(5), now());
    await expect(again).rejects.toMatchObject({ code: 'too_late' });
  });

  it.each([
    ['the past', { sendAt: at(-1), timeZone: 'Europe/Berlin' }, 'time_past'],
    ['the far future', { sendAt: at(24 * 400), timeZone: 'Europe/Berlin' }, 'time_too_far'],
    ['no zone', { sendAt: at(1), timeZone: 'Europe/Atlantis' }, 'bad_time'],
  ])('is not for %s', async (_what, later, code) => {
    const { accountId, submit, now, draftId } = await world();
    await expect(submit({ later })).rejects.toMatchObject({ code });
    expect(await draftView(db, accountId, draftId)).not.toBeNull();
    const id = await submit({ later: berlin(1) });
    await expect(rescheduleSubmission(db, accountId, id, later, now())).rejects.toMatchObject({ code });
  });
});

describe('a message that has not left, or came to nothing', () => {
  it('is opened again as the same draft, with all that was in it', async () => {
    const rich = { html: '<p>Rich</p>', requestReceipt: true, requestDsn: true, requireTls: true };
    const { accountId, submit, draftId } = await world({
      ...rich,
      bcc: [{ name: '', address: 'e@x.example' }],
    });
    const before = await draftView(db, accountId, draftId);
    const id = await submit({ later: berlin(1) });
    expect(await draftView(db, accountId, draftId)).toBeNull();
    expect(await reopenSubmission(db, accountId, id)).toEqual({ draftId });
    const after = await draftView(db, accountId, draftId);
    const same = { version: 0, updatedAt: 0, text: '' };
    expect({ ...after, ...same }).toEqual({ ...before, ...same });
    await expect(reopenSubmission(db, accountId, id)).rejects.toMatchObject({ code: 'too_late' });
    await expect(cancelSubmission(db, accountId, id)).rejects.toMatchObject({ code: 'too_late' });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('stands among the dead letters with its reason until it is tried again or given up', async () => {
    const { accountId, submit, deliver, view, now, draftId } = await world();
    smtp.script = { data: 554 };
    const id = await submit();
    await deliver(id);
    smtp.script = {};
    const [dead] = await listSubmissions(db, [accountId], 'failed');
    expect(dead).toMatchObject({ id, status: 'failed', problem: { code: 'message_refused' }, waiting: null });
    await retrySubmission(db, accountId, id, now());
    expect(await view(id)).toMatchObject({ status: 'queued', problem: null, attempts: 0 });
    smtp.script = { data: 554 };
    await deliver(id);
    smtp.script = {};
    expect(await discardSubmission(db, accountId, id)).toEqual({ draftId });
    expect(await listSubmissions(db, [accountId], 'failed')).toEqual([]);
    expect(await draftView(db, accountId, draftId)).not.toBeNull();
  });

  it('says that it is tried again, and when', async () => {
    const { submit, deliver, view } = await world();
    smtp.script = { data: 451 };
    const id = await submit();
    await deliver(id);
    smtp.script = {};
    expect((await view(id)).waiting).toEqual({ for: 'retry', until: start + 30_000 });
  });
});

describe('once a message is taken', () => {
  /** An answer to a mail in the inbox. */
  async function answering() {
    const account = await world();
    const { accountId, inboxId } = account;
    const archiveId = randomUUID();
    const archive = {
      id: archiveId,
      remoteId: 'Archive',
      name: 'Archive',
      role: 'archive' as const,
      state: 0,
    };
    await db.insert(mailboxes).values({ accountId, ...archive });
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }]);
    const [copy] = await db
      .select()
      .from(mailboxEmails)
      .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, inboxId)));
    const draft = await createDraft(db, accountId, { emailId: copy!.emailId, beginning: 'reply' });
    const { version } = await saveDraft(db, accountId, draft.id, draft.version, {
      ...draftContent(draft.identityId, { to: [{ name: '', address: 'bob@example.net' }] }),
    });
    const whereabouts = async () => {
      const [row] = await db.select().from(mailboxEmails).where(eq(mailboxEmails.id, copy!.id));
      return row!.mailboxId;
    };
    return { ...account, archiveId, whereabouts, answer: { draftId: draft.id, version } };
  }

  it('the conversation that it answers is archived where the person wished it, once', async () => {
    const { accountId, inboxId, archiveId, submit, deliver, whereabouts, answer, now } = await answering();
    const id = await submit({ ...answer, archiveAfterSending: true });
    expect(await archiveAnswered(db, accountId, id)).toBeNull();
    await deliver(id);
    expect(await whereabouts()).toBe(inboxId);
    expect(await dueAfterSending(db, now())).toContainEqual({ accountId, submissionId: id });
    expect(await archiveAnswered(db, accountId, id)).toEqual(expect.any(Number));
    expect(await whereabouts()).toBe(archiveId);
    expect(await archiveAnswered(db, accountId, id)).toBeNull();
    await rememberRecipients(db, accountId, id);
    expect(await dueAfterSending(db, now())).not.toContainEqual({ accountId, submissionId: id });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('the conversation stays where nobody wished it', async () => {
    const { accountId, inboxId, submit, deliver, whereabouts, answer } = await answering();
    const id = await submit(answer);
    await deliver(id);
    expect(await archiveAnswered(db, accountId, id)).toBeNull();
    expect(await whereabouts()).toBe(inboxId);
  });

  it.each([
    [true, 0],
    [false, 1],
  ])(
    'by an account of Gmail’s (%s), whatever host it went by, %i copies are filed',
    async (isGmail, copies) => {
      const { accountId, submit, deliver } = await world();
      await db.update(accounts).set({ isGmail }).where(eq(accounts.id, accountId));
      await deliver(await submit());
      const operations = await db
        .select()
        .from(pendingOperations)
        .where(eq(pendingOperations.accountId, accountId));
      expect(operations.filter(({ operation }) => operation.kind === 'append')).toHaveLength(copies);
    },
  );

  it('rich text has come with its plain reading', async () => {
    const { submit, deliver } = await world({ html: '<p>Look <b>here</b></p>', text: 'stale' });
    await deliver(await submit());
    const read = await parseEmail(smtp.received.at(-1)!.raw);
    expect(read.html).toContain('<p>Look <b>here</b></p>');
    expect(read.text.trim()).toBe('Look here');
  });
});
