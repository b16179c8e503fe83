import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { accounts, type StoredAddress, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { parseEmail } from '../content/parse.ts';
import { addDraftAttachment } from '../drafts/attachments.ts';
import { createDraft } from '../drafts/create.ts';
import { draftView } from '../drafts/reading.ts';
import { saveDraft } from '../drafts/save.ts';
import { draftContent } from '../drafts/testing.ts';
import { scriptedSmtp } from '../smtp/testing.ts';
import { deliverSubmission } from './deliver/deliver.ts';
import { submissionView } from './reading.ts';
import { submitDraft } from './submit.ts';
import { atOnce, deliverDeps, makeAccount } from './testing.ts';

const db = await testDatabase();
const smtp = await scriptedSmtp();
const bare = await scriptedSmtp({ lacks: ['SMTPUTF8'] });
const bob = { name: 'Bob', address: 'bob@example.net' };
const megabyte = 1024 * 1024;

/** A draft as somebody wrote it, and what becomes of sending it. */
async function written(
  content: Parameters<typeof draftContent>[1],
  server = smtp,
  password = server.password,
) {
  server.received.length = 0;
  const { accountId } = await makeAccount(db, { smtpPort: server.port, password });
  const draft = await createDraft(db, accountId, null);
  const values = draftContent(draft.identityId, { to: [bob], ...content });
  await saveDraft(db, accountId, draft.id, draft.version, values);
  const submit = async (attachmentBytes = () => Promise.reject<Buffer>(new Error('There are none.'))) => {
    const { version } = (await draftView(db, accountId, draft.id))!;
    return submitDraft(
      { db, now: new Date(), attachmentBytes },
      { accountId, draftId: draft.id, version, idempotencyKey: randomUUID(), ...atOnce },
    );
  };
  return {
    accountId,
    draftId: draft.id,
    submit,
    async send() {
      const { id } = await submit();
      await deliverSubmission(deliverDeps(db), { accountId, submissionId: id });
      return (await submissionView(db, accountId, id))!;
    },
    /** Nothing is on its way, and what was written is there still. */
    async isKept() {
      const rows = await db.select().from(submissions).where(eq(submissions.accountId, accountId));
      return rows.length === 0 && (await draftView(db, accountId, draft.id)) !== null;
    },
  };
}

describe('a header field that somebody tries to smuggle in', () => {
  const evil = 'x\r\nBcc: eve@evil.example\r\nX-Evil: 1';

  it('by the subject or a name becomes words on one line', async () => {
    const { send } = await written({ subject: evil, to: [{ name: evil, address: bob.address }] });
    expect((await send()).status).toBe('sent');
    const [received] = smtp.received;
    expect(received!.to).toEqual([bob.address]);
    expect(received!.raw.toString('latin1')).not.toMatch(/^(bcc|x-evil):/im);
    expect((await parseEmail(received!.raw)).subject).toBe('x Bcc: eve@evil.example X-Evil: 1');
  });

  it('by an address is named as a bad address, and what was written stays', async () => {
    const { submit, isKept } = await written({ cc: [{ name: '', address: `bob@example.net${evil}` }] });
    await expect(submit()).rejects.toMatchObject({ code: 'bad_address' });
    expect(await isKept()).toBe(true);
  });
});

describe('recipients', () => {
  const crowd = (count: number): StoredAddress[] =>
    Array.from({ length: count }, (_none, index) => ({
      name: `P${index}`,
      address: `p${index}@example.net`,
    }));

  it('as many as five hundred are sent to; a thousand are too many, and what was written stays', async () => {
    const most = await written({ to: crowd(250), bcc: crowd(500) });
    expect((await most.send()).status).toBe('sent');
    expect(smtp.received[0]!.to).toHaveLength(500);
    const { submit, isKept } = await written({ bcc: crowd(1000) });
    await expect(submit()).rejects.toMatchObject({ code: 'too_many_recipients' });
    expect(await isKept()).toBe(true);
  });

  it.each([
    'bob',
    'bob@',
    '@example.net',
    'bob@@example.net',
    'Bob <bob@example.net>',
    'a@b.example, c@d.example',
  ])('that are malformed (%s) are named, and what was written stays', async (address) => {
    const { submit, isKept } = await written({ to: [bob, { name: '', address }] });
    await expect(submit()).rejects.toMatchObject({ code: 'bad_address', detail: address });
    expect(await isKept()).toBe(true);
  });

  it('nobody at all is said, and what was written stays', async () => {
    const { submit, isKept } = await written({ to: [] });
    await expect(submit()).rejects.toMatchObject({ code: 'no_recipients' });
    expect(await isKept()).toBe(true);
  });

  it('of other scripts are sent to where the server can, and named where it cannot', async () => {
    const to = [{ name: 'Jürgen', address: 'jürgen@bücher.example' }];
    const able = await written({ to });
    expect((await able.send()).status).toBe('sent');
    expect(smtp.received[0]!.to).toEqual(['jürgen@bücher.example']);
    expect((await parseEmail(smtp.received[0]!.raw)).to).toEqual(to);
    const unable = await written({ to }, bare);
    expect(await unable.send()).toMatchObject({
      status: 'failed',
      problem: { code: 'smtputf8_not_offered', detail: 'jürgen@bücher.example' },
    });
    expect(bare.received).toEqual([]);
  });

  it('of which the server refuses one of five: the others get it, and the one is named', async () => {
    smtp.script = { recipients: { 'p3@example.net': 550 } };
    const { send } = await written({ to: crowd(5) });
    const view = await send();
    smtp.script = {};
    expect(view).toMatchObject({ status: 'sent', refused: [{ address: 'p3@example.net' }] });
    expect(view.refused[0]!.reply).toContain('550');
    expect(smtp.received[0]!.to).toEqual(
      crowd(5).flatMap(({ address }) => (address.startsWith('p3') ? [] : [address])),
    );
  });
});

it('files of a hundred megabytes are too large, before any of them is read, and what was written stays', async () => {
  const { accountId, draftId, submit, isKept } = await written({});
  for (const size of [60 * megabyte, 40 * megabyte]) {
    await addDraftAttachment(db, accountId, draftId, {
      ...{ filename: 'large.bin', mediaType: 'application/octet-stream', size, blobHash: 'a'.repeat(64) },
      disposition: 'attachment',
    });
  }
  let reads = 0;
  const reading = submit(async () => {
    reads += 1;
    return Buffer.alloc(0);
  });
  await expect(reading).rejects.toMatchObject({ code: 'too_large' });
  expect(reads).toBe(0);
  expect(await isKept()).toBe(true);
});

it('a password that was revoked is said of the message and of the account, and nothing is lost', async () => {
  const { accountId, send } = await written({}, smtp, 'revoked');
  expect(await send()).toMatchObject({ status: 'failed', problem: { code: 'sign_in_refused' } });
  const [account] = await db.select().from(accounts).where(eq(accounts.id, accountId));
  expect(account!.problem?.code).toBe('sign_in_refused');
  expect(smtp.received).toEqual([]);
});
