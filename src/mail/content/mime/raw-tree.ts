import { readSubject } from '../headers/envelope.ts';
import { fieldText, firstField, type HeaderField, readHeaderBlock } from '../headers/header-fields.ts';
import { readParameterised } from '../headers/parameters.ts';
import { contentLimits } from '../limits.ts';
import { guessBoundary, splitMultipart } from './multipart.ts';
import { once } from './once.ts';
import type { MimePart, ProblemReport } from './part-tree.ts';
import { isTnefPart, type PartBudget, readTnefParts, tnefMediaType } from './tnef-parts.ts';
import { decodeTransfer, readTransferEncoding } from './transfer-encoding.ts';

/** The MIME tree of a mail's body, bounded in depth and parts; what lies beyond a bound is told to `report` and left as one opaque part. */
export function readRawTree(
  fields: readonly HeaderField[],
  body: Uint8Array,
  report: ProblemReport,
): MimePart {
  return readPart(fields, body, 0, 'text/plain', { parts: contentLimits.parts, report });
}

function readPart(
  fields: readonly HeaderField[],
  body: Uint8Array,
  depth: number,
  defaultType: string,
  budget: PartBudget,
): MimePart {
  budget.parts--;
  const text = (name: string): string => {
    const field = firstField(fields, name);
    return field ? fieldText(field, null) : '';
  };
  const contentType = readParameterised(text('content-type'));
  const disposition = readParameterised(text('content-disposition'));
  const encoding = readTransferEncoding(text('content-transfer-encoding'));
  const declaredType = /^[^/]+\/[^/]+$/.test(contentType.value)
    ? contentType.value
    : shortType(contentType.value, defaultType);
  const isMultipart = declaredType.startsWith('multipart/');
  const children = isMultipart
    ? readChildren(body, contentType.parameters.get('boundary'), declaredType, depth, budget)
    : [];
  // A multipart without a single delimiter is shown as the text it is.
  const mediaType = isMultipart && children.length === 0 ? 'text/plain' : declaredType;
  const decode = once(() => decodeTransfer(body, isMultipart ? null : encoding));
  const embedded = once(() => (isEncapsulated(mediaType) ? readEmbedded(decode(), depth, budget) : null));
  const filename = disposition.parameters.get('filename') ?? contentType.parameters.get('name') ?? null;
  const part: MimePart = {
    mediaType,
    parameters: contentType.parameters,
    disposition: readDisposition(disposition.value),
    filename,
    contentId: text('content-id').replace(/[<>\s]/g, '') || null,
    encoding: null,
    get size() {
      return decode().length;
    },
    part: null,
    children,
    get embeddedSubject() {
      return isEncapsulated(mediaType) ? readSubject(readHeaderBlock(decode()).fields, null) : null;
    },
    embedded,
    bytesHere: decode,
    read: () => Promise.resolve(decode()),
  };
  return isTnefPart(mediaType, filename) ? withTnefParts(part, decode(), depth, budget) : part;
}

/** A winmail.dat that can be read stands for what is in it; of a damaged one the file itself is kept besides. */
function withTnefParts(part: MimePart, bytes: Uint8Array, depth: number, budget: PartBudget): MimePart {
  const { parts, isWhole } = readTnefParts(bytes, depth, budget);
  if (parts.length === 0) return part;
  return { ...part, mediaType: tnefMediaType, children: isWhole ? parts : [...parts, part] };
}

function readChildren(
  body: Uint8Array,
  declaredBoundary: string | undefined,
  multipartType: string,
  depth: number,
  budget: PartBudget,
): MimePart[] {
  if (depth >= contentLimits.nesting) {
    budget.report('Parts are nested too deeply');
    return [];
  }
  let slices = declaredBoundary ? splitMultipart(body, declaredBoundary, budget.parts) : [];
  if (slices.length === 0) {
    const guessed = guessBoundary(body);
    if (guessed !== null) slices = splitMultipart(body, guessed, budget.parts);
  }
  const children: MimePart[] = [];
  for (const slice of slices) {
    if (budget.parts <= 0) {
      budget.report(`The mail has more than ${contentLimits.parts} parts`);
      break;
    }
    const header = readHeaderBlock(slice);
    if (header.isTruncated) budget.report('A header is too large');
    const defaultType = multipartType === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    children.push(readPart(header.fields, slice.subarray(header.bodyStart), depth + 1, defaultType, budget));
  }
  return children;
}

function readEmbedded(message: Uint8Array, depth: number, budget: PartBudget): MimePart | null {
  if (depth >= contentLimits.nesting || budget.parts <= 0) {
    budget.report('Parts are nested too deeply');
    return null;
  }
  const header = readHeaderBlock(message);
  return readPart(header.fields, message.subarray(header.bodyStart), depth + 1, 'text/plain', budget);
}

export function isEncapsulated(mediaType: string): boolean {
  return mediaType === 'message/rfc822' || mediaType === 'message/global' || mediaType === 'message/news';
}

/** RFC 2183 §2.8: an unknown disposition counts as attachment. */
export function readDisposition(value: string | undefined): 'inline' | 'attachment' | null {
  if (!value) return null;
  return value.toLowerCase() === 'inline' ? 'inline' : 'attachment';
}

/** "text" and "html" alone occur as a Content-Type; RFC 2045 §5.2 makes of what cannot be read plain text. */
function shortType(value: string, defaultType: string): string {
  if (value === '') return defaultType;
  return value.includes('html') ? 'text/html' : 'text/plain';
}
