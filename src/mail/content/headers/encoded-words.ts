import iconv from 'iconv-lite';
import { decodeBytes } from '../charset.ts';
import { resolveCharset } from '../text/charset-labels.ts';

/** Looser than RFC 2047 §2: blanks inside a Q word and a wrong length occur, and are read. */
const encodedWord = /=\?([^?\s]+)\?([bq])\?([^?]*)\?=/gi;

/**
 * Decodes the encoded words (RFC 2047) of a field's text. Adjacent words of one charset are decoded as one run of bytes,
 * since many senders split inside a multibyte character.
 */
export function decodeEncodedWords(text: string): string {
  return replaceEncodedWords(text, (decoded) => decoded);
}

/** The same text with each run of encoded words written as one word of UTF-8, for parsers that know fewer charsets. */
export function recodeEncodedWords(text: string): string {
  return replaceEncodedWords(
    text,
    (decoded) => `=?utf-8?B?${Buffer.from(decoded.toWellFormed()).toString('base64')}?=`,
  );
}

function replaceEncodedWords(text: string, write: (decoded: string) => string): string {
  let result = '';
  let end = 0;
  let run: { charset: string; pieces: Uint8Array[] }[] = [];
  const flush = () => {
    if (run.length === 0) return;
    result += write(run.map(({ charset, pieces }) => decodeBytes(Buffer.concat(pieces), charset)).join(''));
    run = [];
  };
  for (const match of text.matchAll(encodedWord)) {
    const between = text.slice(end, match.index);
    // Blanks between two encoded words only separate them (§6.2).
    if (run.length === 0 || between.trim() !== '') {
      flush();
      result += between;
    }
    // RFC 2231 §5 lets a language follow the charset.
    const charset = (match[1] ?? '').split('*', 1)[0]?.toLowerCase() ?? '';
    const bytes = wordBytes(match[2] ?? '', match[3] ?? '', charset);
    const last = run.at(-1);
    if (last?.charset === charset) last.pieces.push(bytes);
    else run.push({ charset, pieces: [bytes] });
    end = match.index + match[0].length;
  }
  flush();
  return result + text.slice(end);
}

function wordBytes(encoding: string, content: string, charset: string): Uint8Array {
  if (encoding.toLowerCase() === 'b') return Buffer.from(content, 'base64');
  const bytes = encodeIn(charset, content);
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    const escaped = byte === 0x3d ? hexByte(bytes[index + 1], bytes[index + 2]) : null;
    if (escaped !== null) {
      decoded[length++] = escaped;
      index += 2;
    } else decoded[length++] = byte === 0x5f ? 0x20 : byte;
  }
  return decoded.subarray(0, length);
}

/** Raw 8-bit letters inside a Q word became text with the field: here they turn back into bytes of the word's charset. */
function encodeIn(charset: string, content: string): Uint8Array {
  const resolved = resolveCharset(charset) ?? 'utf-8';
  return isAscii(content) || !iconv.encodingExists(resolved)
    ? Buffer.from(content)
    : iconv.encode(content, resolved);
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** Value of two hexadecimal digits given as character codes, null when they are none. */
export function hexByte(high: number | undefined, low: number | undefined): number | null {
  const [left, right] = [hexDigit(high), hexDigit(low)];
  return left === null || right === null ? null : left * 16 + right;
}

function hexDigit(code: number | undefined): number | null {
  if (code === undefined) return null;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : null;
}
