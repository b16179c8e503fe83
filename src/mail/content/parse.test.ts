import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseEmail } from './parse.ts';

const fixture = (name: string) => parseEmail(readFileSync(new URL(`fixtures/${name}.eml`, import.meta.url)));
/** Lines become CRLF; each character is one byte. */
const parse = (...lines: string[]) => parseEmail(Buffer.from(lines.join('\r\n'), 'latin1'));

describe('the header', () => {
  it('gives every field it has', async () => {
    const email = await parse(
      'Message-ID: <a@example.org>',
      'In-Reply-To: <b@example.org>',
      'References: <root@example.org>',
      ' <b@example.org> <b@example.org>',
      'From: "Example, Ada" <ada@example.org>',
      'Sender: desk@example.org',
      'Reply-To: Ada <reply@example.org>',
      'To: Team: bob@example.net, Carol <carol@example.net>;, dan@example.net (Dan)',
      'To: second@example.net',
      'Cc: =?utf-8?B?SsO2cmc=?= <joerg@example.de>',
      'Subject: =?utf-8?Q?Gr=C3=BC?= =?utf-8?Q?=C3=9Fe?=',
      'Date: Mon, 3 Mar 25 10:00:00 +0100 (CET)',
      'List-Id: Our list <list.example.org>',
      'List-Unsubscribe: <https://example.org/u>,',
      ' <mailto:u@example.org>',
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'Authentication-Results: mx.example.net; spf=pass',
      'Authentication-Results: forged; dkim=pass',
      '',
      'Hello.',
    );
    expect(email).toMatchObject({
      messageId: 'a@example.org',
      inReplyTo: ['b@example.org'],
      references: ['root@example.org', 'b@example.org'],
      from: [{ name: 'Example, Ada', address: 'ada@example.org' }],
      sender: { name: '', address: 'desk@example.org' },
      replyTo: [{ name: 'Ada', address: 'reply@example.org' }],
      cc: [{ name: 'Jörg', address: 'joerg@example.de' }],
      subject: 'Grüße',
      sentAt: new Date('2025-03-03T09:00:00Z'),
      listId: 'list.example.org',
      listUnsubscribe: '<https://example.org/u>, <mailto:u@example.org>',
      listUnsubscribePost: 'List-Unsubscribe=One-Click',
      authenticationResults: ['mx.example.net; spf=pass', 'forged; dkim=pass'],
      text: 'Hello.',
      html: null,
      snippet: 'Hello.',
      problem: null,
    });
    expect(email.to.map(({ address }) => address)).toEqual([
      'bob@example.net',
      'carol@example.net',
      'dan@example.net',
      'second@example.net',
    ]);
  });

  it('joins encoded words that split a character, in base64 and across charsets', async () => {
    const [first, second] = [Buffer.from('日本').subarray(0, 4), Buffer.from('日本').subarray(4)];
    const email = await parse(
      `Subject: =?UTF-8?B?${first.toString('base64')}?=`,
      ` =?UTF-8?B?${second.toString('base64')}?= =?iso-8859-1?Q?_=FC?= x`,
      '',
      '',
    );
    expect(email.subject).toBe('日本 ü x');
  });

  it('reads raw 8-bit fields as UTF-8, else in the charset of the text', async () => {
    expect((await parse('Subject: Gr\xc3\xbc\xc3\x9fe', '', '')).subject).toBe('Grüße');
    expect(
      (await parse('Subject: \xf0\xd2\xc9\xd7\xc5\xd4', 'Content-Type: text/plain; charset=koi8-r', '', ''))
        .subject,
    ).toBe('Привет');
  });

  it('lets no line break, NUL or control into an id, a subject or a name', async () => {
    const email = await parse(
      'Message-ID: <a\x00b\x07@c>',
      'Subject: a\x00b\rc',
      'From: =?utf-8?B?YQAKYg==?= <a\x00@b.example>',
      '',
      'te\x00xt',
    );
    expect(email.messageId).toBe('ab@c');
    expect(email.subject).toBe('a b c');
    expect(email.from).toEqual([{ name: 'a b', address: 'a@b.example' }]);
    expect(email.text).toBe('text');
  });

  it('keeps the first From only, so that a second cannot stand for the sender', async () => {
    expect((await parse('From: a@x.example', 'From: b@x.example', '', '')).from).toEqual([
      { name: '', address: 'a@x.example' },
    ]);
  });

  it.each([
    ['Tue, 1 Apr 2025 12:00:00 GMT', '2025-04-01T12:00:00Z'],
    ['1 Apr 2025 12:00 EST', '2025-04-01T17:00:00Z'],
    ['Tue, 01 Apr 99 12:00:00 -0030', '1999-04-01T12:30:00Z'],
    ['2025-04-01T12:00:00Z', '2025-04-01T12:00:00Z'],
  ])('dates %s', async (date, iso) => {
    expect((await parse(`Date: ${date}`, '', '')).sentAt).toEqual(new Date(iso));
  });

  it.each(['yesterday', '1 Apr 99999 12:00', ''])('has no date of %j', async (date) => {
    expect((await parse(`Date: ${date}`, '', '')).sentAt).toBeNull();
  });
});

