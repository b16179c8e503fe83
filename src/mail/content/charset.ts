import iconv from 'iconv-lite';
import { detectCharset, isUtf8 } from './text/charset-detection.ts';
import { isTextDecoderLabel, resolveCharset } from './text/charset-labels.ts';
import { decodeShiftedCharset, isShiftedCharset } from './text/shifted-charset.ts';

/**
 * Text of bytes in a named charset; tells for itself where the name is missing, means nothing, or is plainly wrong
 * (UTF-8 that is none, 8-bit text called ASCII). Never throws; undecodable bytes become U+FFFD.
 */
export function decodeBytes(bytes: Uint8Array, label: string | null): string {
  const marked = byByteOrderMark(bytes);
  if (marked !== null) return marked;
  const charset = resolveCharset(label) ?? detectCharset(bytes);
  if (charset === 'utf-8') return decodeUtf8(bytes);
  if (charset === 'utf-16' || charset === 'utf-16le' || charset === 'utf-16be')
    return decodeUtf16(bytes, charset);
  if (isShiftedCharset(charset)) return decodeShiftedCharset(bytes, charset);
  if (isTextDecoderLabel(charset)) return decoderOf(charset).decode(bytes);
  return iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), charset);
}

const decoders = new Map<string, TextDecoder>();

/** Making a decoder costs more than decoding a header field. Without `stream` one keeps nothing from call to call. */
function decoderOf(label: string): TextDecoder {
  const known = decoders.get(label);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(label);
  // As many as there are labels that TextDecoder knows.
  decoders.set(label, decoder);
  return decoder;
}

function byByteOrderMark(bytes: Uint8Array): string | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return decoderOf('utf-8').decode(bytes);
  if (first === 0xff && second === 0xfe) return decoderOf('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return decoderOf('utf-16be').decode(bytes);
  return null;
}

/** Bytes called UTF-8 that hold more broken than whole sequences are something else: typically Latin-1 under a wrong label. */
function decodeUtf8(bytes: Uint8Array): string {
  const text = decoderOf('utf-8').decode(bytes);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  if (broken === 0) return text;
  const whole = text.match(/[^\p{ASCII}\ufffd]/gu)?.length ?? 0;
  if (whole >= broken) return text;
  const detected = detectCharset(bytes);
  return detected === 'utf-8' ? text : decoderOf(detected).decode(bytes);
}

/**
 * RFC 2781 calls unmarked UTF-16 big-endian, Windows writes little-endian; the zero bytes of ASCII tell which.
 * Mail called "utf-16" or "unicode" after a gateway has already recoded it to UTF-8 is common, and has no zero byte.
 */
function decodeUtf16(bytes: Uint8Array, charset: string): string {
  let zerosAtEven = 0;
  let zerosAtOdd = 0;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== 0) continue;
    if (index % 2 === 0) zerosAtEven++;
    else zerosAtOdd++;
  }
  if (zerosAtEven === 0 && zerosAtOdd === 0 && isUtf8(bytes)) return decoderOf('utf-8').decode(bytes);
  const bigEndian = charset === 'utf-16be' || (charset === 'utf-16' && zerosAtEven > zerosAtOdd);
  return decoderOf(bigEndian ? 'utf-16be' : 'utf-16le').decode(bytes);
}
