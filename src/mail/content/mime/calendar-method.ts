import { contentLimits } from '../limits.ts';
import { safeLine } from '../text/safe-text.ts';
import type { MimePart } from './part-tree.ts';

const calendarTypes = new Set(['text/calendar', 'application/ics']);

/**
 * The iTIP method (RFC 5546) of the first calendar part that names one, upper case: by the part's parameter (RFC 6047 §2.4), else by
 * the calendar itself where its bytes are here.
 */
export function calendarMethodOf(parts: readonly MimePart[]): string | null {
  for (const part of parts) {
    if (!calendarTypes.has(part.mediaType)) continue;
    const method = part.parameters.get('method') ?? methodInside(part.bytesHere());
    const name = safeLine(method ?? '', 40).toUpperCase();
    if (name !== '') return name;
  }
  return null;
}

/** Properties of the calendar stand before its first component (RFC 5545 §3.6), so METHOD of another than the calendar is none. */
function methodInside(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  const start = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.byteLength, contentLimits.calendarBytes),
  );
  // Method names are ASCII, whatever charset the rest has; of UTF-16 the zero bytes are left out.
  const text = start
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/\r?\n[ \t]/g, '');
  const begin = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*BEGIN:VCALENDAR\b/i.exec(text);
  if (begin === null) return null;
  const firstComponent = text.slice(begin[0].length).search(/^BEGIN:/im);
  const properties = text.slice(0, firstComponent < 0 ? undefined : begin[0].length + firstComponent);
  return /^METHOD(?:;[^:\r\n]*)?:[ \t]*([^\r\n]*)/im.exec(properties)?.[1]?.trim() ?? null;
}
