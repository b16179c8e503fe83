import { randomUUID } from 'node:crypto';
import { and, asc, eq } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { mailboxEmails, mailboxes, mailboxThreads, pendingOperations, tombstones } from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { undoAction } from '../actions/act.ts';
import { mailboxesWithPendingOperations, nameOnServer } from '../sync/pending-mailboxes.ts';
import { newTestMailboxes, receive } from '../sync/testing.ts';
import { createMailbox } from './create-mailbox.ts';
import { deleteMailbox } from './delete-mailbox.ts';
import { emptyMailbox } from './empty-mailbox.ts';
import { markMailboxRead } from './mark-read.ts';
import { moveMailbox, renameMailbox } from './rename-mailbox.ts';
import { setMailboxRole } from './set-role.ts';
import { subscribeMailbox } from './subscribe.ts';

const db = await testDatabase();
const accountsSeen: string[] = [];
afterEach(async () => {
  for (const accountId of accountsSeen.splice(0)) expect(await checkConsistency(db, accountId)).toEqual([]);
});

/** An account whose server knows hierarchy, with mailboxes beside the inbox as `remoteId`s, parents first. */
async function account(...remoteIds: string[]) {
  const made = await newTestMailboxes(db);
  const { accountId } = made;
  accountsSeen.push(accountId);
  const ids: Record<string, string> = { INBOX: made.inboxId, Sent: made.sentId };
  for (const remoteId of remoteIds) {
    const at = remoteId.lastIndexOf('/');
    const id = randomUUID();
    await db.insert(mailboxes).values({
      accountId,
      id,
      remoteId,
      name: remoteId.slice(at + 1),
      parentId: ids[remoteId.slice(0, Math.max(at, 0))] ?? null,
      state: 0,
    });
    ids[remoteId] = id;
  }
  await db.update(mailboxes).set({ delimiter: '/' }).where(eq(mailboxes.accountId, accountId));
  const rows = () =>
    db.select().from(mailboxes).where(eq(mailboxes.accountId, accountId)).orderBy(asc(mailboxes.remoteId));
  const row = async (remoteId: string) => (await rows()).find((each) => each.remoteId === remoteId);
  const operations = async () =>
    (
      await db
        .select({ operation: pendingOperations.operation })
        .from(pendingOperations)
        .where(eq(pendingOperations.accountId, accountId))
        .orderBy(asc(pendingOperations.sequence))
    ).map(({ operation }) => operation);
  const names = async () => (await rows()).map(({ remoteId }) => remoteId);
  const held = () => mailboxesWithPendingOperations(db, accountId);
  return { ...made, ids, rows, row, operations, names, held };
}

describe('a new mailbox', () => {
  it('is here at once, nested and in any script, and is to be made on the server', async () => {
    const { accountId, ids, row, operations, held } = await account('Work');
    const top = await createMailbox(db, { accountId, name: ' Überweisungen ', parentId: null });
    const nested = await createMailbox(db, { accountId, name: '請求書', parentId: ids.Work ?? null });
    expect(await row('Überweisungen')).toMatchObject({ id: top.mailboxId, name: 'Überweisungen' });
    expect(await row('Work/請求書')).toMatchObject({
      id: nested.mailboxId,
      name: '請求書',
      parentId: ids.Work,
      state: nested.state,
    });
    expect(await operations()).toEqual([
      { kind: 'create_mailbox', mailboxId: top.mailboxId },
      { kind: 'create_mailbox', mailboxId: nested.mailboxId },
    ]);
    expect(await held()).toEqual(new Set(['Überweisungen', 'Work/請求書']));
  });

  it('takes no name that is taken, nor the inbox’s in any case', async () => {
    const { accountId, names, operations } = await account('Work');
    const before = await names();
    for (const name of ['Work', 'iNbOx', 'INBOX'])
      await expect(createMailbox(db, { accountId, name, parentId: null })).rejects.toMatchObject({
        code: 'mailbox_exists',
      });
    await expect(createMailbox(db, { accountId, name: 'a/b', parentId: null })).rejects.toMatchObject({
      code: 'mailbox_name_invalid',
    });
    expect(await names()).toEqual(before);
    expect(await operations()).toEqual([]);
  });

  it('is not put into another where the server keeps none there', async () => {
    const { accountId, inboxId } = await newTestMailboxes(db);
    await expect(createMailbox(db, { accountId, name: 'In', parentId: inboxId })).rejects.toMatchObject({
      code: 'mailbox_no_nesting',
    });
  });
});

