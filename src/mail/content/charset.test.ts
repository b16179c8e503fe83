import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { decodeBytes } from './charset.ts';
import { resolveCharset } from './text/charset-labels.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('decodeBytes', () => {
  it.each([
    ['iso-8859-1', 'Grüße, señor'],
    ['windows-1252', '“Zitat” – 5 €'],
    ['iso-8859-2', 'Zażółć gęślą jaźń'],
    ['windows-1251', 'Съешь ещё'],
    ['koi8-r', 'Съешь ещё этих булок'],
    ['shift_jis', '日本語のメール'],
    ['euc-jp', '日本語のメール'],
    ['gb2312', '简体中文'],
    ['gb18030', '简体中文𠀀'],
    ['big5', '繁體中文'],
    ['euc-kr', '한국어 메일'],
    ['windows-1255', 'שלום'],
    ['tis-620', 'สวัสดี'],
    ['macintosh', 'Émile'],
    ['cp850', 'Grüße'],
    ['cp437', 'Grüße'],
    ['utf-16be', 'Grüße'],
    ['utf-16le', 'Grüße'],
    ['utf-32le', 'Grüße'],
  ])('reads %s', (charset, text) => {
    expect(decodeBytes(iconv.encode(text, charset), charset)).toBe(text);
  });

  it.each([
    ['iso-2022-jp', '\x1b$BF|K\\8l\x1b(B', '日本語'],
    ['iso-2022-kr', '\x1b$)C\x0eGQ1[\x0f!', '한글!'],
    ['hz-gb-2312', 'A~{<:Ky2;~}~~B', 'A己所不~B'],
    ['utf-7', 'Gr+APwA3w-e', 'Grüße'],
    ['unicode-1-1-utf-7', '+ZeVnLIqe-', '日本語'],
  ])('reads the 7-bit %s', (charset, bytes, text) => {
    expect(decodeBytes(latin1(bytes), charset)).toBe(text);
  });

  it.each([
    ['"ISO_8859-1:1987"', 'iso_8859-1:1987'],
    ['x-sjis', 'shift_jis'],
    ['MS932', 'shift_jis'],
    ['cp1252', 'cp1252'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['x-gbk', 'gb18030'],
    ['3Dutf-8', 'utf-8'],
    ['UTF8', 'utf-8'],
    ['utf-8;', 'utf-8'],
    ['unknown-8bit', null],
    ['x-user-defined', null],
    ['us-ascii', null],
    ['no-such-charset', null],
  ])('takes the label %s for %s', (label, resolved) => {
    expect(resolveCharset(label)).toBe(resolved);
  });

  it.each([null, 'us-ascii', 'unknown-8bit', 'x-user-defined', 'made-up'])(
    'tells 8-bit text labelled %s by its bytes',
    (label) => {
      expect(decodeBytes(Buffer.from('Grüße 日本'), label)).toBe('Grüße 日本');
      expect(decodeBytes(latin1('Gr\xfc\xdfe aus K\xf6ln'), label)).toBe('Grüße aus Köln');
    },
  );

  it.each([
    ['windows-1251', 'Привет, как твои дела? Встретимся завтра вечером у входа.'],
    ['koi8-r', 'Привет, как твои дела? Встретимся завтра вечером у входа.'],
    ['shift_jis', 'これはテストのメールです。よろしくお願いします。'],
    ['euc-jp', 'これはテストのメールです。よろしくお願いします。'],
    ['gb18030', '这是一封测试邮件,请不要回复。谢谢大家的支持'],
    ['big5', '這是一封測試郵件,請不要回覆。謝謝大家的支持'],
    ['euc-kr', '안녕하세요. 이것은 시험 메일입니다. 감사합니다.'],
  ])('recognises unlabelled %s', (charset, text) => {
    expect(decodeBytes(iconv.encode(text, charset), null)).toBe(text);
  });

  it('reads Latin-1 that is called UTF-8, and keeps UTF-8 with one broken byte', () => {
    expect(decodeBytes(latin1('Gr\xfc\xdfe'), 'utf-8')).toBe('Grüße');
    expect(decodeBytes(Buffer.concat([Buffer.from('Grüße'), latin1('\xc3')]), 'utf-8')).toBe('Grüße\ufffd');
  });

  it('reads UTF-8 that is called UTF-16, and lets a byte order mark overrule the label', () => {
    expect(decodeBytes(Buffer.from('Grüße'), 'utf-16')).toBe('Grüße');
    expect(decodeBytes(Buffer.from('\ufeffGrüße', 'utf16le'), 'iso-8859-1')).toBe('Grüße');
  });

  it('never throws, and loses no ASCII letter under an ASCII-compatible label', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.oneof(fc.string(), fc.constantFrom('utf-8', 'utf-7', 'hz', 'iso-2022-kr', 'utf-16', 'big5')),
        (bytes, label) => {
          expect(typeof decodeBytes(bytes, label)).toBe('string');
        },
      ),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'abcXYZ ,.\n') }),
        fc.constantFrom(null, 'utf-8', 'utf-7', 'latin1', 'big5', 'koi8-r', 'x'),
        (text, label) => {
          expect(decodeBytes(Buffer.from(text), label)).toBe(text);
        },
      ),
    );
  });
});
