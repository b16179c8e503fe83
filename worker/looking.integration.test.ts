import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { pendingOperations } from '#db/schema.ts';
import { actOnEmails } from '#mail/actions/act.ts';
import { fetchAttachment } from '#mail/sync/imap/fetch-content.ts';
import { lookAtMailboxList } from '#mail/sync/imap/mailbox-list.ts';
import { checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { openMailbox } from '#mail/sync/imap/open-mailbox.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import type { Offer } from '../tests/faults/capability-mask.ts';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import { lookedAt } from './looking-testing.ts';
import { atEnd, otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

function mail(subject: string, extra = `Message-ID: <${randomUUID()}@x>\r\n`): string {
  return `From: a@test.example\r\nSubject: ${subject}\r\n${extra}\r\nText of ${subject}\r\n`;
}

/** A mailbox of Dovecot's that seems to be a server of less, and a client that sees it as it is. */
async function behind(offer: Offer, count: number, limits = {}) {
  const direct = testImapServer(`u${randomUUID()}`);
  const other = await otherClient(direct);
  for (let n = 1; n <= count; n += 1) {
    await other.append('INBOX', mail(`${n}`), [], new Date(Date.UTC(2026, 0, 1, 0, n)));
  }
  await other.mailboxOpen('INBOX');
  const proxy = await startImapProxy(direct.server.port, offer);
  atEnd(() => proxy.stop());
  const commands: string[] = [];
  proxy.onCommand = (name) => {
    commands.push(name);
    return null;
  };
  const imap = { ...direct, server: { ...direct.server, port: proxy.port } };
  return { other, commands, proxy, imap, account: await lookedAt(deps, imap, limits) };
}

it('with the first mails of a mailbox it is known of how many they are', async () => {
  const { account } = await behind('qresync', 12, { newestWindow: 5 });
  await lookAtMailboxList(account.parts, account.client, new KeyedLock());
  await checkMailbox(account.parts, account.client, await account.mailbox('INBOX'));
  expect(await account.mailbox('INBOX')).toMatchObject({ emailCount: 5, remoteCount: 12 });
});

describe.each<Offer>(['qresync', 'condstore', 'plain'])('a server with %s', (offer) => {
  it('tells what is new, changed and gone, deep in a mailbox too', async () => {
    const { other, account, commands } = await behind(offer, 40, { newestWindow: 10, batchMessages: 10 });
    await account.look();
    expect((await account.stored()).map(({ uid }) => uid)).toEqual(
      Array.from({ length: 40 }, (_, n) => n + 1),
    );
    expect(account.sources).toHaveLength(40);
    if (offer !== 'plain') {
      const selects = commands.findIndex((name) => name === 'SELECT' || name === 'EXAMINE');
      expect(commands.indexOf('ENABLE')).toBeGreaterThanOrEqual(0);
      expect(commands.indexOf('ENABLE')).toBeLessThan(selects);
    }
    await other.messageFlagsAdd('2', ['\\Flagged', '$Label'], { uid: true });
    await other.messageDelete('3,20', { uid: true });
    await other.append('INBOX', mail('41'));
    await account.look();
    const rows = await account.stored();
    expect(rows.map(({ uid }) => uid)).toEqual(
      Array.from({ length: 41 }, (_, n) => n + 1).filter((uid) => uid !== 3 && uid !== 20),
    );
    expect(rows.find(({ uid }) => uid === 2)?.keywords).toEqual(['$flagged', '$label']);
    expect(account.sources).toHaveLength(41);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('keeps what a person and another client change in one mail at a time', async () => {
    const { other, account } = await behind(offer, 2);
    await account.look();
    const [first] = await account.stored();
    await actOnEmails(db, {
      accountId: account.accountId,
      mailboxId: null,
      threadIds: [],
      emailIds: [first!.emailId],
      action: { kind: 'keyword', keyword: '$seen', isSet: true },
    });
    await other.messageFlagsAdd('1', ['\\Flagged', '\\Seen'], { uid: true });
    await account.look();
    expect((await account.stored())[0]?.keywords).toEqual(['$flagged', '$seen']);
    await account.carryOut();
    await account.look();
    expect((await account.stored())[0]?.keywords).toEqual(['$flagged', '$seen']);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});

describe.each<Offer>(['qresync', 'condstore', 'plain'])('on a server with %s', (offer) => {
  it.each([true, false])(
    'a mail that is moved here has the flags that another client gave it before (looked at: %s)',
    async (isLookedAt) => {
      const { other, account } = await behind(offer, 1);
      if (isLookedAt) await other.mailboxCreate('New');
      await account.look();
      if (!isLookedAt) {
        await other.mailboxCreate('New');
        await lookAtMailboxList(account.parts, account.client, new KeyedLock());
      }
      const [first] = await account.stored();
      const target = await account.mailbox('New');
      await actOnEmails(db, {
        accountId: account.accountId,
        mailboxId: null,
        threadIds: [],
        emailIds: [first!.emailId],
        action: { kind: 'move', toMailboxId: target.id },
      });
      await other.messageFlagsAdd('1', ['\\Flagged'], { uid: true });
      await account.carryOut();
      await account.look();
      expect((await account.stored('New')).map(({ keywords }) => keywords)).toEqual([['$flagged']]);
      expect(await checkConsistency(db, account.accountId)).toEqual([]);
    },
  );
});

describe('on a server without MOVE', () => {
  it('the same mail of two mailboxes is moved twice, also where an answer between the two was lost', async () => {
    const { other, proxy, imap, account } = await behind('plain', 0);
    const at = new Date(Date.UTC(2026, 0, 1));
    const same = mail('twice');
    await other.mailboxCreate('Target');
    for (const path of ['INBOX', 'Archive']) await other.append(path, same, [], at);
    await account.look();
    const target = await account.mailbox('Target');
    const emailIds = [...(await account.stored()), ...(await account.stored('Archive'))].map(
      ({ emailId }) => emailId,
    );
    await actOnEmails(db, {
      accountId: account.accountId,
      mailboxId: null,
      threadIds: [],
      emailIds,
      action: { kind: 'move', toMailboxId: target.id },
    });
    proxy.onCommand = (name) => (name === 'EXPUNGE' ? 'drop-answer' : null);
    await account.carryOut().catch(() => undefined);
    proxy.onCommand = null;
    const again = await lookedAt(deps, imap, {}, account.accountId);
    await db.update(pendingOperations).set({ nextAttemptAt: new Date(0) });
    await again.carryOut();
    await other.mailboxOpen('Target');
    expect((await other.status('Target', { messages: true })) || {}).toMatchObject({ messages: 2 });
    await again.look();
    expect(await again.stored('Target')).toHaveLength(2);
    expect([...(await again.stored()), ...(await again.stored('Archive'))]).toEqual([]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });
});

describe('a mailbox that is open', () => {
  it('stands where it stood when it was opened, whatever is read in it since', async () => {
    const { other, account } = await behind('condstore', 2);
    const opened = await openMailbox(account.client, 'INBOX', 5000);
    const before = { ...opened };
    await other.messageFlagsAdd('1', ['\\Flagged'], { uid: true });
    await other.append('INBOX', mail('3'));
    await account.client.noop();
    await account.client.fetchAll('1:*', { uid: true, flags: true });
    expect(opened).toEqual(before);
    expect((await openMailbox(account.client, 'INBOX', 5000)).uidNext).toBe(4);
  });
});

describe.each([true, false])('another UIDVALIDITY, with other UIDs: %s', (isRenumbered) => {
  it('costs no body: every mail is recognised', async () => {
    const dovecot = await startDovecot();
    atEnd(() => dovecot.stop());
    const user = `u${randomUUID()}`;
    const imap = {
      server: {
        host: dovecot.host,
        port: dovecot.port,
        security: 'none' as const,
        user,
        pinnedFingerprint: null,
      },
      password: dovecot.password,
    };
    const other = await otherClient(imap);
    for (let n = 1; n <= 70; n += 1) {
      const extra = n % 7 === 0 ? '' : `Message-ID: <${n}@x>\r\n`;
      await other.append('INBOX', mail(`${n}`, extra), [], new Date(Date.UTC(2026, 0, 1, 0, n)));
    }
    const before = await lookedAt(deps, imap, { newestWindow: 10, batchMessages: 20 });
    await before.look();
    const rows = await before.stored();
    expect(rows).toHaveLength(70);
    before.client.close();
    other.close();
    await dovecot.restart(async () => {
      const home = dovecot.home(user);
      const list = `${home}/dovecot-uidlist`;
      const text = readFileSync(list, 'utf8');
      const head = text.slice(0, text.indexOf('\n'));
      writeFileSync(list, isRenumbered ? '3 V4242 N1\n' : text.replace(head, head.replace(/V\d+/, 'V4242')));
      for (const name of readdirSync(home)) if (name.startsWith('dovecot.')) rmSync(`${home}/${name}`);
    });
    const again = await lookedAt(deps, imap, { newestWindow: 10, batchMessages: 20 }, before.accountId);
    await again.look();
    expect(again.sources).toEqual([]);
    const after = await again.stored();
    const identity = (each: typeof rows) =>
      each.map(({ id, emailId, subject }) => `${id} ${emailId} ${subject}`).sort();
    expect(identity(after)).toEqual(identity(rows));
    expect((await again.mailbox('INBOX')).cursor?.uidValidity).toBe(4242);
    expect(await checkConsistency(db, before.accountId)).toEqual([]);
  });
});

describe('one look', () => {
  it('passes over a message that is expunged while it is being fetched', async () => {
    const { other, account } = await behind('qresync', 9, { newestWindow: 4 });
    const fetch = account.client.fetch.bind(account.client);
    // One of the newest, which come in one answer with what is said of them, and one of the older, of which that is known.
    const doomed = ['9', '4'];
    account.client.fetch = async function* (range, query, options) {
      const uid = query.source === undefined ? undefined : doomed.shift();
      if (uid !== undefined) await other.messageDelete(uid, { uid: true });
      for await (const message of fetch(range, query, options)) {
        yield message;
      }
    };
    await account.look();
    expect((await account.stored()).map(({ uid }) => uid)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    await account.look();
    expect((await account.stored()).map(({ uid }) => uid)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('keeps mails of one Message-ID apart, and those without any', async () => {
    const { other, account } = await behind('qresync', 0);
    const at = new Date(Date.UTC(2026, 0, 1));
    for (const extra of ['Message-ID: <same@x>\r\n', 'Message-ID: <same@x>\r\n', '', ''])
      await other.append('INBOX', mail('one of four', extra), [], at);
    await other.append('Archive', mail('one of four', 'Message-ID: <same@x>\r\n'), [], at);
    await account.look();
    expect(await account.stored()).toHaveLength(4);
    expect(await account.stored('Archive')).toHaveLength(1);
    expect(new Set((await account.stored()).map(({ emailId }) => emailId)).size).toBe(4);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it.each([
    ['iso-8859-1', 'Grüße aus Köln, schöne Wärme'],
    ['shift_jis', '会議は明日の午後に変更されました'],
  ])('brings 8-bit %s through, text and attachment alike', async (charset, words) => {
    const { other, account } = await behind('qresync', 0);
    const bytes = iconv.encode(words, charset);
    const source = Buffer.concat([
      Buffer.from(
        `From: a@test.example\r\nSubject: 8 bit\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`,
      ),
      bytes,
      Buffer.from(
        '\r\n--b\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
      ),
      bytes,
      Buffer.from('\r\n--b--\r\n'),
    ]);
    await other.append('INBOX', source);
    await account.look();
    const [row] = await account.stored();
    expect(row?.text?.trim()).toBe(words);
    await fetchAttachment({ ...account.parts, blobs: deps.blobs }, account.client, row!.emailId, 0);
    const { rows } = await db.execute<{ hash: string }>(sql`
      select blob_hash as hash from attachments where account_id = ${account.accountId} and email_id = ${row!.emailId}`);
    expect(await deps.blobs.get(account.accountId, rows[0]!.hash)).toEqual(bytes);
  });
});