describe('a renamed mailbox', () => {
  it('keeps its id and its mail, and takes along what lies in it', async () => {
    const { accountId, ids, rows, row, operations, held } = await account(
      'Work',
      'Work/May',
      'Work/May/1',
      'Workshop',
    );
    const before = new Map((await rows()).map(({ id, remoteId }) => [id, remoteId]));
    const { state } = await renameMailbox(db, { accountId, mailboxId: ids.Work ?? '', name: 'Büro' });
    expect((await rows()).map(({ id, remoteId }) => [before.get(id), remoteId]).sort()).toEqual([
      ['INBOX', 'INBOX'],
      ['Sent', 'Sent'],
      ['Work', 'Büro'],
      ['Work/May', 'Büro/May'],
      ['Work/May/1', 'Büro/May/1'],
      ['Workshop', 'Workshop'],
    ]);
    expect(await row('Büro')).toMatchObject({ name: 'Büro', parentId: null, state });
    expect(await row('Büro/May')).toMatchObject({ name: 'May', parentId: ids.Work, state });
    expect(await operations()).toEqual([
      { kind: 'rename_mailbox', mailboxId: ids.Work, from: 'Work', to: 'Büro', delimiter: '/' },
    ]);
    expect(await held()).toEqual(
      new Set(['Work', 'Büro', 'Work/May', 'Büro/May', 'Work/May/1', 'Büro/May/1']),
    );
    expect(await nameOnServer(db, accountId, 'Büro/May/1')).toBe('Work/May/1');
    expect(await nameOnServer(db, accountId, 'Workshop')).toBe('Workshop');
  });

  it('is found on the server through several renames that wait', async () => {
    const { accountId, ids } = await account('A', 'A/x');
    await renameMailbox(db, { accountId, mailboxId: ids.A ?? '', name: 'B' });
    await renameMailbox(db, { accountId, mailboxId: ids['A/x'] ?? '', name: 'y' });
    await renameMailbox(db, { accountId, mailboxId: ids.A ?? '', name: 'C' });
    expect(await nameOnServer(db, accountId, 'C/y')).toBe('A/x');
    expect(await nameOnServer(db, accountId, 'C')).toBe('A');
  });

  it('can be put into another mailbox and back to the top, but not into itself', async () => {
    const { accountId, ids, names, row } = await account('Old', 'Work', 'Work/May');
    const [work, old, may] = [ids.Work ?? '', ids.Old ?? '', ids['Work/May'] ?? ''];
    await moveMailbox(db, { accountId, mailboxId: work, parentId: old });
    expect(await names()).toEqual(['INBOX', 'Old', 'Old/Work', 'Old/Work/May', 'Sent']);
    expect((await row('Old/Work'))?.parentId).toBe(old);
    for (const parentId of [work, may])
      await expect(moveMailbox(db, { accountId, mailboxId: work, parentId })).rejects.toMatchObject({
        code: 'mailbox_within_itself',
      });
    await moveMailbox(db, { accountId, mailboxId: work, parentId: null });
    expect(await names()).toEqual(['INBOX', 'Old', 'Sent', 'Work', 'Work/May']);
  });

  it('is never the inbox', async () => {
    const { accountId, inboxId } = await account();
    const isFixed = { code: 'mailbox_is_fixed' };
    await expect(renameMailbox(db, { accountId, mailboxId: inboxId, name: 'x' })).rejects.toMatchObject(
      isFixed,
    );
    await expect(moveMailbox(db, { accountId, mailboxId: inboxId, parentId: null })).rejects.toMatchObject(
      isFixed,
    );
    await expect(deleteMailbox(db, accountId, inboxId)).rejects.toMatchObject(isFixed);
    await expect(setMailboxRole(db, accountId, inboxId, 'archive')).rejects.toMatchObject(isFixed);
  });
});

