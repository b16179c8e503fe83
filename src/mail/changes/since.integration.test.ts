import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { accounts } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { actOnEmails } from '../actions/act.ts';
import { createDraft } from '../drafts/create.ts';
import { discardDraft } from '../drafts/discard.ts';
import { saveDraft } from '../drafts/save.ts';
import { draftContent } from '../drafts/testing.ts';
import { listEmails } from '../emails/list.ts';
import { cancelSubmission } from '../outbox/cancel.ts';
import { submitDraft } from '../outbox/submit.ts';
import { atOnce } from '../outbox/testing.ts';
import { newTestMailboxes, receive } from '../sync/testing.ts';
import { threadView } from '../threads/reading.ts';
import { changesSince } from './since.ts';

const db = await testDatabase();

it('a reader that follows the changes of many writers ends with what a fresh reader sees', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const threads = new Map<string, string>();
  let state = 0;
  let isWriting = true;
  const states: number[] = [];

  async function follow(): Promise<void> {
    const changes = await changesSince(db, accountId, state);
    expect(changes.cannotCalculateChanges).toBe(false);
    expect(changes.newState).toBeGreaterThanOrEqual(state);
    for (const id of changes.threadIds) {
      const view = await threadView(db, accountId, id);
      // What changed again meanwhile comes with the next call.
      if (view !== null) threads.set(id, view.emails.map((email) => `${email.id} ${email.isSeen}`).join());
    }
    for (const { kind, id } of changes.destroyed) if (kind === 'thread') threads.delete(id);
    state = changes.newState;
    states.push(state);
  }
  const reader = (async () => {
    while (isWriting) await follow();
  })();

  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let round = 0; round < 12; round += 1) {
      const uid = writer * 100 + round + 1;
      await receive(db, { accountId, mailboxId: inboxId }, [
        { uid, messageId: `${uid}@x`, references: round % 3 === 0 ? [] : [`${uid - 1}@x`] },
      ]);
      const { rows } = await listEmails(db, {
        accountIds: [accountId],
        mailboxId: inboxId,
        role: null,
        list: 'conversations',
        cursor: null,
        limit: 5,
      });
      const row = rows[round % rows.length]!;
      const action =
        round % 4 === 3
          ? ({ kind: 'moveToRole', role: 'archive' } as const)
          : ({ kind: 'keyword', keyword: '$seen', isSet: round % 2 === 0 } as const);
      await actOnEmails(db, {
        accountId,
        mailboxId: inboxId,
        threadIds: [row.threadId],
        emailIds: [],
        action,
      });
    }
  });
  await Promise.all(writers);
  isWriting = false;
  await reader;
  await follow();
  await follow();

  const fresh = await changesSince(db, accountId, 0);
  expect(state).toBe(fresh.newState);
  expect(states.toSorted((one, other) => one - other)).toEqual(states);
  for (const id of fresh.threadIds) {
    const view = await threadView(db, accountId, id);
    if (view?.id !== id) continue;
    expect(threads.get(id)).toBe(view.emails.map((email) => `${email.id} ${email.isSeen}`).join());
  }
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a state that is too old, or from the future, cannot be calculated from', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }, { uid: 2 }]);
  const { newState } = await changesSince(db, accountId, 0);
  await db.update(accounts).set({ oldestState: newState }).where(eq(accounts.id, accountId));
  expect((await changesSince(db, accountId, newState - 1)).cannotCalculateChanges).toBe(true);
  expect((await changesSince(db, accountId, newState)).cannotCalculateChanges).toBe(false);
  expect((await changesSince(db, accountId, newState + 1)).cannotCalculateChanges).toBe(true);
});

it('a merged conversation is found under its old id', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const place = { accountId, mailboxId: inboxId };
  await receive(db, place, [{ uid: 1, messageId: 'one@x' }]);
  await receive(db, place, [{ uid: 2, messageId: 'two@x', subject: 'Other' }]);
  const list = () =>
    listEmails(db, {
      accountIds: [accountId],
      mailboxId: inboxId,
      role: null,
      list: 'conversations',
      cursor: null,
      limit: 9,
    });
  const before = (await list()).rows.map((row) => row.threadId);
  expect(before).toHaveLength(2);
  await receive(db, place, [{ uid: 3, messageId: 'three@x', references: ['one@x', 'two@x'] }]);
  const after = (await list()).rows;
  expect(after).toMatchObject([{ count: 3 }]);
  for (const id of before) {
    const view = await threadView(db, accountId, id);
    expect(view?.id).toBe(after[0]!.threadId);
    expect(view?.emails).toHaveLength(3);
  }
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a draft is named when it is made, changed, discarded, sent and taken back', async () => {
  const { accountId } = await newTestMailboxes(db);
  let seen = 0;
  const news = async () => {
    const { draftIds, destroyed, newState } = await changesSince(db, accountId, seen);
    seen = newState;
    return { draftIds, gone: destroyed.flatMap(({ kind, id }) => (kind === 'draft' ? [id] : [])) };
  };
  const draft = await createDraft(db, accountId, null);
  const other = await createDraft(db, accountId, null);
  expect((await news()).draftIds.sort()).toEqual([draft.id, other.id].sort());
  const to = [{ name: '', address: 'bob@example.net' }];
  const { version } = await saveDraft(db, accountId, draft.id, 1, draftContent(draft.identityId, { to }));
  expect(await news()).toEqual({ draftIds: [draft.id], gone: [] });
  await discardDraft(db, accountId, other.id);
  expect(await news()).toEqual({ draftIds: [], gone: [other.id] });
  const before = seen;
  const { id } = await submitDraft(
    { db, now: new Date(), attachmentBytes: () => Promise.reject(new Error('There are none.')) },
    { accountId, draftId: draft.id, version, idempotencyKey: 'once only', ...atOnce },
  );
  expect(await news()).toEqual({ draftIds: [], gone: [draft.id] });
  await cancelSubmission(db, accountId, id);
  expect(await news()).toEqual({ draftIds: [draft.id], gone: [] });
  seen = before;
  expect(await news()).toEqual({ draftIds: [draft.id], gone: [] });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
