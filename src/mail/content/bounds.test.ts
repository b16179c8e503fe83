import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentLimits } from './limits.ts';
import { parseEmail } from './parse.ts';
import {
  attachedMessage,
  attachment,
  attribute,
  compressRtf,
  messageProperties,
  sizedProperty,
  stringProperty,
  tnef,
  u16,
  u32,
} from './tnef/testing.ts';

describe('bounds', () => {
  it('a thousand nested multiparts are read to a depth, in time', async () => {
    const depth = 1_000;
    const nested = Array.from(
      { length: depth },
      (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
    ).join('');
    const started = performance.now();
    const email = await parseEmail(Buffer.from(`Subject: deep\r\n${nested}\r\nbottom`));
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(email.subject).toBe('deep');
    expect(email.problem).toMatch(/nested/);
    expect(email.text).toContain('bottom');
  });

  it('a thousand mails within one another are read to a depth, in time', async () => {
    const started = performance.now();
    const email = await parseEmail(
      Buffer.from(`${'Content-Type: message/rfc822\r\n\r\n'.repeat(1_000)}\r\nbottom`),
    );
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(email.problem).toMatch(/nested/);
  });

  it('ten thousand parts are read up to the bound, in time', async () => {
    const raw = Buffer.from(
      `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\nContent-Type: image/png\r\n\r\ny\r\n'.repeat(10_000)}--x--`,
    );
    const started = performance.now();
    const email = await parseEmail(raw);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(email.attachments.length).toBeLessThanOrEqual(contentLimits.parts);
    expect(email.problem).toMatch(/parts/);
  });

  it.each([
    ['fields', 'X: y\r\n'.repeat(200_000)],
    ['folds of one field', `Subject: a\r\n${' b\r\n'.repeat(200_000)}`],
    ['addresses', `To: ${'a@b.example, '.repeat(80_000)}x@y.example\r\n`],
    ['references', `References: ${'<a@b> <c@d> '.repeat(50_000)}\r\n`],
    ['encoded words', `Subject: ${'=?utf-8?Q?=?= '.repeat(60_000)}\r\n`],
    ['parameters', `Content-Type: text/plain; ${'a*1=b; '.repeat(100_000)}\r\n`],
    ['brackets', `To: ${'<('.repeat(400_000)}\r\n`],
    ['quotes', `Content-Type: text/plain; ${'a="\\'.repeat(200_000)}\r\n`],
  ])('a megabyte of %s is read in time', async (_name, header) => {
    const started = performance.now();
    const email = await parseEmail(Buffer.from(`From: a@b.example\r\n${header}\r\nbody`));
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(email.from[0]?.address).toBe('a@b.example');
    expect(email.to.length).toBeLessThanOrEqual(contentLimits.addresses);
    expect(email.references.length).toBeLessThanOrEqual(contentLimits.references);
  });

  it('no bytes make it fail, nor leave a NUL or a lone surrogate', async () => {
    const scraps = fc.constantFrom(
      'Content-Type: multipart/mixed; boundary=x\r\n',
      'Content-Type: text/html; charset=utf-16\r\n',
      'Content-Type: message/rfc822\r\n',
      'Content-Transfer-Encoding: base64\r\n',
      'Content-Transfer-Encoding: x-uuencode\r\n',
      '--x\r\n',
      '--x--',
      '\r\n',
      '\n',
      '\r',
      '\0',
      '=?utf-7?Q?+2AA-?=',
      'Subject: ',
      'To: ',
      '<a',
      '=',
      '&#0;',
      '\xff\xfe',
      'begin 644 x\n',
      ' ',
      ';',
      '"',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(scraps, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 40 }),
        async (pieces) => {
          const email = await parseEmail(Buffer.from(pieces.join(''), 'latin1'));
          const { attachments, ...rest } = email;
          const strings = JSON.stringify([
            rest,
            attachments.map(({ content: _, ...attachment }) => attachment),
          ]);
          expect(strings).not.toMatch(/\\u0000|\\ud[89a-f]/i);
          expect(email.problem ?? '').not.toContain('could not be read');
          expect(attachments.every(({ filename }) => filename !== '')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('bounds of a winmail.dat', () => {
  const mailOf = (winmail: Uint8Array) =>
    Buffer.concat([Buffer.from('Subject: bomb\r\nContent-Type: application/ms-tnef\r\n\r\n'), winmail]);
  const rtfOf = (content: Uint8Array, size = 0xffffffff) =>
    messageProperties(
      sizedProperty(0x1009, 0x102, Buffer.concat([u32(size), u32(size), u32(0x75465a4c), u32(0), content])),
    );
  const gigabyte = 1024 ** 3;
  const nested = (depth: number) => {
    let stream = tnef(messageProperties(stringProperty(0x1000, 'bottom')));
    for (let level = 0; level < depth; level++) stream = tnef(attachedMessage(stream));
    return stream;
  };
  const emptyAttribute = attribute(1, 0x8001, Buffer.alloc(0));

  it.each([
    ['an attribute of a stated gigabyte', tnef(attribute(2, 0x800f, Buffer.from('x'), gigabyte))],
    ['an attribute that claims all there is', tnef(attribute(1, 0x800c, Buffer.from('x'), 0xffffffff))],
    ['four thousand million properties', tnef(attribute(1, 0x9003, u32(0xffffffff)))],
    [
      'a property of four thousand million values',
      tnef(attribute(1, 0x9003, Buffer.concat([u32(1), u16(0x101e), u16(0x1000), u32(0xffffffff), u32(0)]))),
    ],
    [
      'a property whose value is a stated gigabyte',
      tnef(attribute(1, 0x9003, Buffer.concat([u32(1), u16(0x1e), u16(0x1000), u32(1), u32(gigabyte)]))),
    ],
    [
      'a property whose name is a stated gigabyte',
      tnef(
        attribute(
          1,
          0x9003,
          Buffer.concat([u32(1), u16(3), u16(0x8000), Buffer.alloc(16), u32(1), u32(gigabyte)]),
        ),
      ),
    ],
    [
      'a million properties of no size',
      tnef(attribute(1, 0x9003, Buffer.alloc(4_000_000, Buffer.from('1e000010', 'hex')))),
    ],
    [
      'as many empty attributes as fit',
      tnef(Buffer.concat(Array.from({ length: 300_000 }, () => emptyAttribute))),
    ],
    [
      'as many attachments as fit',
      tnef(Buffer.concat(Array.from({ length: 50_000 }, () => attachment('', Buffer.alloc(0))))),
    ],
    ['messages in messages', nested(200)],
    ['RTF that refers to itself throughout', tnef(rtfOf(Buffer.alloc(4_000_000, 0xff)))],
    ['RTF of groups', tnef(rtfOf(compressRtf('{'.repeat(50_000)).subarray(16)))],
    ['RTF that ends at once', tnef(rtfOf(Buffer.alloc(0)))],
    ['a signature alone', tnef()],
    ['half a signature', Buffer.from([0x78, 0x9f])],
  ])('%s is read in time', async (_name, winmail) => {
    const started = performance.now();
    const email = await parseEmail(mailOf(winmail));
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(email.subject).toBe('bomb');
    expect(email.attachments.length).toBeLessThanOrEqual(contentLimits.parts);
    expect(email.problem ?? '').not.toContain('could not be read');
    const held = email.attachments.reduce((sum, { size }) => sum + size, 0);
    expect(held).toBeLessThanOrEqual(2 * winmail.length);
  });

  it('messages in messages are opened to a depth, and what lies below stays a file', async () => {
    const email = await parseEmail(mailOf(nested(200)));
    expect(email.problem).toMatch(/nested/);
    expect(email.attachments).toHaveLength(1);
    expect((await parseEmail(mailOf(nested(5)))).attachments).toMatchObject([{ filename: 'message.txt' }]);
  });

  it('no bytes make it fail', async () => {
    const scraps = fc.constantFrom<Uint8Array>(
      u32(0),
      u32(1),
      u32(0xffffffff),
      u16(0x1e),
      u16(0x102),
      u16(0x1009),
      u16(0x1013),
      u16(0x8000),
      attribute(1, 0x9003, u32(3)),
      attribute(2, 0x9002, Buffer.alloc(0)),
      attribute(2, 0x9005, u32(9), 20),
      attribute(1, 0x9007, u16(1)),
      attribute(1, 0x800c, Buffer.from('text'), 9),
      attachedMessage(tnef()),
      attachment('a', Buffer.from('b'), sizedProperty(0x3701, 0x0d, Buffer.alloc(3))),
      rtfOf(compressRtf('{\\rtf1 a}').subarray(16)),
      tnef(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(scraps, fc.uint8Array({ maxLength: 6 })), { maxLength: 20 }),
        async (pieces) => {
          const email = await parseEmail(mailOf(tnef(...pieces)));
          expect(email.problem ?? '').not.toContain('could not be read');
          const { attachments, ...rest } = email;
          expect(JSON.stringify(rest)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
          expect(attachments.every(({ filename }) => filename !== '')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
