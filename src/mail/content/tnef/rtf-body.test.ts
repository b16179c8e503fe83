import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriesHtml, readRtfBody } from './rtf-body.ts';

const read = (rtf: string) => readRtfBody(Buffer.from(rtf, 'latin1'));

describe('the text of RTF', () => {
  it('has its lines, not its fonts, colours, pictures or field codes', () => {
    expect(
      read(
        '{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}{\\colortbl;\\red0\\green0\\blue0;}\r\n' +
          '{\\*\\generator Some Writer;}{\\info{\\author Ada}}\\pard\\f0 Dear {\\b all},\\par\r\n' +
          '{\\field{\\*\\fldinst HYPERLINK "https://x.example"}{\\fldrslt our page}}\\tab {\\pict\\pngblip 89504e47}is up.\\par }',
      ),
    ).toBe('Dear all,\r\nour page\tis up.\r\n');
  });

  it.each([
    ['bytes of the code page', "{\\rtf1\\ansi\\ansicpg1252 Gr\\'fc\\'dfe}", 'Grüße'],
    ['bytes of Shift_JIS', "{\\rtf1\\ansi\\ansicpg932 \\'93\\'fa\\'96\\'7b}", '日本'],
    [
      'bytes of the font',
      "{\\rtf1\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f1\\'cf\\'f0\\'e8\\plain \\'fc}",
      'Приü',
    ],
    [
      'Unicode and its substitutes',
      "{\\rtf1\\uc1\\u8364?\\u-10179?\\u-8704?{\\uc2\\u233 xx}\\u233\\'e9!}",
      '€😀éé!',
    ],
    ['escapes and symbols', '{\\rtf1 \\{a\\\\b\\}\\~c\\_d\\emdash e}', '{a\\b}\u00a0c\u2011d—e'],
    ['bytes that are counted', '{\\rtf1 a\\bin4 }}}}b}', 'ab'],
  ])('reads %s', (_name, rtf, text) => {
    expect(read(rtf)).toBe(text);
  });
});

describe('HTML in RTF', () => {
  it('comes out as it went in', () => {
    const rtf =
      '{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n' +
      '{\\*\\htmltag19 <html>}{\\*\\htmltag50 <body>}\\htmlrtf \\lang1033 \\htmlrtf0\r\n' +
      '{\\*\\htmltag64 <p class="a">}\\htmlrtf {\\htmlrtf0 Gr\\\'fc\\\'dfe {\\*\\htmltag84 <b>}\\htmlrtf {\\b\\htmlrtf0 bold' +
      '{\\*\\htmltag92 </b>}\\htmlrtf }\\htmlrtf0 {\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 3\\htmlrtf\\par}\\htmlrtf0\r\n' +
      '{\\*\\mhtmltag84 <img src="local">}{\\*\\htmltag84 <img src="cid:a@b">}{\\*\\htmltag0 \\par }{\\*\\htmltag72 </p>}}';
    expect(carriesHtml(Buffer.from(rtf))).toBe(true);
    expect(read(rtf)).toBe('<html><body><p class="a">Grüße <b>bold</b>&lt;3<img src="cid:a@b">\r\n</p>');
  });

  it('is not looked for in other RTF', () => {
    expect(carriesHtml(Buffer.from('{\\rtf1\\ansi\\fromtext text}'))).toBe(false);
    expect(read('{\\rtf1\\ansi a{\\*\\htmltag84 <b>}b}')).toBe('ab');
  });
});

describe('hostile RTF', () => {
  it.each([
    ['groups', '{'.repeat(2_000_000)],
    ['ends of groups', `{\\rtf1 ${'}'.repeat(2_000_000)}`],
    [
      'fonts',
      '{\\rtf1{\\fonttbl{\\f0\\fcharset0 ;}{\\f1\\fcharset204 ;}}'.concat(
        "\\f0\\'80\\f1\\'80".repeat(142_000),
      ),
    ],
    [
      'described fonts',
      `{\\rtf1{\\fonttbl${Array.from({ length: 150_000 }, (_, n) => `\\f${n}\\cpg932`).join('')}`,
    ],
    ['Unicode', '{\\rtf1 '.concat('\\u9?'.repeat(500_000))],
    ['backslashes', '\\'.repeat(2_000_000)],
    ['counted bytes', '\\bin9999999999 '.repeat(130_000)],
  ])('of two megabytes of %s is read in time', (_name, rtf) => {
    const started = performance.now();
    expect(read(rtf).length).toBeLessThanOrEqual(rtf.length);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('never makes it throw', () => {
    const scraps = fc.constantFrom(
      '{',
      '}',
      '\\',
      '\\*',
      '\\u',
      '\\u-1',
      '\\uc',
      '\\bin',
      '\\bin2 ',
      "\\'",
      "\\'8",
      '\\htmlrtf',
      '\\fromhtml1',
      '\\*\\htmltag',
      '\\fonttbl',
      '\\f1',
      '\\fcharset',
      '\\ansicpg99999',
      ' ',
      '9',
      '-',
      '\\par',
      '\x80',
    );
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 60 }), (pieces) => {
        expect(typeof read(pieces.join(''))).toBe('string');
      }),
    );
  });
});
