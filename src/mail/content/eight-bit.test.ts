import iconv from 'iconv-lite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseEmail } from './parse.ts';

const languages = [
  ['iso-8859-1', 'Grüße aus Köln, señor'],
  ['shift_jis', '日本語のメール、ソ連の表示能力'],
  ['koi8-r', 'Съешь ещё этих мягких булок'],
  ['gb18030', '简体中文𠀀邮件'],
  ['utf-16le', 'Grüße 日本'],
  ['utf-16be', 'Grüße 日本'],
  ['iso-2022-jp', '日本語のメール'],
] as const;

/** iconv-lite does not write ISO-2022-JP: the double bytes are those of EUC-JP without their high bits, between escapes. */
function encode(text: string, charset: string): Buffer {
  if (charset !== 'iso-2022-jp') return iconv.encode(text, charset);
  const shifted = iconv.encode(text, 'euc-jp').map((byte) => byte & 0x7f);
  return Buffer.concat([Buffer.from('\x1b$B'), shifted, Buffer.from('\x1b(B')]);
}

const mail = (fields: string[], body: Uint8Array) =>
  Buffer.concat([Buffer.from(`${fields.join('\r\n')}\r\n\r\n`), body]);

describe.each(languages)('%s', (charset, text) => {
  const type = `Content-Type: text/plain; charset=${charset}`;

  it('is read as 8bit, base64 and quoted-printable', async () => {
    const bytes = encode(text, charset);
    const quoted = [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
    const forms = [
      mail([type, 'Content-Transfer-Encoding: 8bit'], bytes),
      mail([type, 'Content-Transfer-Encoding: base64'], Buffer.from(bytes.toString('base64'))),
      mail([type, 'Content-Transfer-Encoding: quoted-printable'], Buffer.from(quoted)),
    ];
    for (const raw of forms) expect(await parseEmail(raw)).toMatchObject({ text, problem: null });
  });

  it('is read from a part of an HTML alternative', async () => {
    const part = (subtype: string, content: Uint8Array) => [
      Buffer.from(`--x\r\nContent-Type: text/${subtype}; charset=${charset}\r\n`),
      Buffer.from('Content-Transfer-Encoding: base64\r\n\r\n'),
      Buffer.from(`${Buffer.from(content).toString('base64')}\r\n`),
    ];
    const raw = mail(
      ['Content-Type: multipart/alternative; boundary=x'],
      Buffer.concat([
        ...part('plain', encode(text, charset)),
        ...part('html', Buffer.concat([encode(text, charset)])),
        Buffer.from('--x--'),
      ]),
    );
    expect(await parseEmail(raw)).toMatchObject({ text, html: text });
  });
});

describe.each(languages.filter(([charset]) => !charset.startsWith('utf-16')))(
  'raw 8-bit header fields in %s',
  (charset, text) => {
    it('are read in the charset of the text, or told by their bytes', async () => {
      const field = (name: string, value: Uint8Array) =>
        Buffer.concat([Buffer.from(`${name}: `), value, Buffer.from('\r\n')]);
      const [name = ''] = text.split(/[,、 ]/);
      const raw = Buffer.concat([
        field('Subject', encode(text, charset)),
        field('From', Buffer.concat([encode(name, charset), Buffer.from(' <ada@example.org>')])),
        Buffer.from(`Content-Type: text/plain; charset=${charset}\r\n\r\n`),
        encode(text, charset),
      ]);
      expect(await parseEmail(raw)).toMatchObject({
        subject: text,
        from: [{ name, address: 'ada@example.org' }],
        text,
      });
    });
  },
);

describe('the bytes', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('of an attachment come out as they went in, each of the 256', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const attached = (encoding: string, content: Uint8Array) =>
      mail(
        ['Content-Type: application/octet-stream; name=a', `Content-Transfer-Encoding: ${encoding}`],
        content,
      );
    for (const raw of [
      attached('binary', bytes),
      attached('base64', Buffer.from(Buffer.from(bytes).toString('base64'))),
    ]) {
      const [file] = (await parseEmail(raw)).attachments;
      expect(Buffer.from(file!.content!)).toEqual(Buffer.from(bytes));
    }
  });

  it('of a mail are never turned into UTF-8 text and back', async () => {
    const raw = mail(
      ['Subject: Gr\xfc\xdfe', 'Content-Type: text/plain; charset=iso-8859-1'],
      Buffer.from('K\xf6ln', 'latin1'),
    );
    const copy = Buffer.from(raw);
    const asText = vi.spyOn(Buffer.prototype, 'toString');
    await parseEmail(raw);
    const ofWholeMail = asText.mock.contexts.filter((bytes) => bytes.length >= raw.length);
    expect(ofWholeMail).toEqual([]);
    expect(asText.mock.calls.filter(([encoding]) => /utf|^$/i.test(String(encoding ?? '')))).toEqual([]);
    expect(raw.equals(copy)).toBe(true);
  });
});
