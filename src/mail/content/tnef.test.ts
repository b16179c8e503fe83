import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { parseEmail } from './parse.ts';
import {
  attachedMessage,
  attachment,
  attribute,
  codePage,
  compressRtf,
  messageProperties,
  numberProperty,
  propertyList,
  sizedProperty,
  stringProperty,
  tnef,
  u16,
  u32,
} from './tnef/testing.ts';

const ids = { subject: 0x37, body: 0x1000, rtf: 0x1009, html: 0x1013, codePage: 0x3fde };
const fileIds = { data: 0x3701, longName: 0x3707, mediaType: 0x370e, contentId: 0x3712 };

/** A mail as Outlook sends it: its text, if any, and a winmail.dat. */
function mailWith(winmail: Uint8Array, text = '', type = 'application/ms-tnef; name="winmail.dat"'): Buffer {
  return Buffer.from(
    [
      'From: ada@example.org',
      'Subject: Papers',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      text,
      '--x',
      `Content-Type: ${type}`,
      'Content-Disposition: attachment; filename="winmail.dat"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(winmail).toString('base64').replace(/.{76}/g, '$&\r\n'),
      '--x--',
    ].join('\r\n'),
  );
}

const pdf = Buffer.from('%PDF-1.4 \x00\x80\xff', 'latin1');

describe('the attachments in a winmail.dat', () => {
  it('are the mail’s own, in its place, byte for byte', async () => {
    const winmail = tnef(
      codePage(1252),
      attachment(
        'LONGNA~1.PDF',
        pdf,
        stringProperty(fileIds.longName, 'Long näme.pdf'),
        stringProperty(fileIds.mediaType, 'Application/PDF'),
      ),
      attachment('dot.png', Buffer.from('PNG'), stringProperty(fileIds.contentId, '<dot@x>')),
      attachment('Gr\xfc\xdfe.txt', Buffer.from('text')),
      attachment('empty', Buffer.alloc(0)),
    );
    const email = await parseEmail(mailWith(winmail, 'See the papers.'));
    expect(email).toMatchObject({ text: 'See the papers.', html: null, problem: null });
    expect(email.attachments).toMatchObject([
      {
        position: 0,
        filename: 'Long näme.pdf',
        mediaType: 'application/pdf',
        size: pdf.length,
        disposition: 'attachment',
      },
      { position: 1, filename: 'dot.png', mediaType: 'image/png', contentId: 'dot@x', disposition: 'inline' },
      { position: 2, filename: 'Grüße.txt', mediaType: 'text/plain' },
      { position: 3, filename: 'empty', mediaType: 'application/octet-stream', size: 0 },
    ]);
    expect(Buffer.from(email.attachments[0]!.content!)).toEqual(pdf);
  });

  it.each(['application/vnd.ms-tnef', 'application/octet-stream'])('are found in %s too', async (type) => {
    const email = await parseEmail(mailWith(tnef(attachment('a.pdf', pdf)), 'text', type));
    expect(email.attachments).toMatchObject([{ filename: 'a.pdf' }]);
  });

  it('are found where they are kept as a property, among properties of every kind', async () => {
    const guid = Buffer.alloc(16, 7);
    const properties = [
      numberProperty(0x3705, 1),
      Buffer.concat([u16(0x0b), u16(0x7ffe), u32(1)]),
      Buffer.concat([u16(0x40), u16(0x3007), Buffer.alloc(8)]),
      Buffer.concat([u16(0x48), u16(0x3008), guid]),
      Buffer.concat([u16(0x1003), u16(0x3009), u32(2), u32(1), u32(2)]),
      Buffer.concat([
        u16(0x101e),
        u16(0x300a),
        u32(2),
        u32(1),
        Buffer.from('a\0\0\0'),
        u32(4),
        Buffer.from('abcd'),
      ]),
      Buffer.concat([u16(3), u16(0x8001), guid, u32(0), u32(5), u32(9)]),
      Buffer.concat([u16(3), u16(0x8002), guid, u32(1), u32(6), Buffer.from('n\0a\0\0\0\0\0'), u32(9)]),
      stringProperty(fileIds.longName, 'late.pdf'),
      sizedProperty(fileIds.data, 0x102, pdf),
    ];
    const email = await parseEmail(
      mailWith(
        tnef(attribute(2, 0x9002, Buffer.alloc(14)), attribute(2, 0x9005, propertyList(...properties))),
      ),
    );
    expect(email.problem).toBeNull();
    expect(email.attachments).toMatchObject([{ filename: 'late.pdf', size: pdf.length }]);
  });

  it('that are messages become their text and their own attachments', async () => {
    const inner = tnef(
      messageProperties(stringProperty(ids.subject, 'Plan A/B'), stringProperty(ids.body, 'The plan.')),
      attachment('inner.pdf', pdf),
    );
    const email = await parseEmail(mailWith(tnef(attachedMessage(inner)), 'Outer.'));
    expect(email.text).toBe('Outer.');
    expect(email.attachments.map(({ filename, mediaType }) => [filename, mediaType])).toEqual([
      ['Plan A-B.txt', 'text/plain'],
      ['inner.pdf', 'application/pdf'],
    ]);
  });
});