describe('the body', () => {
  it('joins text around a picture, in order', async () => {
    const email = await fixture('text-around-a-picture');
    expect(email.text).toBe('Here is the first.\n\nAnd this is the last, Grüße.');
    expect(email.attachments).toMatchObject([
      {
        position: 0,
        filename: 'dot.png',
        mediaType: 'image/png',
        size: 8,
        disposition: 'inline',
        part: null,
      },
    ]);
  });

  it('of a mail that only holds a mail is that mail’s text, and the mail an attachment named by its subject', async () => {
    const email = await fixture('only-a-forwarded-mail');
    expect(email.text).toBe('The plan itself.');
    expect(email.html).toBeNull();
    expect(email.attachments).toMatchObject([
      { filename: 'Plan for café 1-2.eml', mediaType: 'message/rfc822' },
    ]);
  });

  it('of a report without words is the report', async () => {
    const email = await fixture('delivery-report');
    expect(email.text).toContain('Status: 5.1.1');
    expect(email.attachments.map(({ filename }) => filename)).toEqual(['delivery-status.txt', 'headers.txt']);
  });

  it('survives a missing last delimiter, of inner and outer multipart', async () => {
    const email = await fixture('no-last-delimiter');
    expect(email.text).toBe('plain words');
    expect(email.html).toContain('rich words');
    expect(email.attachments).toMatchObject([{ filename: 'notes.txt', disposition: 'attachment' }]);
    expect(Buffer.from(email.attachments[0]!.content!).toString()).toBe('noted\n');
  });

  it('is made from the HTML where the plain alternative is empty', async () => {
    const email = await parse(
      'Content-Type: multipart/alternative; boundary=x',
      '',
      '--x',
      '',
      ' ',
      '--x',
      'Content-Type: text/html',
      '',
      '<p>Only <i>here</i></p>',
      '--x--',
    );
    expect(email.text).toBe('Only here');
  });

  it('takes related pictures for attachments by their id, and several HTML parts in order', async () => {
    const email = await parse(
      'Content-Type: multipart/mixed; boundary=m',
      '',
      '--m',
      'Content-Type: multipart/related; boundary=r',
      '',
      '--r',
      'Content-Type: text/html',
      '',
      '<img src="cid:i@x">one',
      '--r',
      'Content-Type: image/gif',
      'Content-ID: <i@x>',
      '',
      'GIF',
      '--r--',
      '--m',
      'Content-Type: text/plain',
      '',
      'two < three',
      '--m--',
    );
    expect(email.html).toMatch(/one[\s\S]*two &lt; three/);
    expect(email.text).toBe('one\n\ntwo < three');
    expect(email.attachments).toMatchObject([
      { contentId: 'i@x', disposition: 'inline', filename: 'image-1.gif' },
    ]);
  });

  it('shows a picture without a type that its HTML refers to, and no other file that has an id', async () => {
    const part = (id: string) => [
      '--r',
      'Content-Type: application/octet-stream; name=picture.png',
      `Content-ID: <${id}>`,
      '',
      'PNG',
    ];
    const email = await parse(
      'Content-Type: multipart/related; boundary=r',
      '',
      '--r',
      'Content-Type: text/html',
      '',
      '<img src="cid:a%2Bb@x"><img src="CID:c@x"> cid:%zz',
      ...part('a+b@x'),
      ...part('c@x'),
      ...part('d@x'),
      '--r--',
    );
    expect(email.attachments.map(({ contentId, disposition }) => [contentId, disposition])).toEqual([
      ['a+b@x', 'inline'],
      ['c@x', 'inline'],
      ['d@x', 'attachment'],
    ]);
  });

  it('unfolds format=flowed, with and without DelSp, and leaves the signature apart', async () => {
    const flowed = ['one ', 'line', '> quoted ', '> line', '-- ', 'Ada'];
    expect((await parse('Content-Type: text/plain; format=flowed', '', ...flowed)).text).toBe(
      'one line\n> quoted line\n-- \nAda',
    );
    expect((await parse('Content-Type: text/plain; format=flowed; delsp=yes', '', ...flowed)).text).toContain(
      'oneline\n> quotedline',
    );
  });

  it('takes the charset of HTML from its meta element where the part names none', async () => {
    const email = await parse(
      'Content-Type: text/html',
      '',
      '<meta charset="koi8-r"><p>\xf0\xd2\xc9\xd7\xc5\xd4</p>',
    );
    expect(email.text).toBe('Привет');
  });

  it('reads text without any header, lines that end in bare CR or LF, and an mbox line', async () => {
    expect((await parse('', 'just text')).text).toBe('just text');
    expect((await parse('just text: no', 'header here')).text).toContain('header here');
    expect(await parseEmail(Buffer.from('Subject: x\r\rtext\rmore'))).toMatchObject({
      subject: 'x',
      text: 'text\nmore',
    });
    expect(await parseEmail(Buffer.from('From a@b Mon Mar  3\nSubject: x\n\ntext'))).toMatchObject({
      subject: 'x',
      text: 'text',
    });
    expect(await parseEmail(new Uint8Array())).toMatchObject({ text: '', problem: null });
  });

  it('reads a multipart whose boundary is not named', async () => {
    expect(
      (
        await parse(
          'Content-Type: multipart/mixed',
          '',
          '--b1',
          'Content-Type: text/html',
          '',
          '<p>found</p>',
          '--b1--',
        )
      ).text,
    ).toBe('found');
  });
});

