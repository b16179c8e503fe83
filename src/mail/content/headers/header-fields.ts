import { decodeBytes } from '../charset.ts';
import { contentLimits } from '../limits.ts';
import { isUtf8 } from '../text/charset-detection.ts';

export interface HeaderField {
  /** Lower case. */
  name: string;
  /** Unfolded body as bytes: fields may hold 8-bit text of any charset. */
  body: Uint8Array;
}

export interface HeaderBlock {
  fields: HeaderField[];
  /** Offset of the first byte of the body. */
  bodyStart: number;
  isTruncated: boolean;
}

const lf = 0x0a;
const cr = 0x0d;

/**
 * Splits a header block (RFC 5322 §2.2) from the bytes that follow it. Lines that are no fields are passed over (an mbox "From " line,
 * what a broken gateway inserted); bytes that do not begin with a field at all have no header, and are body from the first byte.
 */
export function readHeaderBlock(bytes: Uint8Array, start = 0, end = bytes.length): HeaderBlock {
  const fields: { name: string; pieces: Uint8Array[] }[] = [];
  let isTruncated = false;
  let offset = start;
  let strayLineStart: number | null = null;
  while (offset < end) {
    const newline = bytes.indexOf(lf, offset);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const line = withoutLineEnd(bytes.subarray(offset, next));
    if (line.length === 0) return { fields: fields.map(joined), bodyStart: next, isTruncated };
    const current = fields.at(-1);
    const isContinuation = line[0] === 0x20 || line[0] === 0x09;
    // The bound is on what is kept: an oversized block is still read to its end, else its rest would be taken for the body.
    if (offset - start > contentLimits.headerBytes || fields.length >= contentLimits.headerFields)
      isTruncated = true;
    else if (isContinuation && current) current.pieces.push(line);
    else {
      const name = fieldName(line);
      if (name !== null) fields.push({ name, pieces: [line.subarray(line.indexOf(0x3a) + 1)] });
      else if (fields.length === 0 && !isMboxLine(line) && !isContinuation)
        return { fields: [], bodyStart: offset, isTruncated };
      else if (strayLineStart === null && !isMboxLine(line)) strayLineStart = offset;
    }
    offset = next;
  }
  // No empty line: what follows the first line that is no field was meant as the body.
  return { fields: fields.map(joined), bodyStart: strayLineStart ?? end, isTruncated };
}

/** Name of the field a line begins, lower case, or null. White space before the colon is obsolete (RFC 5322 §4.5) and allowed. */
function fieldName(line: Uint8Array): string | null {
  const colon = line.subarray(0, 200).indexOf(0x3a);
  if (colon <= 0) return null;
  let name = '';
  for (const byte of line.subarray(0, colon)) name += String.fromCharCode(byte);
  return /^[!-9;-~]+[ \t]*$/.test(name) ? name.trimEnd().toLowerCase() : null;
}

function isMboxLine(line: Uint8Array): boolean {
  const from = line[0] === 0x3e ? line.subarray(1, 6) : line.subarray(0, 5);
  return String.fromCharCode(...from) === 'From ';
}

function withoutLineEnd(line: Uint8Array): Uint8Array {
  let length = line.length;
  if (line[length - 1] === lf) length--;
  while (line[length - 1] === cr) length--;
  return line.subarray(0, length);
}

function joined(field: { name: string; pieces: Uint8Array[] }): HeaderField {
  return {
    name: field.name,
    body: field.pieces.length === 1 ? (field.pieces[0] ?? new Uint8Array()) : Buffer.concat(field.pieces),
  };
}

/**
 * Text of a field's body before RFC 2047 decoding. 8-bit bytes are UTF-8 (RFC 6532) or, against every rule, in the charset that the
 * mail's text has: pass that as `charsetHint`.
 */
export function fieldText(field: HeaderField, charsetHint: string | null): string {
  return decodeBytes(field.body, isUtf8(field.body) ? null : charsetHint).trim();
}

export function firstField(fields: readonly HeaderField[], name: string): HeaderField | null {
  return fields.find((field) => field.name === name) ?? null;
}
