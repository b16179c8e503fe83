const lf = 0x0a;
const cr = 0x0d;
const dash = 0x2d;

/**
 * The parts between the delimiter lines of a multipart body (RFC 2046 §5.1.1), at most `maxParts` + 1 of them: the one more tells that
 * the bound was met. A missing last delimiter ends the last part at the end of the body.
 */
export function splitMultipart(body: Uint8Array, boundary: string, maxParts: number): Uint8Array[] {
  const delimiter = Buffer.from(`--${boundary}`);
  const haystack = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: Uint8Array[] = [];
  let partStart: number | null = null;
  for (
    let at = haystack.indexOf(delimiter);
    at >= 0;
    at = haystack.indexOf(delimiter, at + delimiter.length)
  ) {
    if (at > 0 && body[at - 1] !== lf && body[at - 1] !== cr) continue;
    const line = readDelimiterLine(body, at + delimiter.length);
    if (line === null) continue;
    if (partStart !== null) parts.push(body.subarray(partStart, beforeLineEnd(body, partStart, at)));
    if (line.isLast || parts.length > maxParts) return parts;
    partStart = line.next;
  }
  if (partStart !== null && partStart < body.length) parts.push(body.subarray(partStart));
  return parts;
}

/** What follows the boundary must be blank, or the two dashes of the last delimiter; else this is a longer boundary's line. */
function readDelimiterLine(body: Uint8Array, from: number): { isLast: boolean; next: number } | null {
  const isLast = body[from] === dash && body[from + 1] === dash;
  let index = isLast ? from + 2 : from;
  while (body[index] === 0x20 || body[index] === 0x09) index++;
  if (body[index] === cr) index++;
  if (body[index] === lf) index++;
  else if (index < body.length && body[index - 1] !== cr) return null;
  return { isLast, next: index };
}

/** The line end before a delimiter belongs to the delimiter. */
function beforeLineEnd(body: Uint8Array, start: number, at: number): number {
  let end = at;
  if (end > start && body[end - 1] === lf) end--;
  if (end > start && body[end - 1] === cr) end--;
  return end;
}

/** The boundary of a multipart whose declared one is missing or never occurs: that of the first line which looks like a delimiter and is followed by a field. */
export function guessBoundary(body: Uint8Array): string | null {
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 64 * 1024)).toString(
    'latin1',
  );
  return (
    /(?:^|\n)--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\n(?:Content-[\w-]+[ \t]*:|\r?\n)/i.exec(start)?.[1] ?? null
  );
}
