import { randomUUID } from 'node:crypto';
import { and, eq, ne } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { drafts, submissions } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { addDraftAttachment, removeDraftAttachment } from '../drafts/attachments.ts';
import { createDraft } from '../drafts/create.ts';
import { discardDraft } from '../drafts/discard.ts';
import { attachmentsOfDraft, draftView } from '../drafts/reading.ts';
import { saveDraft } from '../drafts/save.ts';
import { draftContent } from '../drafts/testing.ts';
import { cancelSubmission } from './cancel.ts';
import { submitDraft } from './submit.ts';
import { atOnce, makeAccount } from './testing.ts';

const db = await testDatabase();

/** A draft to somebody with one file, and a way to submit it during which something else happens. */
async function draftWithFile() {
  const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'x' });
  const made = await createDraft(db, accountId, null);
  await saveDraft(db, accountId, made.id, made.version, {
    ...draftContent(made.identityId),
    to: [{ name: '', address: 'bob@example.net' }],
  });
  const add = (filename: string) =>
    addDraftAttachment(db, accountId, made.id, {
      filename,
      mediaType: 'text/plain',
      size: 4,
      blobHash: 'a'.repeat(64),
      disposition: 'attachment',
    });
  const { row: file, version: withFile } = await add('one.txt');
  const submitWhile = (
    meanwhile: () => Promise<unknown>,
    { idempotencyKey = randomUUID(), version = withFile } = {},
  ) => {
    const parts = {
      db,
      now: new Date(),
      attachmentBytes: async () => {
        await meanwhile();
        return Buffer.from('file');
      },
    };
    return submitDraft(parts, { accountId, draftId: made.id, version, idempotencyKey, ...atOnce });
  };
  return { accountId, draftId: made.id, file, add, submitWhile };
}

describe('a key of one attempt to send', () => {
  const nothing = async () => undefined;

  it('gets the first answer for as long as the message is not taken back', async () => {
    const { accountId, submitWhile } = await draftWithFile();
    const idempotencyKey = randomUUID();
    const first = await submitWhile(nothing, { idempotencyKey });
    for (const status of ['sending', 'sent', 'failed', 'unconfirmed'] as const) {
      await db.update(submissions).set({ status }).where(eq(submissions.id, first.id));
      expect(await submitWhile(nothing, { idempotencyKey })).toMatchObject({ id: first.id, status });
    }
    expect(await db.select().from(submissions).where(eq(submissions.accountId, accountId))).toHaveLength(1);
  });

  it('sends anew after it was, once', async () => {
    const { accountId, draftId, submitWhile } = await draftWithFile();
    const idempotencyKey = randomUUID();
    const { id } = await submitWhile(nothing, { idempotencyKey });
    await cancelSubmission(db, accountId, id);
    const [draft] = await db.select().from(drafts).where(eq(drafts.id, draftId));
    const again = { idempotencyKey, version: draft!.version };
    const answers = await Promise.all([1, 2].map(() => submitWhile(nothing, again)));
    expect(answers.map(({ status }) => status)).toEqual(['scheduled', 'scheduled']);
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(answers[0]!.id).not.toBe(id);
    const open = and(eq(submissions.accountId, accountId), ne(submissions.status, 'canceled'));
    expect(await db.select().from(submissions).where(open)).toHaveLength(1);
  });

  it('is of one draft: the sending of another is not answered with the first one’s', async () => {
    const { accountId, submitWhile } = await draftWithFile();
    const idempotencyKey = randomUUID();
    await submitWhile(nothing, { idempotencyKey });
    const other = await createDraft(db, accountId, null);
    const parts = {
      db,
      now: new Date(),
      attachmentBytes: () => Promise.reject(new Error('There are none.')),
    };
    const request = { accountId, draftId: other.id, version: 1, idempotencyKey, ...atOnce };
    await expect(submitDraft(parts, request)).rejects.toMatchObject({ code: 'key_used' });
    expect(await draftView(db, accountId, other.id)).not.toBeNull();
  });

  it('sends nothing where a request from before it was comes late', async () => {
    const { accountId, submitWhile } = await draftWithFile();
    const idempotencyKey = randomUUID();
    const { id } = await submitWhile(nothing, { idempotencyKey });
    await cancelSubmission(db, accountId, id);
    await expect(submitWhile(nothing, { idempotencyKey })).rejects.toMatchObject({
      code: 'version_conflict',
    });
  });
});

describe('a draft', () => {
  it('that was taken back is no version that a window still holds', async () => {
    const { accountId, draftId, submitWhile } = await draftWithFile();
    const [before] = await db.select().from(drafts).where(eq(drafts.id, draftId));
    const { id } = await submitWhile(async () => undefined);
    await cancelSubmission(db, accountId, id);
    const [after] = await db.select().from(drafts).where(eq(drafts.id, draftId));
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
    const stale = saveDraft(
      db,
      accountId,
      draftId,
      before?.version ?? 0,
      draftContent(after?.identityId ?? ''),
    );
    await expect(stale).rejects.toMatchObject({ code: 'version_conflict' });
  });

  it('that is discarded while its message is made is not sent', async () => {
    const { accountId, draftId, submitWhile } = await draftWithFile();
    const sending = submitWhile(() => discardDraft(db, accountId, draftId));
    await expect(sending).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await db.select().from(submissions).where(eq(submissions.accountId, accountId))).toEqual([]);
  });
});

describe('a draft whose files change while its message is made', () => {
  it.each([
    ['a file is added', 2],
    ['the file is removed', 0],
    ['the file is changed for another', 1],
  ])('is not sent as the person no longer sees it, where %s', async (what, left) => {
    const { accountId, draftId, file, add, submitWhile } = await draftWithFile();
    const sending = submitWhile(async () => {
      if (what !== 'a file is added') await removeDraftAttachment(db, accountId, draftId, file.id);
      if (what !== 'the file is removed') await add('two.txt');
    });
    await expect(sending).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await attachmentsOfDraft(db, accountId, draftId)).toHaveLength(left);
    expect(await db.select().from(submissions).where(eq(submissions.accountId, accountId))).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is sent where they do not, and whoever removes a file too late is told so', async () => {
    const { accountId, draftId, file, submitWhile } = await draftWithFile();
    expect(await submitWhile(async () => undefined)).toMatchObject({ status: 'scheduled' });
    expect(await db.select().from(drafts).where(eq(drafts.accountId, accountId))).toEqual([]);
    await expect(removeDraftAttachment(db, accountId, draftId, file.id)).rejects.toMatchObject({
      code: 'draft_gone',
    });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
