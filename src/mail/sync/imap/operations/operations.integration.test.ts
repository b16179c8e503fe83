import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { and, asc, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type MailboxRole,
  mailboxEmails,
  mailboxes,
  pendingOperations,
  type ServerSettings,
} from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { folderBlobs } from '#platform/blobs.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import { createLog } from '#platform/log.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { actOnEmails, undoAction } from '../../../actions/act.ts';
import { dismissOperations } from '../../../actions/dismiss.ts';
import { operationProblems } from '../../../actions/reading.ts';
import { connectImap } from '../../../imap/connect.ts';
import { createMailbox } from '../../../mailboxes/create-mailbox.ts';
import { deleteMailbox } from '../../../mailboxes/delete-mailbox.ts';
import { emptyMailbox } from '../../../mailboxes/empty-mailbox.ts';
import { moveMailbox, renameMailbox } from '../../../mailboxes/rename-mailbox.ts';
import { subscribeMailbox } from '../../../mailboxes/subscribe.ts';
import type { EmailAction } from '../../../views.ts';
import { newTestMailboxes, receive } from '../../testing.ts';
import { runOperations } from './run.ts';

const db = await testDatabase();

async function connect(user: string): Promise<ImapFlow> {
  const server: ServerSettings = {
    host: '127.0.0.1',
    port: Number(process.env.TEST_IMAP_PORT),
    security: 'none',
    user,
    pinnedFingerprint: null,
  };
  const client = await connectImap({
    server,
    password: process.env.TEST_IMAP_PASSWORD ?? '',
    policy: createAddressPolicy(['127.0.0.0/8']),
    limits: { connectTimeout: 5000, commandTimeout: 10_000 },
    signal: new AbortController().signal,
  });
  afterAll(() => client.close());
  return client;
}

/** An account on the run's Dovecot, its mailboxes and some mails of the inbox known here as a sync leaves them. */
async function account(...subjects: string[]) {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const user = `u${randomUUID()}`;
  const [client, other] = [await connect(user), await connect(user)];
  const ids = new Map<string, string>([['INBOX', inboxId]]);
  await db.update(mailboxes).set({ delimiter: '/' }).where(eq(mailboxes.accountId, accountId));
  const roles: [string, MailboxRole][] = [
    ['Junk', 'junk'],
    ['Archive', 'archive'],
    ['Trash', 'trash'],
  ];
  for (const [name, role] of roles) {
    const id = randomUUID();
    ids.set(name, id);
    await db
      .insert(mailboxes)
      .values({ accountId, id, remoteId: name, name, role, delimiter: '/', state: 0 });
  }
  for (const subject of subjects)
    await other.append('INBOX', `From: a@test.example\r\nSubject: ${subject}\r\n\r\nBody\r\n`);
  const { uidValidity } = await other.mailboxOpen('INBOX', { readOnly: true });
  await receive(
    db,
    { accountId, mailboxId: inboxId },
    subjects.map((subject, index) => ({ uid: index + 1, subject })),
    { uidValidity: Number(uidValidity) },
  );
  const id = (name: string) => ids.get(name) ?? '';
  const locks = new KeyedLock();
  const log = createLog('test', 'silent');
  const parts = {
    ...{ db, accountId, fence: 0, locks, commandTimeout: 10_000, log, onState: () => undefined },
    blobs: folderBlobs(tmpdir()),
  };
  /** Carries out all that waits, each as often as it is tried. */
  const carryOut = async () => {
    for (let round = 0; round < 8; round += 1) {
      await db
        .update(pendingOperations)
        .set({ nextAttemptAt: new Date(0) })
        .where(eq(pendingOperations.accountId, accountId));
      await runOperations(parts, client);
    }
    expect(await checkConsistency(db, accountId)).toEqual([]);
  };
  const copies = (name: string) =>
    db
      .select()
      .from(mailboxEmails)
      .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, id(name))))
      .orderBy(asc(mailboxEmails.uid));
  const act = async (from: string, action: EmailAction, emailIds?: string[]) =>
    actOnEmails(db, {
      accountId,
      mailboxId: id(from),
      threadIds: [],
      emailIds: emailIds ?? (await copies(from)).map(({ emailId }) => emailId),
      action,
    });
  /** The server's word: UID, subject and flags of each message. */
  const onServer = async (path: string) => {
    const found: { uid: number; subject: string; flags: string[] }[] = [];
    const { exists } = await other.mailboxOpen(path, { readOnly: true });
    if (exists > 0) {
      for await (const mail of other.fetch('1:*', { uid: true, envelope: true, flags: true }))
        found.push({
          uid: mail.uid,
          subject: mail.envelope?.subject ?? '',
          flags: [...(mail.flags ?? [])].filter((flag) => flag !== '\\Recent').sort(),
        });
    }
    await other.mailboxClose();
    return found;
  };
  const listed = async () =>
    (await other.list()).map(({ path, subscribed }) => (subscribed ? path : `(${path})`)).sort();
  const own = async () =>
    (await listed()).filter((path) => !/^(INBOX|Drafts|Sent|Archive|Junk|Trash)$/.test(path));
  const problems = async () => (await operationProblems(db, [accountId])).get(accountId) ?? [];
  return { accountId, inboxId, id, other, carryOut, copies, act, onServer, own, problems };
}

