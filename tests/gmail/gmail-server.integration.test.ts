import { once } from 'node:events';
import { connect } from 'node:net';
import { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gmail, type GmailMessageView, startGmail } from './gmail-server.ts';

const login = { user: 'ada@gmail.example', password: 'app password' };
const all = '[Gmail]/All Mail';
const trash = '[Gmail]/Trash';

let gmail: Gmail;
const clients: ImapFlow[] = [];

beforeEach(async () => {
  gmail = await startGmail(login);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await gmail.stop();
});

async function signIn(password = login.password): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: gmail.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: login.user, pass: password },
    logger: false,
    disableAutoIdle: true,
  });
  client.on('error', () => undefined);
  clients.push(client);
  await client.connect();
  return client;
}

let count = 0;
function mail(subject: string, headers: readonly string[] = []): string {
  count += 1;
  const lines = [
    'From: Bo <bo@people.example>',
    `To: <${login.user}>`,
    `Subject: ${subject}`,
    ...(headers.some((header) => header.startsWith('Message-ID'))
      ? []
      : [`Message-ID: <${count}@people.example>`]),
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\nWords of ${subject}.\r\n`;
}

/** Where a message is now. */
function placesOf({ id }: GmailMessageView): string[] {
  const message = gmail.messages().find((each) => each.id === id);
  return [...(message?.places.keys() ?? [])].toSorted();
}

async function uidIn(client: ImapFlow, path: string, { id }: GmailMessageView): Promise<string> {
  await client.mailboxOpen(path);
  const found = await client.search({ emailId: id }, { uid: true });
  if (found === false || found === undefined || found[0] === undefined)
    throw new Error(`${id} is not in ${path}`);
  return String(found[0]);
}

describe('signing in', () => {
  it('takes the password and no other', async () => {
    await expect(signIn('wrong')).rejects.toMatchObject({ authenticationFailed: true });
    const client = await signIn();
    expect(client.capabilities.has('X-GM-EXT-1')).toBe(true);
    expect(client.capabilities.has('QRESYNC')).toBe(false);
    expect([...client.enabled].toSorted()).toEqual(['CONDSTORE', 'UTF8=ACCEPT']);
    expect(client.serverInfo).toMatchObject({ name: 'GImap' });
  });

  it('says to a client without UTF-8 names in modified UTF-7', async () => {
    gmail.createLabel('Büro & Läden');
    const socket = connect(gmail.port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('a1 OK') && !said.includes('a2 OK')) socket.write('a2 LIST "" "B*"\r\n');
      if (said.includes('a2 OK')) socket.destroy();
    });
    socket.write(`a1 LOGIN {${login.user.length}}\r\n`);
    socket.write(`${login.user} "${login.password}"\r\n`);
    await once(socket, 'close');
    expect(said).toContain('* LIST (\\HasNoChildren \\Subscribed) "/" "B&APw-ro &- L&AOQ-den"');
  });
});

describe('labels', () => {
  it('are listed as mailboxes with their use and their STATUS', async () => {
    for (const path of ['Kunden', 'Kunden/Zürich', 'projects/2026/会議']) gmail.createLabel(path);
    gmail.deliver(mail('one'), ['INBOX', 'Kunden/Zürich']);
    const client = await signIn();
    const listed = await client.list({ statusQuery: { messages: true, unseen: true, highestModseq: true } });
    expect(Object.fromEntries(listed.map(({ path, specialUse }) => [path, specialUse ?? null]))).toEqual({
      INBOX: '\\Inbox',
      '[Gmail]': null,
      '[Gmail]/All Mail': '\\All',
      '[Gmail]/Drafts': '\\Drafts',
      '[Gmail]/Important': null,
      '[Gmail]/Sent Mail': '\\Sent',
      '[Gmail]/Spam': '\\Junk',
      '[Gmail]/Starred': '\\Flagged',
      '[Gmail]/Trash': '\\Trash',
      Kunden: null,
      'Kunden/Zürich': null,
      projects: null,
      'projects/2026': null,
      'projects/2026/会議': null,
    });
    const noselect = listed.filter(({ flags }) => flags.has('\\Noselect')).map(({ path }) => path);
    expect(noselect.toSorted()).toEqual(['[Gmail]', 'projects', 'projects/2026']);
    // imapflow knows no use of this kind; the server says it all the same.
    expect(listed.find(({ path }) => path === '[Gmail]/Important')?.flags.has('\\Important')).toBe(true);
    const city = listed.find(({ path }) => path === 'Kunden/Zürich');
    expect(city?.status).toMatchObject({ messages: 1, unseen: 1 });
    expect(city?.subscribed).toBe(true);
  });

  it('are made, renamed with what lies below, and deleted from either side of nothing but themselves', async () => {
    const client = await signIn();
    await client.mailboxCreate('Büro/Rechnungen');
    const message = gmail.deliver(mail('bill'), ['Büro/Rechnungen']);
    await client.mailboxRename('Büro/Rechnungen', 'Büro/Bezahlt');
    expect(placesOf(message)).toEqual(['Büro/Bezahlt', all]);
    await client.mailboxDelete('Büro/Bezahlt');
    expect(placesOf(message)).toEqual([all]);
    await expect(client.mailboxDelete(trash)).rejects.toThrow();
  });

  it('put one message into many mailboxes, with a UID of its own in each', async () => {
    gmail.createLabel('Büro');
    gmail.deliver(mail('first'));
    gmail.deliver(mail('second'), []);
    const message = gmail.deliver(mail('third'), ['INBOX', 'Büro', '[Gmail]/Important']);
    const client = await signIn();
    const seen: Record<string, unknown> = {};
    for (const path of ['INBOX', 'Büro', all]) {
      const uid = await uidIn(client, path, message);
      const fetched = await client.fetchOne(
        uid,
        { threadId: true, labels: true, source: true },
        { uid: true },
      );
      if (fetched === false || fetched === undefined) throw new Error('Nothing came.');
      expect(fetched.emailId).toBe(message.id);
      expect(fetched.threadId).toBe(message.threadId);
      expect(fetched.source?.equals(message.raw)).toBe(true);
      seen[path] = [uid, [...(fetched.labels ?? [])].toSorted()];
    }
    expect(seen).toEqual({
      INBOX: ['2', ['Büro', '\\Important']],
      Büro: ['1', ['\\Important', '\\Inbox']],
      [all]: ['3', ['Büro', '\\Important', '\\Inbox']],
    });
  });

  it('are added and taken away by STORE', async () => {
    gmail.createLabel('Büro');
    const message = gmail.deliver(mail('one'));
    const client = await signIn();
    const uid = await uidIn(client, all, message);
    await client.messageFlagsAdd(uid, ['Büro'], { uid: true, useLabels: true });
    expect(placesOf(message)).toEqual(['Büro', 'INBOX', all]);
    await client.messageFlagsRemove(uid, ['\\Inbox'], { uid: true, useLabels: true });
    expect(placesOf(message)).toEqual(['Büro', all]);
  });
});

describe('moving and deleting', () => {
  it('archives what leaves the inbox', async () => {
    const [moved, deleted] = [gmail.deliver(mail('moved')), gmail.deliver(mail('deleted'))];
    const client = await signIn();
    await client.messageMove(await uidIn(client, 'INBOX', moved), all, { uid: true });
    await client.messageDelete(await uidIn(client, 'INBOX', deleted), { uid: true });
    expect([placesOf(moved), placesOf(deleted)]).toEqual([[all], [all]]);
  });

  it('names the new UID of what is moved, and the old one of what was there', async () => {
    gmail.createLabel('Büro');
    const message = gmail.deliver(mail('one'));
    const client = await signIn();
    const uid = await uidIn(client, 'INBOX', message);
    const copied = await client.messageCopy(uid, 'Büro', { uid: true });
    expect(copied).toMatchObject({ uidMap: new Map([[1, 1]]) });
    const again = await client.messageCopy(uid, 'Büro', { uid: true });
    expect(again).toMatchObject({ uidMap: new Map([[1, 1]]) });
    expect(placesOf(message)).toEqual(['Büro', 'INBOX', all]);
    const moved = await client.messageMove(uid, 'Büro', { uid: true });
    expect(moved).toMatchObject({ uidMap: new Map([[1, 1]]) });
    expect(placesOf(message)).toEqual(['Büro', all]);
  });

  it('takes every label from what goes to Trash, brings it back, and forgets what is deleted there', async () => {
    gmail.createLabel('Büro');
    const message = gmail.deliver(mail('one'), ['INBOX', 'Büro']);
    const client = await signIn();
    await client.messageMove(await uidIn(client, 'Büro', message), trash, { uid: true });
    expect(placesOf(message)).toEqual([trash]);
    await client.messageMove(await uidIn(client, trash, message), 'INBOX', { uid: true });
    expect(placesOf(message)).toEqual(['INBOX', all]);
    await client.messageMove(await uidIn(client, 'INBOX', message), '[Gmail]/Spam', { uid: true });
    expect(placesOf(message)).toEqual(['[Gmail]/Spam']);
    await client.messageMove(await uidIn(client, '[Gmail]/Spam', message), trash, { uid: true });
    await client.messageDelete(await uidIn(client, trash, message), { uid: true });
    expect(gmail.messages()).toEqual([]);
  });

  it('keeps in All Mail what is deleted there, and lets nobody write where a mailbox was opened to be read', async () => {
    const message = gmail.deliver(mail('one'));
    const client = await signIn();
    await client.messageDelete(await uidIn(client, all, message), { uid: true });
    expect(placesOf(message)).toEqual(['INBOX', all]);
    await client.mailboxOpen('INBOX', { readOnly: true });
    expect(await client.messageMove('1', trash, { uid: true })).toBe(false);
    expect(placesOf(message)).toEqual(['INBOX', all]);
  });

  it('shows a star as a flag everywhere and as a mailbox', async () => {
    const message = gmail.deliver(mail('one'));
    const client = await signIn();
    const uid = await uidIn(client, 'INBOX', message);
    await client.messageFlagsAdd(uid, ['\\Flagged', '\\Seen'], { uid: true });
    expect(placesOf(message)).toEqual(['INBOX', all, '[Gmail]/Starred']);
    await client.messageDelete(await uidIn(client, '[Gmail]/Starred', message), { uid: true });
    await client.mailboxOpen('INBOX');
    const after = await client.fetchOne('1', { flags: true });
    if (after === false || after === undefined) throw new Error('Nothing came.');
    expect(after.flags).toEqual(new Set(['\\Seen']));
  });
});

describe('CONDSTORE', () => {
  it('tells what changed since, in every mailbox of the message, and refuses a change that is late', async () => {
    const [one] = [gmail.deliver(mail('one')), gmail.deliver(mail('two'))];
    const [reader, writer] = await Promise.all([signIn(), signIn()]);
    const before = (await reader.mailboxOpen(all)).highestModseq;
    if (before === undefined) throw new Error('No HIGHESTMODSEQ.');
    await writer.messageFlagsAdd(await uidIn(writer, 'INBOX', one), ['\\Seen'], { uid: true });
    const opened = await reader.mailboxOpen(all);
    expect(opened.highestModseq).toBeGreaterThan(before);
    const changed = await reader.fetchAll('1:*', { flags: true }, { uid: true, changedSince: before });
    expect(changed.map(({ uid, flags }) => [uid, [...(flags ?? [])]])).toEqual([[1, ['\\Seen']]]);
    await reader.messageFlagsAdd('1', ['\\Answered'], { uid: true, unchangedSince: before });
    expect(gmail.messages()[0]?.flags).toEqual(['\\Seen']);
  });

  it('changes nothing in the modseq of mailboxes where nothing changed', async () => {
    gmail.createLabel('Büro');
    const message = gmail.deliver(mail('one'));
    const client = await signIn();
    const modseq = async (path: string) => {
      const status = await client.status(path, { highestModseq: true });
      return status === false ? null : (status?.highestModseq ?? null);
    };
    const [label, inbox] = [await modseq('Büro'), await modseq('INBOX')];
    await client.messageFlagsAdd(await uidIn(client, 'INBOX', message), ['\\Seen'], { uid: true });
    expect(await modseq('Büro')).toBe(label);
    expect(await modseq('INBOX')).toBeGreaterThan(inbox ?? Number.NaN);
  });
});

describe('IDLE', () => {
  it('tells of new mail, of what went, and of flags', async () => {
    const message = gmail.deliver(mail('one'));
    const [watcher, actor] = await Promise.all([signIn(), signIn()]);
    await watcher.mailboxOpen('INBOX');
    const idling = watcher.idle();
    const exists = once(watcher, 'exists');
    gmail.deliver(mail('two'));
    expect((await exists)[0]).toMatchObject({ path: 'INBOX', count: 2, prevCount: 1 });
    const flags = once(watcher, 'flags');
    const uid = await uidIn(actor, 'INBOX', message);
    await actor.messageFlagsAdd(uid, ['\\Seen'], { uid: true });
    expect((await flags)[0]).toMatchObject({ seq: 1, flags: new Set(['\\Seen']) });
    const expunged = once(watcher, 'expunge');
    await actor.messageMove(uid, all, { uid: true });
    expect((await expunged)[0]).toMatchObject({ seq: 1 });
    await watcher.noop();
    await idling;
    expect(watcher.mailbox).toMatchObject({ exists: 1 });
  });
});

describe('sending and appending', () => {
  it('files what SMTP sent by itself, once, in the thread of what it answers', async () => {
    const question = gmail.deliver(mail('question', ['Message-ID: <q@people.example>']));
    const raw = mail('Re: question', ['In-Reply-To: <q@people.example>', 'Message-ID: <a@gmail.example>']);
    const answer = gmail.sent(raw);
    expect(answer.threadId).toBe(question.threadId);
    expect(placesOf(answer)).toEqual([all, '[Gmail]/Sent Mail']);
    const client = await signIn();
    const appended = await client.append('[Gmail]/Sent Mail', Buffer.from(raw), ['\\Seen']);
    expect(appended).toMatchObject({ uid: 1 });
    expect(gmail.messages()).toHaveLength(2);
  });

  it('shows a mail to oneself once, in the inbox and in Sent', () => {
    const raw = mail('to myself');
    gmail.sent(raw);
    const message = gmail.deliver(raw);
    expect(gmail.messages()).toHaveLength(1);
    expect(placesOf(message)).toEqual(['INBOX', all, '[Gmail]/Sent Mail']);
  });

  it('keeps bytes as they are, in any charset', async () => {
    const raw = Buffer.concat([
      Buffer.from('Subject: bytes\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n'),
      Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67, 0xff, 0x0d, 0x0a]),
    ]);
    const client = await signIn();
    await client.append('INBOX', raw, ['\\Seen'], new Date('2026-03-04T05:06:07Z'));
    await client.mailboxOpen('INBOX');
    const fetched = await client.fetchOne('1', { source: true, flags: true, internalDate: true, size: true });
    if (fetched === false || fetched === undefined) throw new Error('Nothing came.');
    expect(fetched.source?.equals(raw)).toBe(true);
    expect(fetched.size).toBe(raw.length);
    expect(fetched.flags).toEqual(new Set(['\\Seen']));
    expect(fetched.internalDate).toEqual(new Date('2026-03-04T05:06:07Z'));
  });
});

describe('parts', () => {
  it('are described by BODYSTRUCTURE and fetched one by one', async () => {
    const raw = [
      'Subject: parts',
      'From: Bo <bo@people.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="outer"',
      '',
      '--outer',
      'Content-Type: multipart/alternative; boundary="inner"',
      '',
      '--inner',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello.',
      '--inner',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Hello.</p>',
      '--inner--',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      'Subject: inside',
      '',
      'Within.',
      '--outer',
      'Content-Type: application/pdf; name="a.pdf"',
      'Content-Disposition: attachment; filename="a.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'AAEC',
      '--outer--',
      '',
    ].join('\r\n');
    gmail.deliver(raw);
    const client = await signIn();
    await client.mailboxOpen('INBOX', { readOnly: true });
    const fetched = await client.fetchOne('1', {
      bodyStructure: true,
      envelope: true,
      bodyParts: ['1.1', '1.2.mime', '2.header', '2.1', '3', 'text'],
      headers: ['subject'],
    });
    if (fetched === false || fetched === undefined) throw new Error('Nothing came.');
    const [body, message, file] = fetched.bodyStructure?.childNodes ?? [];
    expect(body?.childNodes?.map(({ type }) => type)).toEqual(['text/plain', 'text/html']);
    expect(message).toMatchObject({ type: 'message/rfc822', envelope: { subject: 'inside' } });
    expect(file).toMatchObject({
      type: 'application/pdf',
      encoding: 'base64',
      size: 4,
      disposition: 'attachment',
      dispositionParameters: { filename: 'a.pdf' },
    });
    expect(fetched.envelope).toMatchObject({
      subject: 'parts',
      from: [{ name: 'Bo', address: 'bo@people.example' }],
    });
    const part = (name: string) => fetched.bodyParts?.get(name)?.toString();
    expect(part('1.1')).toBe('Hello.');
    expect(part('1.2.mime')).toBe('Content-Type: text/html; charset=utf-8\r\n\r\n');
    expect(part('2.header')).toBe('Subject: inside\r\n\r\n');
    expect(part('2.1')).toBe('Within.');
    expect(part('3')).toBe('AAEC');
    expect(part('text')).toBe(raw.slice(raw.indexOf('\r\n\r\n') + 4));
    expect(fetched.headers?.toString()).toBe('Subject: parts\r\n\r\n');
  });
});

it('answers what it does not know with BAD and goes on, and ends with LOGOUT', async () => {
  const client = await signIn();
  await client.mailboxOpen('INBOX');
  expect(await client.search({ gmraw: 'in:anywhere' }, { uid: true })).toBe(false);
  expect(await client.search({ or: [{ seen: true }, { seen: false }] }, { uid: true })).toEqual([]);
  await client.logout();
  expect(client.usable).toBe(false);
});
