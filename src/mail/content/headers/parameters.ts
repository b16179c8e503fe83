import { decodeBytes } from '../charset.ts';
import { decodeEncodedWords, hexByte } from './encoded-words.ts';

export interface ParameterisedValue {
  /** Lower case, e.g. `text/plain` or `attachment`; may be empty. */
  value: string;
  /** By lower-case name; RFC 2231 continuations and charsets, and RFC 2047 words, decoded. */
  parameters: Map<string, string>;
}

const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;
const section = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/;

/** Reads Content-Type, Content-Disposition and their like (RFC 2045 §5.1, RFC 2183, RFC 2231). Of a repeated parameter the first counts. */
export function readParameterised(text: string): ParameterisedValue {
  const withoutComment = text.replace(/^([^;"(]*)\([^)]*\)/, '$1');
  // The semicolon after the type is forgotten now and then.
  const value = /^\s*[^\s;]*/.exec(withoutComment)?.[0] ?? '';
  const rest = withoutComment.slice(value.length).replace(/^\s*(?=[^\s;])/, ';');
  const sections = new Map<string, { number: number; isEncoded: boolean; content: string }[]>();
  const plain = new Map<string, string>();
  for (const match of rest.matchAll(parameter)) {
    const content = match[2] === undefined ? (match[3] ?? '').trim() : unescapeQuoted(match[2]);
    const named = section.exec((match[1] ?? '').toLowerCase());
    if (!named) continue;
    const [, name = '', number, star] = named;
    if (number === undefined && star === undefined) {
      if (!plain.has(name)) plain.set(name, content);
    } else {
      const list = sections.get(name) ?? [];
      if (!list.some((known) => known.number === Number(number ?? 0)) && list.length < 1_000) {
        list.push({ number: Number(number ?? 0), isEncoded: star !== undefined, content });
      }
      sections.set(name, list);
    }
  }
  const parameters = new Map<string, string>();
  for (const [name, content] of plain) parameters.set(name, decodePlain(content));
  for (const [name, list] of sections) parameters.set(name, decodeSections(list));
  return { value: value.trim().replace(/^"|"$/g, '').toLowerCase(), parameters };
}

/** A backslash escapes only what needs it: Windows paths are sent in quotes as they are. */
function unescapeQuoted(content: string): string {
  return content.replace(/\\(["\\])/g, '$1');
}

function decodePlain(content: string): string {
  // RFC 2047 §5 forbids encoded words here; every large sender has used them.
  if (content.includes('=?')) return decodeEncodedWords(content);
  // What belongs under `name*` is also seen under `name`.
  const extended = /^([a-z][\w-]*)'[\w-]*'([^'\s]*%[0-9a-f]{2}.*)$/i.exec(content);
  return extended ? decodeBytes(percentBytes(extended[2] ?? ''), extended[1] ?? null) : content;
}

/** Sections of one charset are decoded as one run of bytes, since a character may be split between two (RFC 2231 §4.1). */
function decodeSections(sections: { number: number; isEncoded: boolean; content: string }[]): string {
  sections.sort((left, right) => left.number - right.number);
  let charset: string | null = null;
  let isFirst = true;
  const pieces: Uint8Array[] = [];
  for (const { isEncoded, content } of sections) {
    let rest = content;
    const prefix = isFirst && isEncoded ? /^([^']*)'[^']*'/.exec(content) : null;
    if (prefix) {
      charset = prefix[1] || null;
      rest = content.slice(prefix[0].length);
    }
    isFirst = false;
    pieces.push(isEncoded ? percentBytes(rest) : Buffer.from(rest));
  }
  const text = decodeBytes(Buffer.concat(pieces), charset);
  return text.includes('=?') ? decodeEncodedWords(text) : text;
}

function percentBytes(content: string): Uint8Array {
  const bytes = Buffer.from(content);
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const escaped = bytes[index] === 0x25 ? hexByte(bytes[index + 1], bytes[index + 2]) : null;
    decoded[length++] = escaped ?? bytes[index] ?? 0;
    if (escaped !== null) index += 2;
  }
  return decoded.subarray(0, length);
}