describe('mailboxes', () => {
  it('are made, renamed with what lies in them, moved, hidden and deleted on the server, in order', async () => {
    const { accountId, carryOut, own, problems } = await account();
    const work = await createMailbox(db, { accountId, name: 'Büro', parentId: null });
    const may = await createMailbox(db, { accountId, name: '五月', parentId: work.mailboxId });
    await carryOut();
    expect(await own()).toEqual(['Büro', 'Büro/五月']);
    await renameMailbox(db, { accountId, mailboxId: work.mailboxId, name: 'Office' });
    await createMailbox(db, { accountId, name: 'June', parentId: work.mailboxId });
    await renameMailbox(db, { accountId, mailboxId: may.mailboxId, name: 'May' });
    await carryOut();
    expect(await own()).toEqual(['Office', 'Office/June', 'Office/May']);
    await moveMailbox(db, { accountId, mailboxId: may.mailboxId, parentId: null });
    await subscribeMailbox(db, accountId, may.mailboxId, false);
    await carryOut();
    expect(await own()).toEqual(['(May)', 'Office', 'Office/June']);
    await deleteMailbox(db, accountId, work.mailboxId);
    await carryOut();
    expect(await own()).toEqual(['(May)']);
    expect(await problems()).toEqual([]);
  });

  it('get mail that was moved before they were renamed, and after', async () => {
    const { accountId, inboxId, carryOut, copies, act, onServer } = await account('One', 'Two');
    const [one, two] = await copies('INBOX');
    const { mailboxId } = await createMailbox(db, { accountId, name: 'Old', parentId: null });
    await act('INBOX', { kind: 'move', toMailboxId: mailboxId }, [one!.emailId]);
    await renameMailbox(db, { accountId, mailboxId, name: 'New' });
    await act('INBOX', { kind: 'move', toMailboxId: mailboxId }, [two!.emailId]);
    await carryOut();
    expect((await onServer('New')).map(({ subject }) => subject)).toEqual(['One', 'Two']);
    const rows = await db.select().from(mailboxEmails).where(eq(mailboxEmails.accountId, accountId));
    expect(rows.map((row) => [row.mailboxId, row.uid])).toEqual([
      [mailboxId, 1],
      [mailboxId, 2],
    ]);
    expect(inboxId).not.toBe(mailboxId);
  });

  it('that the server will not make are gone again, mail that was put there is back, and both are said', async () => {
    const { accountId, carryOut, copies, act, onServer, own, problems } = await account('One');
    // A Maildir has its own use for a dot: Dovecot refuses it.
    const { mailboxId } = await createMailbox(db, { accountId, name: 'a.b', parentId: null });
    await act('INBOX', { kind: 'move', toMailboxId: mailboxId });
    await carryOut();
    expect(await own()).toEqual([]);
    expect(await copies('INBOX')).toMatchObject([{ uid: 1 }]);
    expect(await onServer('INBOX')).toHaveLength(1);
    expect(await problems()).toMatchObject([
      { kind: 'move', count: 1, subjects: ['One'], mailbox: 'a.b' },
      { kind: 'create_mailbox', mailbox: 'a.b', problem: { code: 'unknown' } },
    ]);
    // Empty by now: the person can take it away, and the server is not asked to delete what it never had.
    await deleteMailbox(db, accountId, mailboxId);
    await carryOut();
    expect(await problems()).toHaveLength(2);
    await dismissOperations(
      db,
      accountId,
      (await problems()).map((problem) => problem.id),
    );
    expect(await problems()).toEqual([]);
  });

  it('that the server will not rename have their names again, here too, and later renames are told', async () => {
    const { accountId, carryOut, own, problems } = await account();
    const work = await createMailbox(db, { accountId, name: 'Work', parentId: null });
    const may = await createMailbox(db, { accountId, name: 'May', parentId: work.mailboxId });
    await carryOut();
    await renameMailbox(db, { accountId, mailboxId: work.mailboxId, name: 'W.k' });
    await renameMailbox(db, { accountId, mailboxId: may.mailboxId, name: 'June' });
    await carryOut();
    expect(await problems()).toMatchObject([{ kind: 'rename_mailbox', mailbox: 'Work' }]);
    expect(await own()).toContain('Work');
    const rows = await db.select().from(mailboxes).where(eq(mailboxes.id, work.mailboxId));
    expect(rows).toMatchObject([{ remoteId: 'Work', name: 'Work', parentId: null }]);
  });

  it('that are gone on the server already are no failure to delete', async () => {
    const { accountId, other, carryOut, own, problems } = await account();
    const { mailboxId } = await createMailbox(db, { accountId, name: 'Work', parentId: null });
    await carryOut();
    await other.mailboxDelete('Work');
    await deleteMailbox(db, accountId, mailboxId);
    await carryOut();
    expect(await own()).toEqual([]);
    expect(await problems()).toEqual([]);
  });
});