describe('a deleted mailbox', () => {
  it('is gone with its mail and what lies in it, and the deepest goes first on the server', async () => {
    const { accountId, inboxId, ids, names, operations, held } = await account('Work', 'Work/May', 'Keep');
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }]);
    await receive(db, { accountId, mailboxId: ids.Work ?? '' }, [{ uid: 1 }, { uid: 2 }]);
    await receive(db, { accountId, mailboxId: ids['Work/May'] ?? '' }, [{ uid: 1 }]);
    const { removed, state } = await deleteMailbox(db, accountId, ids.Work ?? '');
    expect(removed).toBe(3);
    expect(await names()).toEqual(['INBOX', 'Keep', 'Sent']);
    expect(await operations()).toEqual([
      { kind: 'delete_mailbox', remoteId: 'Work/May' },
      { kind: 'delete_mailbox', remoteId: 'Work' },
    ]);
    expect(await held()).toEqual(new Set(['Work', 'Work/May']));
    const left = await db.select().from(mailboxEmails).where(eq(mailboxEmails.accountId, accountId));
    expect(left.map(({ mailboxId }) => mailboxId)).toEqual([inboxId]);
    const buried = await db
      .select({ id: tombstones.id })
      .from(tombstones)
      .where(
        and(eq(tombstones.accountId, accountId), eq(tombstones.kind, 'mailbox'), eq(tombstones.state, state)),
      );
    expect(buried.map(({ id }) => id).sort()).toEqual([ids.Work, ids['Work/May']].sort());
  });
});

describe('a role by hand', () => {
  it('has one holder, and whoever had it loses it for good', async () => {
    const { accountId, ids, row } = await account('Archive', 'Ablage');
    await db
      .update(mailboxes)
      .set({ role: 'archive' })
      .where(eq(mailboxes.id, ids.Archive ?? ''));
    await setMailboxRole(db, accountId, ids.Ablage ?? '', 'archive');
    expect(await row('Ablage')).toMatchObject({ role: 'archive', isRoleByHand: true });
    expect(await row('Archive')).toMatchObject({ role: null, isRoleByHand: true });
    await setMailboxRole(db, accountId, ids.Ablage ?? '', null);
    expect(await row('Ablage')).toMatchObject({ role: null, isRoleByHand: true });
  });
});

describe('a hidden mailbox', () => {
  it('is one without a subscription; saying it twice tells the server once', async () => {
    const { accountId, ids, row, operations } = await account('Lists');
    const mailboxId = ids.Lists ?? '';
    await subscribeMailbox(db, accountId, mailboxId, false);
    await subscribeMailbox(db, accountId, mailboxId, false);
    expect((await row('Lists'))?.isSubscribed).toBe(false);
    expect(await operations()).toEqual([{ kind: 'subscribe', mailboxId, isSubscribed: false }]);
  });
});

describe('all of a mailbox', () => {
  const many = Array.from({ length: 501 }, (_, index) => ({ uid: index + 1 }));

  it('is marked as read, more than one batch of it, and can be taken back', async () => {
    const { accountId, inboxId, row } = await account();
    await receive(db, { accountId, mailboxId: inboxId }, [...many, { uid: 600, keywords: ['$seen'] }]);
    const { changed, undo } = await markMailboxRead(db, accountId, inboxId);
    expect(changed).toBe(501);
    expect(await row('INBOX')).toMatchObject({ emailCount: 502, unreadCount: 0 });
    expect(undo?.keywords).toHaveLength(501);
    if (undo !== null) await undoAction(db, undo);
    expect(await row('INBOX')).toMatchObject({ emailCount: 502, unreadCount: 501 });
    await markMailboxRead(db, accountId, inboxId);
    expect(await markMailboxRead(db, accountId, inboxId)).toMatchObject({ changed: 0, undo: null });
  });

  it('is removed for good from Trash and Junk alone, older mail that is not here yet too', async () => {
    const { accountId, inboxId, ids, row, operations } = await account('Trash');
    const mailboxId = ids.Trash ?? '';
    await receive(db, { accountId, mailboxId }, many, {
      cursor: { uidValidity: 1, uidNext: 502, backfillBelow: 40, highestModseq: null },
      phase: 'backfill',
    });
    await expect(emptyMailbox(db, accountId, mailboxId)).rejects.toMatchObject({
      code: 'mailbox_not_emptiable',
    });
    await db.update(mailboxes).set({ role: 'trash' }).where(eq(mailboxes.id, mailboxId));
    expect(await emptyMailbox(db, accountId, mailboxId)).toMatchObject({ removed: 501 });
    expect(await row('Trash')).toMatchObject({ emailCount: 0, unreadCount: 0 });
    const lists = await db.select().from(mailboxThreads).where(eq(mailboxThreads.accountId, accountId));
    expect(lists).toEqual([]);
    const told = await operations();
    expect(told.map(({ kind }) => kind)).toEqual(['destroy', 'destroy', 'empty']);
    expect(told.at(-1)).toEqual({ kind: 'empty', mailboxId, uidValidity: 1, belowUid: 40 });
    await expect(emptyMailbox(db, accountId, inboxId)).rejects.toMatchObject({
      code: 'mailbox_not_emptiable',
    });
  });
});
