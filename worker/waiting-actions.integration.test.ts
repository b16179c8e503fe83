import { eq, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { pendingOperations } from '#db/schema.ts';
import { createMailbox } from '#mail/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#mail/mailboxes/delete-mailbox.ts';
import { emptyMailbox } from '#mail/mailboxes/empty-mailbox.ts';
import { renameMailbox } from '#mail/mailboxes/rename-mailbox.ts';
import { subscribeMailbox } from '#mail/mailboxes/subscribe.ts';
import { runOperations } from '#mail/sync/imap/operations/run.ts';
import type { EmailAction } from '#mail/views.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import type { Offer } from '../tests/faults/capability-mask.ts';
import { act, behind, deps, mail, makeDue, onServer, problems } from '../tests/worker/waiting-actions.ts';
import { type LookedAt, lookedAt } from './looking-testing.ts';
import { otherClient, until } from './testing.ts';

const { db } = deps;

describe('what another client has only marked as deleted', () => {
  it.each<Offer>(['qresync', 'plain'])(
    'is not expunged with what a person moves and deletes (%s)',
    async (offer) => {
      const { other, account } = await behind(offer, [mail('moved'), mail('deleted'), mail('marked')]);
      const [moved, gone] = await account.stored();
      const target = await account.mailbox('Target');
      await other.mailboxOpen('INBOX');
      await other.messageFlagsAdd('3', ['\\Deleted', '\\Seen'], { uid: true });
      await other.mailboxOpen('Target');
      await act(account, [moved!.emailId], { kind: 'move', toMailboxId: target.id });
      await act(account, [gone!.emailId], { kind: 'moveToRole', role: 'trash' });
      await account.carryOut();
      expect(await onServer(other, 'INBOX')).toEqual({ marked: ['\\Deleted', '\\Seen'] });
      expect(Object.keys(await onServer(other, 'Target'))).toEqual(['moved']);
      expect(Object.keys(await onServer(other, 'Trash'))).toEqual(['deleted']);
      await other.append('Trash', mail('marked too'), ['\\Deleted']);
      await account.look();
      const trash = await account.mailbox('Trash');
      await act(account, [gone!.emailId], { kind: 'moveToRole', role: 'trash' }, trash.id);
      await account.carryOut();
      expect(Object.keys(await onServer(other, 'Trash'))).toEqual(['marked too']);
      expect(await problems(account)).toEqual([]);
      expect(await checkConsistency(db, account.accountId)).toEqual([]);
    },
  );

  it('keeps its mark where the server refuses to expunge', async () => {
    const { other, proxy, account } = await behind('plain', [mail('moved'), mail('marked')]);
    const [moved] = await account.stored();
    const target = await account.mailbox('Target');
    await other.mailboxOpen('INBOX');
    await other.messageFlagsAdd('2', ['\\Deleted'], { uid: true });
    await other.mailboxOpen('Target');
    await act(account, [moved!.emailId], { kind: 'move', toMailboxId: target.id });
    proxy.onCommand = (name) => (name === 'EXPUNGE' ? 'NO' : null);
    await account.carryOut();
    expect(await onServer(other, 'INBOX')).toMatchObject({ marked: ['\\Deleted'] });
  });
});

describe.each<Offer>(['condstore', 'plain'])('a server with %s', (offer) => {
  it('gets the star and the next move that a person gave a mail while its move waited', async () => {
    const { other, account } = await behind(offer, [mail('starred'), mail('without', '')]);
    await other.mailboxCreate('Next');
    await account.look();
    const emailIds = (await account.stored()).map(({ emailId }) => emailId);
    const [target, next] = [await account.mailbox('Target'), await account.mailbox('Next')];
    await act(account, emailIds, { kind: 'move', toMailboxId: target.id });
    await act(account, emailIds, { kind: 'keyword', keyword: '$flagged', isSet: true });
    await act(account, emailIds, { kind: 'move', toMailboxId: next.id });
    await act(account, emailIds, { kind: 'keyword', keyword: '$seen', isSet: true });
    await act(account, emailIds, { kind: 'copy', toMailboxId: target.id });
    await account.carryOut();
    const flags = ['\\Flagged', '\\Seen'];
    expect(await onServer(other, 'INBOX')).toEqual({});
    expect(await onServer(other, 'Next')).toEqual({ starred: flags, without: flags });
    expect(await onServer(other, 'Target')).toEqual({ starred: flags, without: flags });
    await account.look();
    for (const path of ['Next', 'Target']) {
      const stored = await account.stored(path);
      expect(stored.map((copy) => copy.keywords)).toEqual([
        ['$flagged', '$seen'],
        ['$flagged', '$seen'],
      ]);
      expect(stored.map((copy) => copy.emailId).sort()).toEqual(emailIds.toSorted());
    }
    expect(account.sources).toHaveLength(2);
    expect(await problems(account)).toEqual([]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});

describe('a mark of a mail of which nobody has said where it was put', () => {
  /** A starred mail whose place is not known here, nor is it on the server. */
  async function unplaced() {
    const raw = mail('one');
    const found = await behind('plain', [raw]);
    const { account, other } = found;
    const [copy] = await account.stored();
    await act(account, [copy!.emailId], { kind: 'keyword', keyword: '$flagged', isSet: true });
    await db.execute(sql`update mailbox_emails set uid = null, uid_validity = null where id = ${copy!.id}`);
    await other.mailboxOpen('INBOX');
    await other.messageDelete('1:*');
    await other.mailboxClose();
    return { ...found, raw, copy: copy! };
  }
  const waiting = async ({ accountId }: LookedAt) =>
    (await db.select().from(pendingOperations).where(eq(pendingOperations.accountId, accountId))).filter(
      ({ isSettled }) => !isSettled,
    );

  it('waits until the mailbox is read whole, is not counted as refused, and reaches the server then', async () => {
    const { other, account, raw } = await unplaced();
    await db.execute(sql`
      update mailboxes set cursor = jsonb_set(cursor, '{backfillBelow}', '2') where account_id = ${account.accountId}`);
    for (let time = 0; time < 5; time += 1) {
      await makeDue(account);
      await account.carryOut();
    }
    expect(await waiting(account)).toMatchObject([{ attempts: 0, problem: { code: 'not_here_yet' } }]);
    // A server may give it another date.
    await other.append('INBOX', raw, [], new Date(Date.UTC(2026, 5, 5)));
    await makeDue(account);
    await account.carryOut();
    expect(await onServer(other, 'INBOX')).toEqual({ one: ['\\Flagged'] });
    expect(await waiting(account)).toEqual([]);
    expect(await problems(account)).toEqual([]);
  });

  it('is given up, and said, where all of the mailbox is known and the mail is not in it', async () => {
    const { account } = await unplaced();
    await account.carryOut();
    expect(await waiting(account)).toEqual([]);
    expect(await problems(account)).toMatchObject([
      { kind: 'store', count: 1, subjects: ['one'], problem: { code: 'message_gone' } },
    ]);
  });
});

/** Tells who has asked for what. */
class HeardLock extends KeyedLock {
  readonly asked: string[] = [];

  override run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    this.asked.push(...keys);
    return super.run(keys, work);
  }
}

describe('what a person does while their mailbox is being looked at', () => {
  it.each<[string, EmailAction, string]>([
    ['a star', { kind: 'keyword', keyword: '$flagged', isSet: true }, 'UID STORE'],
    ['a word on junk', { kind: 'moveToRole', role: 'junk' }, 'UID STORE'],
    ['a destruction', { kind: 'moveToRole', role: 'trash' }, 'UID EXPUNGE'],
  ])('reaches the server when the look has ended: %s', async (_name, action, command) => {
    const { other, proxy, account } = await behind('qresync', []);
    const { accountId, client } = account;
    await other.append('Trash', mail('one'));
    await account.look();
    const trash = await account.mailbox('Trash');
    const [copy] = await account.stored('Trash');
    await act(account, [copy!.emailId], action, trash.id);
    const commands: string[] = [];
    proxy.onCommand = (name) => {
      commands.push(name);
      return null;
    };
    const [locks, looking] = [new HeardLock(), Promise.withResolvers<void>()];
    const look = locks.run([trash.id], () => looking.promise);
    locks.asked.length = 0;
    const { blobs, log } = deps;
    const parts = { db, accountId, fence: 0, locks, commandTimeout: 5000, blobs, log };
    const carriedOut = runOperations({ ...parts, onState: () => undefined }, client);
    await until(
      async () => locks.asked,
      (asked) => asked.includes(trash.id),
    );
    expect(commands).toEqual([]);
    looking.resolve();
    await Promise.all([look, carriedOut]);
    expect(commands).toContain(command);
  });
});

describe('a mailbox whose UIDVALIDITY changes while actions wait', () => {
  /** Mails A, B and C in `Project`, of which a person moves the first and stars and copies the second; then it is made anew. */
  async function renumbered() {
    const found = await behind('qresync', []);
    const { other, account } = found;
    const raws = ['A', 'B', 'C'].map((subject) => mail(subject));
    const fill = async () => {
      await other.mailboxCreate('Project');
      for (const raw of raws) await other.append('Project', raw, [], new Date(Date.UTC(2026, 8, 1)));
    };
    await fill();
    await account.look();
    const [a, b] = (await account.stored('Project')).map(({ emailId }) => emailId);
    const target = await account.mailbox('Target');
    await act(account, [a!], { kind: 'move', toMailboxId: target.id });
    await act(account, [b!], { kind: 'keyword', keyword: '$flagged', isSet: true });
    await act(account, [b!], { kind: 'copy', toMailboxId: target.id });
    await other.mailboxDelete('Project');
    await fill();
    return { ...found, ids: { a: a!, b: b! } };
  }

  it.each(['before', 'after'])('has them carried out on the same mails %s the next look', async (when) => {
    const { imap, account, ids } = await renumbered();
    if (when === 'after') await account.look();
    await account.carryOut();
    // Dovecot answers one that has seen the mailbox go with an internal error.
    const other = await otherClient(imap);
    expect(await onServer(other, 'Project')).toEqual({ B: ['\\Flagged'], C: [] });
    expect(Object.keys(await onServer(other, 'Target')).sort()).toEqual(['A', 'B']);
    const subjects = async (path: string) =>
      (await account.stored(path)).map(({ subject }) => subject).sort();
    expect(await subjects('Project')).toEqual(['B', 'C']);
    await account.look();
    expect(await subjects('Project')).toEqual(['B', 'C']);
    expect(await subjects('Target')).toEqual(['A', 'B']);
    const moved = (await account.stored('Target')).map(({ emailId }) => emailId);
    expect(moved.sort()).toEqual([ids.a, ids.b].sort());
    const starred = (await account.stored('Project')).find(({ subject }) => subject === 'B');
    expect(starred).toMatchObject({ emailId: ids.b, keywords: ['$flagged'] });
    expect(await problems(account)).toEqual([]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('keeps mail that was to be destroyed or emptied, and the person is told', async () => {
    const { other, account } = await behind('qresync', []);
    const raws = [mail('D'), mail('E')];
    const fill = async () => {
      for (const raw of raws) await other.append('Trash', raw, [], new Date(Date.UTC(2026, 8, 1)));
    };
    await fill();
    await account.look();
    const trash = await account.mailbox('Trash');
    const [copy] = await account.stored('Trash');
    await act(account, [copy!.emailId], { kind: 'moveToRole', role: 'trash' }, trash.id);
    // Older mail of it has not come here yet.
    await db.execute(sql`
      update mailboxes set cursor = jsonb_set(cursor, '{backfillBelow}', '2') where id = ${trash.id}`);
    await emptyMailbox(db, account.accountId, trash.id);
    await other.mailboxDelete('Trash');
    await other.mailboxCreate('Trash');
    await fill();
    await account.carryOut();
    expect(Object.keys(await onServer(other, 'Trash')).sort()).toEqual(['D', 'E']);
    const problem = { code: 'mailbox_renumbered', detail: 'Trash' };
    expect(await problems(account)).toMatchObject([
      { kind: 'empty', mailbox: 'Trash', problem },
      { kind: 'destroy', count: 1, problem },
      { kind: 'destroy', count: 1, problem },
    ]);
    await account.look();
    expect((await account.stored('Trash')).map(({ subject }) => subject).sort()).toEqual(['D', 'E']);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});

describe('a change of the mailboxes whose answer was lost', () => {
  /** Has what waits carried out: the answer to this command is lost, then all is well on a new connection. */
  async function losing(
    { proxy, imap, account }: Awaited<ReturnType<typeof behind>>,
    command: string,
  ): Promise<LookedAt> {
    proxy.onCommand = (name) => (name === command ? 'drop-answer' : null);
    await expect(account.carryOut()).rejects.toThrow();
    proxy.onCommand = null;
    const again = await lookedAt(deps, imap, {}, account.accountId);
    await makeDue(again);
    await again.carryOut();
    await again.look();
    return again;
  }
  const names = async (client: ImapFlow) =>
    (await client.list()).flatMap(({ path, subscribed }) => (subscribed ? [path] : [`(${path})`]));

  it.each(['RENAME', 'SUBSCRIBE', 'UNSUBSCRIBE'])('is a rename that is done (%s)', async (command) => {
    const found = await behind('qresync', []);
    const { other, account } = found;
    await other.mailboxCreate('Old');
    await other.append('Old', mail('in it'));
    await account.look();
    const { id: mailboxId } = await account.mailbox('Old');
    await renameMailbox(db, { accountId: account.accountId, mailboxId, name: 'New' });
    const again = await losing(found, command);
    expect(await names(other)).toContain('New');
    expect((await names(other)).join()).not.toContain('Old');
    expect(await again.mailbox('New')).toMatchObject({ id: mailboxId, isSubscribed: true });
    expect(await again.stored('New')).toHaveLength(1);
    expect(await problems(account)).toEqual([]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it.each(['CREATE', 'SUBSCRIBE'])('is a mailbox that is made (%s)', async (command) => {
    const found = await behind('qresync', []);
    const { other, account } = found;
    const { accountId } = account;
    const { mailboxId } = await createMailbox(db, { accountId, name: 'Made', parentId: null });
    const again = await losing(found, command);
    expect(await names(other)).toContain('Made');
    expect(await again.mailbox('Made')).toMatchObject({ id: mailboxId, isSubscribed: true });
    expect(await problems(account)).toEqual([]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it.each(['DELETE', 'UNSUBSCRIBE'])('is a mailbox that is deleted (%s)', async (command) => {
    const found = await behind('qresync', []);
    const { other, account } = found;
    await other.mailboxCreate('Gone');
    await account.look();
    const { id } = await account.mailbox('Gone');
    await deleteMailbox(db, account.accountId, id);
    await losing(found, command);
    await other.mailboxCreate('Gone/Child');
    // Of its subscription nothing is left either.
    expect((await names(other)).filter((name) => name.includes('Gone'))).toEqual(['(Gone)', 'Gone/Child']);
    expect(await problems(account)).toEqual([]);
  });

  it('is a mailbox that is hidden from other programs, which is said where the server refuses it', async () => {
    const found = await behind('qresync', []);
    const { other, proxy, account } = found;
    const { id } = await account.mailbox('Target');
    await subscribeMailbox(db, account.accountId, id, false);
    const again = await losing(found, 'UNSUBSCRIBE');
    expect(await names(other)).toContain('(Target)');
    expect(await problems(account)).toEqual([]);
    await subscribeMailbox(db, account.accountId, id, true);
    proxy.onCommand = (name) => (name === 'SUBSCRIBE' ? 'NO' : null);
    for (let time = 0; time < 3; time += 1) {
      await makeDue(again);
      await again.carryOut();
    }
    expect(await problems(account)).toMatchObject([
      { kind: 'subscribe', mailbox: 'Target', problem: { code: 'operation_refused' } },
    ]);
  });
});

describe('a mail that is not where a person moved it from', () => {
  it.each<Offer>(['qresync', 'plain'])(
    'was moved by an attempt whose answer was lost (%s)',
    async (offer) => {
      const { other, proxy, imap, account } = await behind(offer, [mail('no id', ''), mail('stays', '')]);
      const [copy] = await account.stored();
      const target = await account.mailbox('Target');
      await act(account, [copy!.emailId], { kind: 'move', toMailboxId: target.id });
      await act(account, [copy!.emailId], { kind: 'keyword', keyword: '$flagged', isSet: true });
      proxy.onCommand = (name) => (name === 'UID MOVE' || name === 'EXPUNGE' ? 'drop-answer' : null);
      await expect(account.carryOut()).rejects.toThrow();
      proxy.onCommand = null;
      const again = await lookedAt(deps, imap, {}, account.accountId);
      await makeDue(again);
      await again.carryOut();
      expect(await onServer(other, 'INBOX')).toEqual({ stays: [] });
      expect(await onServer(other, 'Target')).toEqual({ 'no id': ['\\Flagged'] });
      expect(await again.stored('Target')).toMatchObject([{ id: copy!.id, emailId: copy!.emailId }]);
      await again.look();
      expect(await again.stored('Target')).toMatchObject([{ id: copy!.id, keywords: ['$flagged'] }]);
      expect(await problems(account)).toEqual([]);
      expect(await checkConsistency(db, account.accountId)).toEqual([]);
    },
  );

  it('comes back as itself where another client has moved it elsewhere, and that is said', async () => {
    const { other, account } = await behind('qresync', [mail('elsewhere', '')]);
    const [copy] = await account.stored();
    const target = await account.mailbox('Target');
    await act(account, [copy!.emailId], { kind: 'move', toMailboxId: target.id });
    await other.mailboxCreate('Elsewhere');
    await other.mailboxOpen('INBOX');
    await other.messageMove('1', 'Elsewhere', { uid: true });
    await account.carryOut();
    expect(await account.stored('Target')).toEqual([]);
    expect(await problems(account)).toMatchObject([
      { kind: 'move', count: 1, subjects: ['elsewhere'], problem: { code: 'message_gone' } },
    ]);
    await account.look();
    expect(await account.stored('Elsewhere')).toMatchObject([{ emailId: copy!.emailId, uid: 1 }]);
    expect(account.sources).toHaveLength(1);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('has no mark, which is said', async () => {
    const { other, account } = await behind('plain', [mail('moved away'), mail('stays')]);
    const emailIds = (await account.stored()).map(({ emailId }) => emailId);
    await act(account, emailIds, { kind: 'keyword', keyword: '$flagged', isSet: true });
    await other.mailboxCreate('Elsewhere');
    await other.mailboxOpen('INBOX');
    await other.messageMove('1', 'Elsewhere', { uid: true });
    await account.carryOut();
    expect(await onServer(other, 'INBOX')).toEqual({ stays: ['\\Flagged'] });
    expect(await problems(account)).toMatchObject([
      { kind: 'store', count: 1, subjects: ['moved away'], problem: { code: 'message_gone' } },
    ]);
    await account.look();
    expect(await account.stored('Elsewhere')).toMatchObject([{ subject: 'moved away', keywords: [] }]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});