describe('attachments', () => {
  const nameOf = async (...lines: string[]) =>
    (await parse('Content-Type: multipart/mixed; boundary=x', '', '--x', ...lines, '', 'x', '--x--'))
      .attachments[0]?.filename;

  it.each([
    ["Content-Disposition: attachment; filename*=utf-8''na%C3%AFve.txt", 'naïve.txt'],
    [
      "Content-Disposition: attachment; filename*0*=utf-8''%E6%97; filename*1*=%A5; filename*2=.txt",
      '日.txt',
    ],
    ['Content-Disposition: attachment; filename="=?iso-8859-1?Q?na=EFve.txt?="', 'naïve.txt'],
    ['Content-Disposition: attachment; filename="C:\\Users\\ada\\x.pdf"', 'x.pdf'],
    ['Content-Disposition: attachment; filename="../../etc/passwd"', 'passwd'],
    ["Content-Disposition: attachment; filename*=utf-8''a%E2%80%AEgpj.exe", 'agpj.exe'],
    ['Content-Disposition: attachment; filename=".."', 'attachment-1.txt'],
    ['Content-Disposition: attachment; filename=a b (1).pdf', 'a b (1).pdf'],
    ['Content-Type: application/ms-tnef', 'winmail.dat'],
    ['Content-Type: text/calendar; method=REQUEST', 'invite.ics'],
  ])('named by %s', async (field, name) => {
    expect(await nameOf(field)).toBe(name);
  });
});
