import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningDemoMail, startDemoMail } from './demo-mail-server.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
let folder: string;
let mail: RunningDemoMail;
const clients: ImapFlow[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-demo-mail-'));
  mail = await startDemoMail({ folder, now: NOW });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await mail.stop();
  rmSync(folder, { recursive: true, force: true });
});

function account(index: number) {
  return mail.accounts[index]!;
}

async function signIn(index = 0): Promise<ImapFlow> {
  const { address, password } = account(index);
  const client = new ImapFlow({
    ...mail.imap,
    secure: false,
    auth: { user: address, pass: password },
    logger: false,
  });
  clients.push(client);
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function send(from: number, message: { to: string; subject: string }) {
  const { address, password } = account(from);
  const transport = nodemailer.createTransport({
    ...mail.smtp,
    secure: false,
    auth: { user: address, pass: password },
  });
  return transport.sendMail({ from: address, text: 'Hello', ...message });
}

/** Everything that has to be the same after a restart. */
async function takeStock(client: ImapFlow) {
  const stock: Record<string, unknown> = {};
  for (const { path } of await client.list()) {
    const lock = await client.getMailboxLock(path);
    try {
      const messages =
        client.mailbox && client.mailbox.exists > 0
          ? await client.fetchAll('1:*', {
              uid: true,
              flags: true,
              internalDate: true,
              size: true,
              source: true,
            })
          : [];
      stock[path] = {
        uidValidity: client.mailbox ? client.mailbox.uidValidity : null,
        uidNext: client.mailbox ? client.mailbox.uidNext : null,
        messages: messages.map(({ uid, flags, internalDate, source }) => [
          uid,
          [...(flags ?? [])].toSorted(),
          internalDate,
          source?.toString('latin1'),
        ]),
      };
    } finally {
      lock.release();
    }
  }
  return stock;
}

describe('the sample mail', () => {
  test.each([0, 1])(
    'account %i has rich mail in every special mailbox, nested and non-ASCII ones too',
    async (index) => {
      const client = await signIn(index);
      const list = await client.list();
      const uses = list.map((mailbox) => mailbox.specialUse).filter(Boolean);
      expect(uses.toSorted()).toEqual(['\\Archive', '\\Drafts', '\\Inbox', '\\Junk', '\\Sent', '\\Trash']);
      expect(list.map((mailbox) => mailbox.path)).toEqual(
        expect.arrayContaining(['Projects/Harbour house', 'Familj/Släktträff']),
      );
      let total = 0;
      for (const { path } of list) {
        const status = await client.status(path, { messages: true });
        total += status ? (status.messages ?? 0) : 0;
      }
      expect(total).toBeGreaterThan(60);
      expect(total).toBeLessThan(140);
    },
  );

  test('every message gives an envelope, a structure that imapflow reads, and each of its parts', async () => {
    const client = await signIn();
    await client.mailboxOpen('INBOX');
    const messages = await client.fetchAll('1:*', { uid: true, envelope: true, bodyStructure: true });
    expect(messages.length).toBeGreaterThan(40);
    for (const { uid, envelope, bodyStructure } of messages) {
      expect(envelope?.subject).toBeTruthy();
      expect(envelope?.messageId).toMatch(/^<.+@.+>$/);
      const part = bodyStructure?.childNodes?.[0]?.part ?? '1';
      expect((await client.fetchOne(uid, { bodyParts: [part] }, { uid: true })) || null).toHaveProperty(
        'bodyParts',
      );
    }
  });

  test('is the same for the same moment', async () => {
    const again = mkdtempSync(join(tmpdir(), 'mailroom-demo-mail-'));
    const twin = await startDemoMail({ folder: again, now: NOW });
    await twin.stop();
    const state = (root: string) => readFileSync(join(root, account(0).address, 'mailboxes.json'), 'utf8');
    expect(state(again)).toBe(state(folder));
    rmSync(again, { recursive: true, force: true });
  });
});

describe('delivery', () => {
  test('a mail sent by one account reaches the other, who is told by IDLE', async () => {
    const client = await signIn(1);
    await client.mailboxOpen('INBOX');
    const told = new Promise((resolve) => client.once('exists', resolve));
    const idling = client.idle();
    await send(0, { to: account(1).address, subject: 'Live' });
    expect(await told).toMatchObject({ path: 'INBOX' });
    await client.noop();
    await idling;
    expect(await client.fetchOne('*', { envelope: true })).toMatchObject({ envelope: { subject: 'Live' } });
  });

  test('a stranger is refused with 550, and a wrong password with 535', async () => {
    await expect(send(0, { to: 'nobody@elsewhere.example', subject: 'x' })).rejects.toMatchObject({
      responseCode: 550,
    });
    const transport = nodemailer.createTransport({
      ...mail.smtp,
      auth: { user: account(0).address, pass: 'guess' },
    });
    await expect(transport.verify()).rejects.toMatchObject({ responseCode: 535 });
    const client = new ImapFlow({
      ...mail.imap,
      secure: false,
      auth: { user: account(0).address, pass: 'guess' },
      logger: false,
    });
    await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true });
  });

  test('accounts do not see each other', async () => {
    const [anna, ben] = [await signIn(0), await signIn(1)];
    await anna.mailboxCreate('Only Anna');
    expect((await ben.list()).map(({ path }) => path)).not.toContain('Only Anna');
  });
});