describe('a copied mail', () => {
  it('lies in both mailboxes at once, then on the server, with its flags; copying it again does nothing', async () => {
    const { id, carryOut, copies, act, onServer } = await account('One', 'Two');
    await act('INBOX', { kind: 'keyword', keyword: '$flagged', isSet: true });
    const { changed } = await act('INBOX', { kind: 'copy', toMailboxId: id('Archive') });
    expect(changed).toBe(2);
    expect((await copies('Archive')).map(({ uid }) => uid)).toEqual([null, null]);
    await carryOut();
    expect(await onServer('Archive')).toMatchObject([
      { subject: 'One', flags: ['\\Flagged'] },
      { subject: 'Two', flags: ['\\Flagged'] },
    ]);
    const [here, there] = [await copies('INBOX'), await copies('Archive')];
    expect(there.map(({ uid }) => uid)).toEqual((await onServer('Archive')).map(({ uid }) => uid));
    expect(there.map(({ emailId }) => emailId).sort()).toEqual(here.map(({ emailId }) => emailId).sort());
    expect(await act('INBOX', { kind: 'copy', toMailboxId: id('Archive') })).toMatchObject({ changed: 0 });
  });

  it('can be moved on before the server has heard of it, and taken back', async () => {
    const { id, carryOut, act, onServer, problems } = await account('One');
    const { undo } = await act('INBOX', { kind: 'copy', toMailboxId: id('Archive') });
    await act('Archive', { kind: 'move', toMailboxId: id('Trash') });
    await carryOut();
    expect(await onServer('Archive')).toEqual([]);
    expect(await onServer('Trash')).toMatchObject([{ subject: 'One' }]);
    await undoAction(db, undo!);
    await carryOut();
    expect(await onServer('Trash')).toEqual([]);
    expect(await onServer('INBOX')).toMatchObject([{ subject: 'One' }]);
    expect(await problems()).toEqual([]);
  });

  it('is never taken back where it is all that is left of the mail', async () => {
    const { id, carryOut, act, onServer } = await account('One');
    const { undo } = await act('INBOX', { kind: 'copy', toMailboxId: id('Archive') });
    await act('INBOX', { kind: 'moveToRole', role: 'trash' });
    await act('Trash', { kind: 'moveToRole', role: 'trash' });
    await undoAction(db, undo!);
    await carryOut();
    expect(await onServer('Archive')).toMatchObject([{ subject: 'One' }]);
  });
});

