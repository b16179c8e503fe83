import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { parseEmail } from '../content/parse.ts';
import { composeMessage, type OutgoingFile, type OutgoingMessage } from './message.ts';

const date = new Date('2026-03-01T12:05:00Z');

function message(more: Partial<OutgoingMessage>): OutgoingMessage {
  return {
    messageId: '1@example.org',
    from: { name: 'Ada', address: 'ada@example.org' },
    replyTo: null,
    to: [{ name: 'Bob', address: 'bob@example.net' }],
    cc: [],
    subject: 'Lunch',
    text: 'At noon?',
    html: null,
    date,
    timeZone: 'Europe/Berlin',
    inReplyTo: null,
    references: [],
    receiptTo: null,
    isAutomatic: false,
    files: [],
    ...more,
  };
}

/** Bytes of every value, the same each time. */
function bytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_none, index) => (index * 7 + (index >> 8)) & 255));
}

function file(filename: string, more: Partial<OutgoingFile> = {}): OutgoingFile {
  const defaults = {
    mediaType: 'application/octet-stream',
    contentId: null,
    disposition: 'attachment' as const,
  };
  return { filename, content: bytes(3000), ...defaults, ...more };
}

const inline = (contentId: string) =>
  file(`${contentId}.png`, {
    mediaType: 'image/png',
    contentId: `${contentId}@x.example`,
    disposition: 'inline',
  });

const attachedMail = Buffer.from(
  'From: eve@example.com\r\nSubject: Inner\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n' +
    'Content-Transfer-Encoding: 8bit\r\n\r\nGrüße von innen\r\n.\r\nFrom here\r\n',
);

const sentence =
  'The quick brown fox jumps over the lazy dog, and does so again and again until the line is long. ';