describe('the body in a winmail.dat', () => {
  const bodyOf = async (...attributes: Uint8Array[]) => parseEmail(mailWith(tnef(...attributes)));

  it('is not shown where the mail has one beside it', async () => {
    const email = await parseEmail(
      mailWith(tnef(messageProperties(stringProperty(ids.body, 'Again.'))), 'Once.'),
    );
    expect(email).toMatchObject({ text: 'Once.', html: null });
  });

  it('is plain text in the code page that it names, or Unicode', async () => {
    const koi8 = iconv.encode('Привет', 'koi8-r');
    expect((await bodyOf(codePage(20866), attribute(1, 0x800c, koi8))).text).toBe('Привет');
    expect(
      (
        await bodyOf(
          codePage(932),
          messageProperties(sizedProperty(ids.body, 0x1e, iconv.encode('日本語', 'cp932'))),
        )
      ).text,
    ).toBe('日本語');
    expect((await bodyOf(messageProperties(stringProperty(ids.body, 'Žluťoučký 日本')))).text).toBe(
      'Žluťoučký 日本',
    );
  });

  it('is HTML beside plain text, in the code page of internet mail', async () => {
    const html = iconv.encode('<p>Größe <img src="cid:dot@x"></p>', 'iso-8859-1');
    const email = await bodyOf(
      messageProperties(
        stringProperty(ids.body, 'Größe'),
        sizedProperty(ids.html, 0x102, html),
        numberProperty(ids.codePage, 28591),
      ),
    );
    expect(email).toMatchObject({ text: 'Größe', html: '<p>Größe <img src="cid:dot@x"></p>' });
  });

  it('is the HTML that its compressed RTF carries', async () => {
    const rtf =
      "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Gr\\'fc\\'dfe\\htmlrtf\\par}\\htmlrtf0{\\*\\htmltag72 </p>}}";
    const email = await bodyOf(messageProperties(sizedProperty(ids.rtf, 0x102, compressRtf(rtf))));
    expect(email).toMatchObject({ html: '<p>Grüße</p>', text: 'Grüße', snippet: 'Grüße', problem: null });
  });

  it('is the text of its compressed RTF where it has no other', async () => {
    const rtf = "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par \\u26085?}";
    const email = await bodyOf(messageProperties(sizedProperty(ids.rtf, 0x102, compressRtf(rtf))));
    expect(email).toMatchObject({ html: null, text: 'Привет\n日', problem: null });
  });

  it('is that of a mail which is nothing but a winmail.dat', async () => {
    const winmail = tnef(messageProperties(stringProperty(ids.body, 'All of it.')), attachment('a.pdf', pdf));
    const email = await parseEmail(
      Buffer.concat([Buffer.from('Subject: x\r\nContent-Type: application/ms-tnef\r\n\r\n'), winmail]),
    );
    expect(email).toMatchObject({ subject: 'x', text: 'All of it.', attachments: [{ filename: 'a.pdf' }] });
  });
});

describe('a winmail.dat that cannot be read', () => {
  it('stays the attachment that it is', async () => {
    const email = await parseEmail(mailWith(Buffer.from('no TNEF at all'), 'text'));
    expect(email.attachments).toMatchObject([
      { filename: 'winmail.dat', mediaType: 'application/ms-tnef', size: 14 },
    ]);
    expect(email.problem).toBeNull();
  });

  it('to its end gives what came before, and stays besides', async () => {
    const whole = tnef(attachment('a.pdf', pdf), attachment('b.bin', Buffer.alloc(1_000)));
    const email = await parseEmail(mailWith(whole.subarray(0, -600), 'text'));
    expect(email.attachments.map(({ filename }) => filename)).toEqual(['a.pdf', 'b.bin', 'winmail.dat']);
    expect(email.attachments[0]?.size).toBe(pdf.length);
    expect(email.problem).toMatch(/damaged/);
  });
});