describe('junk', () => {
  it('is told to the server before it is moved there, and unsaid on the way out, but not on the way to Trash', async () => {
    const { carryOut, copies, act, onServer } = await account('One');
    await act('INBOX', { kind: 'moveToRole', role: 'junk' });
    await carryOut();
    expect(await onServer('Junk')).toMatchObject([{ flags: ['$Junk'] }]);
    expect(await copies('Junk')).toMatchObject([{ keywords: ['$junk'] }]);
    await act('Junk', { kind: 'moveToRole', role: 'inbox' });
    await carryOut();
    expect(await onServer('INBOX')).toMatchObject([{ flags: ['$NotJunk'] }]);
    expect(await copies('INBOX')).toMatchObject([{ keywords: ['$notjunk'] }]);
    await act('INBOX', { kind: 'moveToRole', role: 'junk' });
    await act('Junk', { kind: 'moveToRole', role: 'trash' });
    await carryOut();
    expect(await onServer('Trash')).toMatchObject([{ flags: ['$Junk'] }]);
  });
});

describe('what cannot be carried out', () => {
  it('is settled and said where the message is gone on the server', async () => {
    const { id, other, carryOut, copies, act, onServer, problems } = await account('Gone', 'Here');
    await other.mailboxOpen('INBOX');
    await other.messageDelete('1', { uid: true });
    await other.mailboxClose();
    await act('INBOX', { kind: 'copy', toMailboxId: id('Trash') });
    await act('INBOX', { kind: 'moveToRole', role: 'archive' });
    await carryOut();
    expect(await onServer('Archive')).toMatchObject([{ subject: 'Here' }]);
    expect(await copies('Archive')).toHaveLength(1);
    expect(await copies('Trash')).toHaveLength(1);
    expect(await problems()).toMatchObject([
      { kind: 'move', count: 1, subjects: ['Gone'], mailbox: 'Archive', problem: { code: 'message_gone' } },
      { kind: 'copy', count: 1, subjects: ['Gone'], mailbox: 'Trash', problem: { code: 'message_gone' } },
    ]);
  });

  it('is said, and not shown, where none of the messages is left, though the server says OK to it', async () => {
    const { accountId, id, other, carryOut, copies, act, onServer, problems } = await account('Gone');
    await other.mailboxOpen('INBOX');
    await other.messageDelete('1', { uid: true });
    await other.mailboxClose();
    await act('INBOX', { kind: 'copy', toMailboxId: id('Trash') });
    await act('INBOX', { kind: 'moveToRole', role: 'archive' });
    await carryOut();
    expect(await onServer('Archive')).toEqual([]);
    expect(await copies('Archive')).toEqual([]);
    expect(await copies('Trash')).toEqual([]);
    expect(await problems()).toMatchObject([
      { kind: 'move', count: 1, subjects: ['Gone'], mailbox: 'Archive', problem: { code: 'message_gone' } },
      { kind: 'copy', count: 1, subjects: ['Gone'], mailbox: 'Trash', problem: { code: 'message_gone' } },
    ]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

describe('an emptied mailbox', () => {
  it('loses what has never come here, and keeps what arrives meanwhile', async () => {
    const { accountId, id, other, carryOut, onServer } = await account();
    const append = (subject: string) => other.append('Trash', `Subject: ${subject}\r\n\r\nBody\r\n`);
    for (const subject of ['Old', 'Older', 'Known']) await append(subject);
    const { uidValidity } = await other.mailboxOpen('Trash', { readOnly: true });
    await other.mailboxClose();
    const cursor = { uidValidity: Number(uidValidity), uidNext: 4, backfillBelow: 3, highestModseq: null };
    await receive(db, { accountId, mailboxId: id('Trash') }, [{ uid: 3, subject: 'Known' }], {
      uidValidity: cursor.uidValidity,
      cursor,
      phase: 'backfill',
    });
    await emptyMailbox(db, accountId, id('Trash'));
    await append('New');
    await carryOut();
    expect((await onServer('Trash')).map(({ subject }) => subject)).toEqual(['New']);
  });
});
