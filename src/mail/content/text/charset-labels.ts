import iconv from 'iconv-lite';

/** Labels under which anything is sent: they say no more than no label. */
const meaningless = new Set([
  '',
  '7bit',
  '8bit',
  'binary',
  'unknown',
  'unknown8bit',
  'unknown7bit',
  'userdefined',
  'default',
  'charset',
  'none',
  'null',
  'auto',
  'ascii',
  'usascii',
  'ansix341968',
  'ansix341986',
  'iso646us',
  'iso646',
  'us',
  'ansi',
  'asciius',
  'utf',
  'text',
  'undefined',
]);

/**
 * Labels as mail writes them (lower case, only letters and digits, without a leading `x` or `cs`) and the encoding meant.
 * East Asian labels name the superset that is used in their place. What stands in neither table is asked of TextDecoder, then of iconv-lite.
 */
const aliases: Readonly<Record<string, string>> = {
  utf8mb4: 'utf-8',
  utf8n: 'utf-8',
  utf8: 'utf-8',
  unicode11utf8: 'utf-8',
  utf8bom: 'utf-8',
  utf8mac: 'utf-8',
  cp65001: 'utf-8',
  '65001': 'utf-8',
  utf7: 'utf-7',
  unicode11utf7: 'utf-7',
  unicode20utf7: 'utf-7',
  cp65000: 'utf-7',
  utf7imap: 'utf-7-imap',
  utf16: 'utf-16',
  unicode: 'utf-16',
  ucs2: 'utf-16',
  iso10646ucs2: 'utf-16',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  utf32: 'utf-32',
  ucs4: 'utf-32',
  iso10646ucs4: 'utf-32',
  utf32le: 'utf-32le',
  utf32be: 'utf-32be',
  latin1: 'windows-1252',
  isolatin1: 'windows-1252',
  iso88591: 'windows-1252',
  cp819: 'windows-1252',
  latin9: 'iso-8859-15',
  iso88598i: 'iso-8859-8',
  iso88598e: 'iso-8859-8',
  iso88596i: 'iso-8859-6',
  iso88596e: 'iso-8859-6',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  gb: 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  windows936: 'gb18030',
  euccn: 'gb18030',
  chinese: 'gb18030',
  gb231280: 'gb18030',
  gb18030: 'gb18030',
  gb180302000: 'gb18030',
  big5: 'big5',
  big5hkscs: 'big5',
  cnbig5: 'big5',
  cp950: 'big5',
  ms950: 'big5',
  windows950: 'big5',
  big5eten: 'big5',
  xbig5: 'big5',
  shiftjis: 'shift_jis',
  sjis: 'shift_jis',
  mskanji: 'shift_jis',
  cp932: 'shift_jis',
  ms932: 'shift_jis',
  windows932: 'shift_jis',
  windows31j: 'shift_jis',
  sjiswin: 'shift_jis',
  sjisopen: 'shift_jis',
  eucjp: 'euc-jp',
  ujis: 'euc-jp',
  cp51932: 'euc-jp',
  eucjpms: 'euc-jp',
  eucjpwin: 'euc-jp',
  iso2022jp: 'iso-2022-jp',
  iso2022jp1: 'iso-2022-jp',
  iso2022jp2: 'iso-2022-jp',
  iso2022jp3: 'iso-2022-jp',
  iso2022jp2004: 'iso-2022-jp',
  iso2022jpms: 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  cp50222: 'iso-2022-jp',
  jis: 'iso-2022-jp',
  junet: 'iso-2022-jp',
  euckr: 'euc-kr',
  ksc5601: 'euc-kr',
  ksc56011987: 'euc-kr',
  ksc56011989: 'euc-kr',
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  windows949: 'euc-kr',
  korean: 'euc-kr',
  ks: 'euc-kr',
  ksx1001: 'euc-kr',
  tis620: 'windows-874',
  cp874: 'windows-874',
  iso885911: 'windows-874',
  koi8: 'koi8-r',
  koi8ru: 'koi8-u',
  hzgb2312: 'hz-gb-2312',
  hz: 'hz-gb-2312',
  iso2022kr: 'iso-2022-kr',
  iso2022cn: 'iso-2022-cn',
  iso2022cnext: 'iso-2022-cn',
};

/** The encoding meant by a charset label of mail, null where the label says nothing usable. */
export function resolveCharset(label: string | null): string | null {
  if (label === null) return null;
  const known = resolved.get(label);
  if (known !== undefined) return known;
  const charset = findCharset(label);
  if (resolved.size < labelsRemembered && label.length <= 100) resolved.set(label, charset);
  return charset;
}

const resolved = new Map<string, string | null>();
/** Labels are the sender's: the memory of them must not grow with each that is made up. */
const labelsRemembered = 500;

function findCharset(label: string): string | null {
  const written =
    label
      .toLowerCase()
      .replace(/^3d/, '')
      .split(/[;,*]/, 1)[0]
      ?.replace(/["'\s]/g, '') ?? '';
  const compact = written.replace(/[^a-z0-9]/g, '').replace(/^x(?=[a-z])/, '');
  if (meaningless.has(compact)) return null;
  const alias = aliases[compact] ?? aliases[compact.replace(/^cs/, '')];
  if (alias) return alias;
  for (const candidate of [
    written,
    compact,
    written.replace(/^x-/, ''),
    compact.replace(/^(?:cp|ms|windows)(?=125\d$)/, 'windows-'),
  ]) {
    if (isTextDecoderLabel(candidate)) return candidate;
  }
  return [written, compact].find((candidate) => iconv.encodingExists(candidate)) ?? null;
}

const textDecoderLabels = new Map<string, boolean>();

/** Whether TextDecoder knows the label. */
export function isTextDecoderLabel(label: string): boolean {
  const known = textDecoderLabels.get(label);
  if (known !== undefined) return known;
  let supported = true;
  try {
    new TextDecoder(label);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    supported = false;
  }
  if (textDecoderLabels.size < labelsRemembered) textDecoderLabels.set(label, supported);
  return supported;
}
