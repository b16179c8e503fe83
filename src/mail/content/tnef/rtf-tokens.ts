import { hexByte } from '../headers/encoded-words.ts';

export type RtfToken =
  | { kind: 'open' }
  | { kind: 'close' }
  /** A letter of text in the current code page. */
  | { kind: 'byte'; byte: number }
  | { kind: 'word'; word: string; value: number | null }
  /** A backslash and what is no letter. */
  | { kind: 'symbol'; symbol: string };

const backslash = 0x5c;

/** The tokens of RTF, in time linear in its length; line breaks, and bytes that `\bin` counts, are none. */
export function* rtfTokens(rtf: Uint8Array): Generator<RtfToken> {
  for (let at = 0; at < rtf.length; ) {
    const byte = rtf[at++] ?? 0;
    if (byte === 0x7b) yield { kind: 'open' };
    else if (byte === 0x7d) yield { kind: 'close' };
    else if (byte === 0x0d || byte === 0x0a || byte === 0) continue;
    else if (byte !== backslash) yield { kind: 'byte', byte };
    else {
      const control = readControl(rtf, at);
      at = control.end;
      yield control.token;
    }
  }
}

/** Longer words and numbers than these are none of RTF's. */
const longestWord = 32;
const longestNumber = 10;

function readControl(rtf: Uint8Array, start: number): { token: RtfToken; end: number } {
  const escaped = rtf[start] === 0x27 ? hexByte(rtf[start + 1], rtf[start + 2]) : null;
  if (escaped !== null) return { token: { kind: 'byte', byte: escaped }, end: start + 3 };
  const wordEnd = runEnd(rtf, start, longestWord, isLetter);
  if (wordEnd === start) {
    const symbol = start < rtf.length ? String.fromCharCode(rtf[start] ?? 0) : '';
    return { token: { kind: 'symbol', symbol }, end: start + 1 };
  }
  const word = ascii(rtf, start, wordEnd);
  const digits = rtf[wordEnd] === 0x2d ? wordEnd + 1 : wordEnd;
  const digitsEnd = runEnd(rtf, digits, longestNumber, isDigit);
  const hasNumber = digitsEnd > digits;
  const value = hasNumber ? Number(ascii(rtf, wordEnd, digitsEnd)) : null;
  let end = hasNumber ? digitsEnd : wordEnd;
  if (rtf[end] === 0x20) end++;
  if (word === 'bin') end += Math.max(0, value ?? 0);
  return { token: { kind: 'word', word, value }, end };
}

function runEnd(rtf: Uint8Array, start: number, longest: number, belongs: (byte: number) => boolean): number {
  let end = start;
  while (end < rtf.length && end - start < longest && belongs(rtf[end] ?? 0)) end++;
  return end;
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function ascii(rtf: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(rtf[at] ?? 0);
  return text;
}