describe('what a client does', () => {
  test('append, copy and move tell the new UIDs, and flags reach the other session', async () => {
    const [client, other] = [await signIn(), await signIn()];
    const appended = await client.append(
      'Familj/Släktträff',
      'Subject: Added\r\n\r\nText',
      ['\\Seen', '$label1'],
      new Date('2026-01-02T03:04:05Z'),
    );
    await client.mailboxOpen('Familj/Släktträff');
    expect(
      appended && (await client.fetchOne(appended.uid!, { flags: true, internalDate: true }, { uid: true })),
    ).toMatchObject({
      flags: new Set(['\\Seen', '$label1']),
      internalDate: new Date('2026-01-02T03:04:05Z'),
    });
    const uid = appended ? appended.uid! : 0;
    const copied = await client.messageCopy(String(uid), 'Archive', { uid: true });
    expect(copied ? copied.uidMap?.get(uid) : null).toBeGreaterThan(0);
    await other.mailboxOpen('Familj/Släktträff');
    const seen = new Promise((resolve) => other.once('flags', resolve));
    const idling = other.idle();
    await client.messageFlagsAdd(String(uid), ['\\Flagged'], { uid: true });
    expect(await seen).toMatchObject({ flags: new Set(['\\Seen', '$label1', '\\Flagged']) });
    const moved = await client.messageMove(String(uid), 'Trash', { uid: true });
    const movedTo = moved ? moved.uidMap?.get(uid) : null;
    expect(movedTo).toBeGreaterThan(0);
    expect(await client.search({ uid: String(uid) }, { uid: true })).toEqual([]);
    await client.mailboxOpen('Trash');
    expect(await client.search({ header: { subject: 'Added' } }, { uid: true })).toEqual([movedTo]);
    await client.messageDelete(String(movedTo), { uid: true });
    expect(await client.search({ header: { subject: 'Added' } }, { uid: true })).toEqual([]);
    await other.noop();
    await idling;
  });

  test('CHANGEDSINCE brings only what changed', async () => {
    const client = await signIn();
    const mailbox = await client.mailboxOpen('INBOX');
    const since = mailbox.highestModseq!;
    expect(
      await client.fetchAll('1:*', { uid: true, flags: true }, { uid: true, changedSince: since }),
    ).toEqual([]);
    const [uid] = (await client.search({ seen: false }, { uid: true })) || [];
    await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
    const changed = await client.fetchAll(
      '1:*',
      { uid: true, flags: true },
      { uid: true, changedSince: since },
    );
    expect(changed.map((message) => message.uid)).toEqual([uid]);
    expect(changed[0]!.modseq).toBeGreaterThan(since);
  });

  test('a range of a part comes for each message of a fetch', async () => {
    const client = await signIn();
    await client.mailboxOpen('INBOX');
    const starts = await client.fetchAll('1:5', { uid: true, source: { start: 0, maxLength: 20 } });
    expect(starts.map(({ source }) => source?.length)).toEqual([20, 20, 20, 20, 20]);
  });

  test('a mailbox that is not there is named so, and one made again has a new UIDVALIDITY', async () => {
    const client = await signIn();
    await expect(client.mailboxOpen('Nowhere')).rejects.toMatchObject({ serverResponseCode: 'NONEXISTENT' });
    await client.mailboxCreate('Once');
    const first = (await client.mailboxOpen('Once')).uidValidity;
    await client.mailboxClose();
    await client.mailboxDelete('Once');
    await client.mailboxCreate('Once');
    expect((await client.mailboxOpen('Once')).uidValidity).not.toBe(first);
    await client.mailboxClose();
    await client.mailboxRename('Once', 'Twice');
    expect((await client.list()).map(({ path }) => path)).toContain('Twice');
  });
});

test('a restart brings back the same UIDs, flags, dates, bytes and ports', async () => {
  const client = await signIn();
  await send(1, { to: account(0).address, subject: 'Kept' });
  await client.mailboxOpen('INBOX');
  await client.messageFlagsAdd('1:3', ['\\Flagged']);
  await client.messageMove('4', 'Archive');
  await client.mailboxCreate('New one');
  const before = await takeStock(client);
  const ports = [mail.imap.port, mail.smtp.port];
  client.close();
  await mail.stop();
  mail = await startDemoMail({ folder });
  expect([mail.imap.port, mail.smtp.port]).toEqual(ports);
  expect(await takeStock(await signIn())).toEqual(before);
  expect(readdirSync(folder)).toContain(account(0).address);
});

test('two that start at the same moment each find a port', async () => {
  const folders = Array.from({ length: 3 }, () => mkdtempSync(join(tmpdir(), 'mailroom-demo-mail-')));
  const started = await Promise.all(folders.map((each) => startDemoMail({ folder: each, now: NOW })));
  const ports = started.flatMap(({ imap, smtp }) => [imap.port, smtp.port]);
  expect(new Set(ports).size).toBe(6);
  for (const each of started) await each.stop();
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});
