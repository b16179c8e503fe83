import { hexByte } from '../headers/encoded-words.ts';

/** Undoes a Content-Transfer-Encoding (RFC 2045 §6), uuencode included; broken input yields what can be read. */
export function decodeTransfer(bytes: Uint8Array, encoding: string | null): Uint8Array {
  switch (encoding) {
    case 'base64':
      return decodeBase64(bytes);
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    case 'x-uuencode':
    case 'x-uue':
    case 'uuencode':
      return decodeUuencode(bytes);
    default:
      return bytes;
  }
}

/** More than any encoding's name and comment; a megabyte of open brackets would take minutes to tell from comments. */
const longestField = 200;

/** The encoding's token, lower case, without what senders put around it; null when none is named. */
export function readTransferEncoding(fieldText: string): string | null {
  const token =
    /[\w-]+/.exec(
      fieldText
        .slice(0, longestField)
        .replace(/\([^)]*\)/g, ' ')
        .toLowerCase(),
    )?.[0] ?? null;
  if (token === 'qp' || token === 'quotedprintable') return 'quoted-printable';
  return token === 'base-64' ? 'base64' : token;
}

/** Bytes that `encodedSize` bytes in this encoding hold, for lists that show a size before the part is fetched. */
export function decodedSize(encodedSize: number, encoding: string | null): number {
  // Base64 by lines of 76 characters and CRLF.
  return encoding === 'base64' ? Math.floor((encodedSize * 76 * 3) / (78 * 4)) : encodedSize;
}

/** Units that end in padding may follow one another: some senders encode piece by piece. */
function decodeBase64(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const paddingAt = text.indexOf('=');
  if (paddingAt < 0 || /^[=\s]*$/.test(text.slice(paddingAt, paddingAt + 8))) {
    const rest = paddingAt < 0 ? '' : text.slice(paddingAt).replace(/[=\s]+/, '');
    if (!/[A-Za-z0-9+/]{4}/.test(rest))
      return Buffer.from(paddingAt < 0 ? text : text.slice(0, paddingAt), 'base64');
  }
  return Buffer.concat(text.split(/=+/).map((unit) => Buffer.from(unit, 'base64')));
}

function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte !== 0x3d) {
      decoded[length++] = byte;
      continue;
    }
    const escaped = hexByte(bytes[index + 1], bytes[index + 2]);
    if (escaped !== null) {
      decoded[length++] = escaped;
      index += 2;
      continue;
    }
    const lineEnd = softBreakEnd(bytes, index + 1);
    if (lineEnd === null) decoded[length++] = byte;
    else index = lineEnd;
  }
  return decoded.subarray(0, length);
}

/** Index of the last byte of the line end that a `=` at the end of a line hides, blanks before it allowed (RFC 2045 §6.7 rule 3). */
function softBreakEnd(bytes: Uint8Array, from: number): number | null {
  let index = from;
  while (bytes[index] === 0x20 || bytes[index] === 0x09) index++;
  if (index >= bytes.length) return bytes.length;
  if (bytes[index] === 0x0a) return index;
  if (bytes[index] === 0x0d) return bytes[index + 1] === 0x0a ? index + 1 : index;
  return null;
}

function decodeUuencode(bytes: Uint8Array): Uint8Array {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .split(/\r\n|\n|\r/);
  const begin = lines.findIndex((line) => /^begin(?:-base64)? [0-7]{3,4} /.test(line));
  if (begin < 0) return bytes;
  const pieces: Uint8Array[] = [];
  for (const line of lines.slice(begin + 1)) {
    if (line === 'end') break;
    pieces.push(decodeUuLine(line));
  }
  return Buffer.concat(pieces);
}

function decodeUuLine(line: string): Uint8Array {
  const value = (index: number): number => (index < line.length ? (line.charCodeAt(index) - 32) & 63 : 0);
  const length = line === '' ? 0 : value(0);
  const decoded = new Uint8Array(Math.ceil(length / 3) * 3);
  for (let group = 0; group * 3 < length; group++) {
    const at = 1 + group * 4;
    const bits = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3);
    decoded.set([bits >> 16, (bits >> 8) & 255, bits & 255], group * 3);
  }
  return decoded.subarray(0, length);
}