const shapes: Record<string, Partial<OutgoingMessage>> = {
  'plain English': {},
  'nothing at all': { subject: '', text: '' },
  German: { subject: 'Grüße aus Köln', text: 'Schöne Grüße!\n\nÄÖÜß' },
  French: { subject: 'Réunion à l’école', text: 'Ça va ? « Oui »\u00a0!' },
  Polish: { subject: 'Zażółć gęślą jaźń', text: 'Zażółć gęślą jaźń' },
  Greek: { subject: 'Καλημέρα κόσμε', text: 'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία' },
  Russian: { subject: 'Съешь ещё этих мягких', text: 'французских булок,\nда выпей чаю' },
  Japanese: {
    subject: '会議の資料をお送りします',
    text: 'いつもお世話になっております。\n\nよろしくお願いします。',
  },
  Chinese: { subject: '天地玄黃', text: '天地玄黃宇宙洪荒日月盈昃辰宿列張'.repeat(30) },
  Korean: { subject: '안녕하세요', text: '키스의 고유조건은 입술끼리 만나야 하고' },
  Thai: { subject: 'สวัสดีครับ', text: 'เป็นมนุษย์สุดประเสริฐเลิศคุณค่า' },
  Hindi: { subject: 'नमस्ते', text: 'ऋषियों को सताने वाले दुष्ट राक्षसों' },
  'Arabic, right to left': { subject: 'مرحبا بالعالم', text: 'نص حكيم له سر قاطع\n> اقتباس' },
  'Hebrew beside Latin': { subject: 'שלום Hello', text: 'דג סקרן שט בים Hello מאוכזב (1, 2, 3)' },
  'emoji of many parts': {
    subject: '👩‍👩‍👧‍👦🏳️‍🌈👍🏽',
    text: '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇪\u{1f9d1}\u{200d}\u{1f680}',
  },
  'accents apart from their letters': { subject: 'Cafe\u0301', text: 'Cafe\u0301 nai\u0308ve' },
  'a subject of very many words': { subject: `${'ausführlich '.repeat(60)}Ende` },
  'a subject that is one long word': { subject: 'x'.repeat(700) },
  'long lines': { text: sentence.repeat(30).trimEnd() },
  'a line of 5,000 letters': { text: `${'y'.repeat(5000)}\nend` },
  'lines that SMTP and mbox trip over': { text: '.\n..\n.hidden\nFrom me to you\n>From\n\n.\nQUIT' },
  'blanks and indentation': { text: '    four\n  two\n\tone tab\n\n\n\nthree empty lines' },
  'a quoted conversation': {
    text: `Yes.\n\n> ${sentence}\n>> Older words\n>> ${sentence}${sentence}`.replace(/ +$/gm, ''),
  },
  'a signature': { text: 'Bye\n\n-- \nAda Lovelace\nComputing' },
  'a thousand lines': { text: Array.from({ length: 1000 }, (_none, index) => `${index}: ä line`).join('\n') },
  'names that need quoting': {
    from: { name: 'Lovelace, Ada "Countess" (née Byron)', address: 'ada@example.org' },
    to: [
      { name: "O'Brien; Bob <b>", address: 'bob@example.net' },
      { name: '山田、太郎', address: 'taro@example.jp' },
      { name: '', address: 'plain@example.com' },
    ],
    cc: [{ name: 'Ünal, Çağlar', address: 'u@example.com' }],
  },
  'a hundred recipients': {
    to: Array.from({ length: 100 }, (_none, index) => ({
      name: `Pérson ${index}`,
      address: `p${index}@example.net`,
    })),
  },
  'an answer deep in a thread': {
    inReplyTo: 'parent@example.net',
    references: Array.from({ length: 30 }, (_none, index) => `${'r'.repeat(60)}${index}@example.net`),
  },
  'rich text': {
    html: '<h1>Title</h1><p>Some <b>bold</b> &amp; <i>fine</i> words: äöü 漢字</p><ul><li>One</li><li>Two</li></ul>',
  },
  'rich text in one long line': { html: `<p>${sentence.repeat(60)}</p>` },
  'a rich quote with links': {
    html: '<p>See <a href="https://example.org/a?b=1&amp;c=2">here</a></p><blockquote><p>Old <b>words</b></p></blockquote>',
  },
  'a picture in the text': {
    html: '<p>Look: <img src="cid:one@x.example" alt="cat"></p>',
    files: [inline('one')],
  },
  'pictures in the text and files beside it': {
    html: '<p><img src="cid:one@x.example"><img src="cid:two@x.example"></p>',
    files: [
      inline('one'),
      file('report.pdf', { mediaType: 'application/pdf' }),
      inline('two'),
      file('data.bin'),
    ],
  },
  'a text and a file': {
    files: [file('notes.txt', { mediaType: 'text/plain', content: Buffer.from('ä\r\nb\nc\r') })],
  },
  'files with names of every kind': {
    files: [
      file('Übersicht für 田中.pdf', { mediaType: 'application/pdf' }),
      file("it's two words; (final).doc"),
      file(`${'long-name-'.repeat(18)}.txt`, { mediaType: 'text/plain' }),
      file('عربى.png', { mediaType: 'image/png' }),
      file('👍.gif', { mediaType: 'image/gif' }),
    ],
  },
  'an empty file': { files: [file('empty', { content: Buffer.alloc(0) })] },
  'a large file': { files: [file('large.bin', { content: bytes(300_000) })] },
  'a whole mail as a file': {
    files: [file('Inner.eml', { mediaType: 'message/rfc822', content: attachedMail })],
  },
  'a web page as a file': {
    files: [file('page.html', { mediaType: 'text/html', content: Buffer.from('<p>ä</p>\n') })],
  },
};

/** Of a mail in a mail the independent parser gives the lines, not their ends. */
function hash(mediaType: string, content: string | ArrayBuffer | Uint8Array | null | undefined): string {
  const read =
    typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content ?? []));
  const compared = mediaType === 'message/rfc822' ? lines(read.toString()) : read;
  return createHash('sha256').update(compared).digest('hex');
}

const lines = (text: string | null | undefined) => (text ?? '').replaceAll('\r\n', '\n').replace(/\n+$/, '');
const words = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
const people = (list: readonly { name?: string | undefined; address?: string | undefined }[] | undefined) =>
  (list ?? []).map(({ name, address }) => ({ name: name ?? '', address: address ?? '' }));
