import { describe, expect, it } from 'vitest';
import { parseEmail } from '../content/parse.ts';
import { composeMessage, type OutgoingMessage } from './message.ts';

const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  messageId: '1@example.org',
  from: { name: 'Ada', address: 'ada@example.org' },
  replyTo: null,
  to: [{ name: 'Bob', address: 'bob@example.net' }],
  cc: [],
  subject: 'Lunch',
  text: 'At noon?',
  html: null,
  timeZone: null,
  receiptTo: null,
  isAutomatic: false,
  date: new Date('2026-03-01T12:05:00Z'),
  inReplyTo: null,
  references: [],
  files: [],
  ...more,
});

/** The field names of the header, in lower case. */
function fieldsOf(raw: Buffer): string[] {
  const head = raw.toString('latin1').split('\r\n\r\n')[0] ?? '';
  return head
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
}

const file = {
  ...{ filename: 'a', mediaType: 'text/plain', content: Buffer.from('a') },
  ...{ contentId: null, disposition: 'attachment' as const },
};

const plainFields = fieldsOf(await composeMessage(message()));

describe('a composed message', () => {
  it('reads back as it was written', async () => {
    const written = message({
      from: { name: 'Jörg "J" Ä, Groß', address: 'joerg@example.org' },
      to: [{ name: '田中', address: 'tanaka@example.net' }],
      cc: [{ name: '', address: 'cleo@example.net' }],
      subject: `Grüße 👋 ${'lang '.repeat(40)}Ende`,
      text: 'Zeile 1\n.\nFrom hier\n> zitiert\n\nGrüße 👋',
      inReplyTo: 'q@example.net',
      references: ['p@example.net', 'q@example.net'],
      files: [
        {
          ...{ filename: 'Übersicht für 田中.pdf', mediaType: 'application/pdf' },
          ...{ content: Buffer.from([0, 255, 13]), contentId: null, disposition: 'attachment' as const },
        },
      ],
    });
    const raw = await composeMessage(written);
    const read = await parseEmail(raw);
    expect(read).toMatchObject({
      messageId: '1@example.org',
      inReplyTo: ['q@example.net'],
      references: ['p@example.net', 'q@example.net'],
      subject: written.subject,
      from: [written.from],
      to: written.to,
      cc: written.cc,
      bcc: [],
    });
    expect(read.text.replaceAll('\r\n', '\n').trimEnd()).toBe(written.text);
    expect(read.attachments).toMatchObject([
      { filename: 'Übersicht für 田中.pdf', mediaType: 'application/pdf' },
    ]);
  });

  it('has lines that SMTP carries: CRLF alone, 998 bytes at most, 7 bits', async () => {
    const raw = await composeMessage(message({ text: `${'ä'.repeat(5000)}\nb\rc\r\nd` }));
    const text = raw.toString('latin1');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n\x80-\xff]/);
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('never names the blind recipients', async () => {
    const smuggled = { ...message(), bcc: [{ name: 'Eve', address: 'eve@example.net' }] };
    const raw = await composeMessage(smuggled);
    expect(raw.toString('latin1').toLowerCase()).not.toMatch(/bcc|eve@/);
  });

  it('keeps the first and the newest of very many references', async () => {
    const references = Array.from({ length: 200 }, (_none, index) => `${index}@example.net`);
    const read = await parseEmail(await composeMessage(message({ references })));
    expect(read.references).toHaveLength(50);
    expect([read.references[0], read.references.at(-1)]).toEqual(['0@example.net', '199@example.net']);
  });
});

describe('line ends and NULs begin no header field', () => {
  const optional = ['cc', 'in-reply-to', 'references', 'reply-to', 'disposition-notification-to'];
  const evil = 'x\r\nBcc: eve@evil.example\r\nX-Evil: 1\n\rX-Evil: 2\0\r\n\r\nbody';
  const places: Record<string, (words: string) => Partial<OutgoingMessage>> = {
    'the subject': (words) => ({ subject: words }),
    'the sender’s name': (words) => ({ from: { name: words, address: 'ada@example.org' } }),
    'the sender’s address': (words) => ({ from: { name: '', address: `ada@example.org${words}` } }),
    'a recipient’s name': (words) => ({ to: [{ name: words, address: 'bob@example.net' }] }),
    'a recipient’s address': (words) => ({ to: [{ name: '', address: `bob@example.net${words}` }] }),
    'a copy’s name': (words) => ({ cc: [{ name: words, address: 'bob@example.net' }] }),
    'the Message-ID': (words) => ({ messageId: words }),
    'In-Reply-To': (words) => ({ inReplyTo: words }),
    'the references': (words) => ({ references: ['a@b', words] }),
    'the address for answers': (words) => ({ replyTo: `ada@example.org${words}` }),
    'the address for receipts': (words) => ({ receiptTo: `ada@example.org${words}` }),
    'a picture’s Content-ID': (words) => ({
      html: '<img src="cid:a">',
      files: [{ ...file, contentId: words, disposition: 'inline' as const }],
    }),
    'a file’s name': (words) => ({
      files: [{ ...file, filename: words }],
    }),
    'a file’s type': (words) => ({
      files: [{ ...file, mediaType: words }],
    }),
  };
  it.each(Object.entries(places))('in %s', async (_place, put) => {
    const raw = await composeMessage(message(put(evil)));
    const allowed = new Set([...plainFields, ...optional]);
    expect(fieldsOf(raw).filter((name) => !allowed.has(name))).toEqual([]);
    expect(raw.toString('latin1')).not.toMatch(/^(bcc|x-evil):/im);
    expect(raw.includes(0)).toBe(false);
  });
});

it('an attachment that names a file or an address is not read', async () => {
  const hostile = { ...file, content: { path: '/etc/passwd' } };
  // What the type forbids a caller without types may still do.
  const files: OutgoingMessage['files'] = JSON.parse(JSON.stringify([hostile]));
  await expect(composeMessage(message({ files }))).rejects.toThrow(/access/i);
});
