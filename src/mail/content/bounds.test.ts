import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentLimits } from './limits.ts';
import { parseEmail } from './parse.ts';

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
