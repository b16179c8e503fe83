import { safeLine } from '../text/safe-text.ts';
import type { MimePart } from './part-tree.ts';

/** The method (RFC 6047 §2.4: a parameter of the part) of the first calendar part that names one, upper case. */
export function calendarMethodOf(parts: readonly MimePart[]): string | null {
  for (const { mediaType, parameters } of parts) {
    if (mediaType !== 'text/calendar') continue;
    const method = safeLine(parameters.get('method') ?? '', 40).toUpperCase();
    if (method !== '') return method;
  }
  return null;
}
