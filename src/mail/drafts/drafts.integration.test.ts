import { and, eq, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { drafts } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { changesSince } from '../changes/since.ts';
import { cancelSubmission } from '../outbox/cancel.ts';
import { makeAccount, makeSubmission } from '../outbox/testing.ts';
import { addDraftAttachment, removeDraftAttachment } from './attachments.ts';
import { createDraft } from './create.ts';
import { discardDraft, forgetDrafts, restoreDraft } from './discard.ts';
import { draftView, draftViews } from './reading.ts';
import { saveDraft } from './save.ts';
import { draftContent } from './testing.ts';

const db = await testDatabase();

async function writtenDraft(subject = 'Lunch') {
  const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
  const made = await createDraft(db, accountId, null);
  const { identityId } = made;
  const content = draftContent(identityId, { subject });
  const { version } = await saveDraft(db, accountId, made.id, made.version, content);
  return { accountId, draftId: made.id, version, content };
}

const file = {
  filename: 'a.txt',
  mediaType: 'text/plain',
  size: 1,
  blobHash: 'a'.repeat(64),
  disposition: 'attachment' as const,
};
const minute = 60_000;

/** As if the draft had been written so long ago. */
async function age(accountId: string, draftId: string, interval: string): Promise<void> {
  await db
    .update(drafts)
    .set({ updatedAt: sql`now() - ${interval}::interval` })
    .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId)));
}

async function rowsOf(accountId: string): Promise<string[]> {
  const rows = await db.select({ id: drafts.id }).from(drafts).where(eq(drafts.accountId, accountId));
  return rows.map(({ id }) => id);
}

describe('a discarded draft', () => {
  it('is gone at once, for reading, listing, saving and attaching', async () => {
    const { accountId, draftId, version, content } = await writtenDraft();
    await discardDraft(db, accountId, draftId);
    expect(await draftView(db, accountId, draftId)).toBeNull();
    expect(await draftViews(db, [accountId])).toEqual([]);
    await expect(saveDraft(db, accountId, draftId, version, content)).rejects.toMatchObject({
      code: 'draft_gone',
    });
    await expect(addDraftAttachment(db, accountId, draftId, file)).rejects.toMatchObject({
      code: 'draft_gone',
    });
  });

  it('comes back as it was, files included, however often either is asked for', async () => {
    const { accountId, draftId, version } = await writtenDraft();
    await addDraftAttachment(db, accountId, draftId, file);
    const before = await draftView(db, accountId, draftId);
    await discardDraft(db, accountId, draftId);
    await discardDraft(db, accountId, draftId);
    const restored = await restoreDraft(db, accountId, draftId);
    expect(await restoreDraft(db, accountId, draftId)).toEqual(restored);
    expect(restored.version).toBeGreaterThan(version);
    const after = await draftView(db, accountId, draftId);
    expect(after).toMatchObject({ ...before, version: restored.version, updatedAt: expect.any(Number) });
    expect(await draftViews(db, [accountId])).toHaveLength(1);
  });

  it('is named as gone to who was away, and not any more when it is back', async () => {
    const { accountId, draftId } = await writtenDraft();
    const since = (await changesSince(db, accountId, 0)).newState;
    await discardDraft(db, accountId, draftId);
    expect(await changesSince(db, accountId, since)).toMatchObject({
      draftIds: [],
      destroyed: [{ kind: 'draft', id: draftId }],
    });
    await restoreDraft(db, accountId, draftId);
    expect(await changesSince(db, accountId, since)).toMatchObject({ draftIds: [draftId], destroyed: [] });
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('can be taken back for an hour, and is forgotten by a sweep after that', async () => {
    const { accountId, draftId } = await writtenDraft();
    await discardDraft(db, accountId, draftId);
    await forgetDrafts(db, new Date(Date.now() + 50 * minute));
    expect(await rowsOf(accountId)).toEqual([draftId]);
    await forgetDrafts(db, new Date(Date.now() + 61 * minute));
    expect(await rowsOf(accountId)).toEqual([]);
    await expect(restoreDraft(db, accountId, draftId)).rejects.toMatchObject({ code: 'draft_gone' });
  });
});

describe('a file that is put on a draft or taken off it', () => {
  it('raises the version, so that every window hears of it and none saves over what it has not seen', async () => {
    const { accountId, draftId, version, content } = await writtenDraft();
    const since = (await changesSince(db, accountId, 0)).newState;
    const added = await addDraftAttachment(db, accountId, draftId, file);
    expect(added.version).toBe(version + 1);
    expect(await changesSince(db, accountId, since)).toMatchObject({ draftIds: [draftId] });
    const seen = await draftView(db, accountId, draftId);
    expect(seen).toMatchObject({ version: version + 1, attachments: [{ id: added.row.id }] });
    const stale = saveDraft(db, accountId, draftId, version, content);
    await expect(stale).rejects.toMatchObject({ code: 'version_conflict' });
    const removed = await removeDraftAttachment(db, accountId, draftId, added.row.id);
    expect(removed).toEqual({ version: version + 2 });
    expect(await removeDraftAttachment(db, accountId, draftId, added.row.id)).toEqual(removed);
    expect((await draftView(db, accountId, draftId))?.attachments).toEqual([]);
  });

  it('may come with others at once: each has a version of its own', async () => {
    const { accountId, draftId, version } = await writtenDraft();
    const three = await Promise.all([1, 2, 3].map(() => addDraftAttachment(db, accountId, draftId, file)));
    expect(three.map((each) => each.version - version).sort()).toEqual([1, 2, 3]);
  });
});

describe('a composer in which nothing was written', () => {
  it('is no draft to be listed, until something is saved or a file attached', async () => {
    const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
    const first = await createDraft(db, accountId, null);
    const second = await createDraft(db, accountId, null);
    await createDraft(db, accountId, null);
    expect(await draftViews(db, [accountId])).toEqual([]);
    const { identityId } = first;
    await saveDraft(db, accountId, first.id, 1, draftContent(identityId, { subject: 'Hello', text: '' }));
    await addDraftAttachment(db, accountId, second.id, file);
    const listed = await draftViews(db, [accountId]);
    expect(listed.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
  });

  it('is forgotten after a week; what was written is not', async () => {
    const { accountId, draftId } = await writtenDraft();
    const untouched = await createDraft(db, accountId, null);
    await age(accountId, draftId, '8 days');
    await age(accountId, untouched.id, '8 days');
    const recent = await createDraft(db, accountId, null);
    await forgetDrafts(db, new Date());
    expect((await rowsOf(accountId)).sort()).toEqual([draftId, recent.id].sort());
  });
});

describe('a message that was taken back', () => {
  it('is a draft to be listed', async () => {
    const { accountId } = await makeAccount(db, { smtpPort: 1, password: 'p' });
    const submissionId = await makeSubmission(db, accountId, new Date());
    const { draftId } = await cancelSubmission(db, accountId, submissionId);
    expect((await draftViews(db, [accountId])).map(({ id }) => id)).toEqual([draftId]);
  });
});
