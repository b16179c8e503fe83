import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTransfer, readTransferEncoding } from './transfer-encoding.ts';

const decode = (text: string, encoding: string) =>
  Buffer.from(decodeTransfer(Buffer.from(text, 'latin1'), encoding)).toString('latin1');

describe('decodeTransfer', () => {
  it.each([
    ['base64', 'SGVs\r\nbG8=', 'Hello'],
    ['base64', 'SGVsbG8=\r\nSGVsbG8=\r\n', 'HelloHello'],
    ['base64', 'SGVs bG8', 'Hello'],
    ['quoted-printable', 'a=3Db =\r\nc= \t\r\nd=zz=', 'a=b cd=zz'],
    ['quoted-printable', 'soft=\nbreak', 'softbreak'],
    ['x-uuencode', 'begin 644 a.txt\n#0V%T\n`\nend\n', 'Cat'],
    ['8bit', 'as \xfc is', 'as \xfc is'],
  ])('undoes %s of %j', (encoding, text, expected) => {
    expect(decode(text, encoding)).toBe(expected);
  });

  it('gives back any bytes encoded as base64 by lines', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const lines = Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');
        expect(Buffer.from(decodeTransfer(Buffer.from(lines), 'base64'))).toEqual(Buffer.from(bytes));
      }),
    );
  });
});

describe('readTransferEncoding', () => {
  it.each([
    ['BASE64', 'base64'],
    ['(comment) "quoted-printable"', 'quoted-printable'],
    ['', null],
  ])('reads %j as %s', (text, encoding) => {
    expect(readTransferEncoding(text)).toBe(encoding);
  });
});