/** A reader may list inline pictures before or after the others. */
const byName = <T extends { filename: string }>(list: T[]) =>
  list.sort((one, other) => (one.filename < other.filename ? -1 : 1));
/** Quote marks may be set apart from the words; the independent parser leaves them within lines that it joins. */
const unquoted = (text: string) => (/^>/m.test(text) ? text.replace(/>+/g, ' ').replace(/\s+/g, ' ') : text);

interface Read {
  subject: string;
  from: { name: string; address: string }[];
  to: { name: string; address: string }[];
  cc: { name: string; address: string }[];
  sentAt: number;
  text: string;
  html: string;
  files: {
    filename: string;
    mediaType: string;
    contentId: string | null;
    disposition: string;
    hash: string;
  }[];
}

async function byPostalMime(raw: Buffer): Promise<Read> {
  const mail = await PostalMime.parse(raw, { rfc822Attachments: true, attachmentEncoding: 'arraybuffer' });
  return {
    subject: mail.subject ?? '',
    from: people(mail.from === undefined ? [] : [mail.from]),
    to: people(mail.to),
    cc: people(mail.cc),
    sentAt: Date.parse(mail.date ?? ''),
    text: lines(mail.text),
    html: words(mail.html),
    files: byName(
      mail.attachments.map((each) => ({
        filename: each.filename ?? '',
        mediaType: each.mimeType,
        contentId: each.contentId?.replace(/^<|>$/g, '') ?? null,
        disposition: each.disposition ?? '',
        hash: hash(each.mimeType, each.content),
      })),
    ),
  };
}

async function byMailroom(raw: Buffer): Promise<Read> {
  const mail = await parseEmail(raw);
  return {
    subject: mail.subject,
    from: people(mail.from),
    to: people(mail.to),
    cc: people(mail.cc),
    sentAt: mail.sentAt?.getTime() ?? Number.NaN,
    text: lines(mail.text),
    html: words(mail.html),
    files: byName(
      mail.attachments.map((each) => ({
        filename: each.filename,
        mediaType: each.mediaType,
        contentId: each.contentId,
        disposition: each.disposition,
        hash: hash(each.mediaType, each.content),
      })),
    ),
  };
}

describe.each([
  ['an independent parser', byPostalMime],
  ['Mailroom', byMailroom],
])('a message that %s reads', (_reader, read) => {
  it.each(Object.entries(shapes))('%s', async (_shape, more) => {
    const written = message(more);
    const seen = await read(await composeMessage(written));
    expect(seen).toMatchObject({
      subject: written.subject,
      from: [written.from],
      to: written.to,
      cc: written.cc,
      sentAt: date.getTime(),
    });
    if (written.html === null) expect(unquoted(seen.text)).toBe(unquoted(written.text));
    else expect(seen.html).toContain(words(written.html));
    expect(seen.files).toEqual(
      byName(written.files.map(({ content, ...each }) => ({ ...each, hash: hash(each.mediaType, content) }))),
    );
  });
});

it('there are at least thirty shapes', () => {
  expect(Object.keys(shapes).length).toBeGreaterThanOrEqual(30);
});

describe('the plain reading of rich text', () => {
  it('has its words, marks its quotes and names its links', async () => {
    const html = `<h2>Plan</h2><p>See <a href="https://example.org/x">the plan</a>:</p><ul><li>One</li><li>Two</li></ul>
      <blockquote><p>Older words</p></blockquote><hr><p>Ada<br>Computing</p><p><img src="cid:a" alt="A cat"></p>`;
    const { text } = await byMailroom(await composeMessage(message({ html })));
    expect(text).toBe(
      [
        'Plan',
        '',
        'See the plan <https://example.org/x>:',
        '',
        ' * One',
        ' * Two',
        '',
        '> Older words',
        '',
        '----------------------------------------',
        '',
        'Ada',
        'Computing',
        '',
        '[A cat]',
      ].join('\n'),
    );
  });
});
