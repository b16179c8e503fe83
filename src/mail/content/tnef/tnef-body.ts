import { contentLimits } from '../limits.ts';
import { charsetOfCodePage } from './code-page.ts';
import { decompressRtf } from './compressed-rtf.ts';
import { numberOf, type Properties, propertyIds, propertyTypes } from './properties.ts';
import { carriesHtml, readRtfBody } from './rtf-body.ts';

export interface TnefBody {
  mediaType: 'text/plain' | 'text/html';
  charset: string | null;
  /** Decompresses where need be. */
  read: () => Uint8Array;
}

/** Bytes of RTF by which it is told what it carries. */
const rtfStart = 2_048;

/** The forms of a message's body: plain text, and HTML as such or out of RTF; the text of RTF only where there is nothing else. */
export function tnefBodies(
  bodyAttribute: Uint8Array | null,
  properties: Properties,
  charset: string | null,
): TnefBody[] {
  const plain = plainBody(bodyAttribute, properties, charset);
  const html = htmlBody(properties, charset);
  const rtf = html === null || plain === null ? rtfBody(properties) : null;
  const rich = html ?? (rtf?.mediaType === 'text/html' ? rtf : null);
  const plainest = plain ?? (rich === null ? rtf : null);
  return [plainest, rich].filter((body) => body !== null);
}

function plainBody(
  bodyAttribute: Uint8Array | null,
  properties: Properties,
  charset: string | null,
): TnefBody | null {
  const property = properties.get(propertyIds.body);
  const bytes = property?.value ?? bodyAttribute;
  if (bytes === null || !holdsText(bytes)) return null;
  const isUnicode = property?.type === propertyTypes.unicode;
  return { mediaType: 'text/plain', charset: isUnicode ? 'utf-16le' : charset, read: () => bytes };
}

function htmlBody(properties: Properties, charset: string | null): TnefBody | null {
  const property = properties.get(propertyIds.html);
  if (property === undefined || !holdsText(property.value)) return null;
  const { type, value } = property;
  const named = charsetOfCodePage(numberOf(properties, propertyIds.internetCodePage));
  // As bytes it is in the charset of internet mail; as a string in that of the message, like all its strings.
  const own = type === propertyTypes.binary ? named : charset;
  return {
    mediaType: 'text/html',
    charset: type === propertyTypes.unicode ? 'utf-16le' : own,
    read: () => value,
  };
}

function rtfBody(properties: Properties): TnefBody | null {
  const value = properties.get(propertyIds.compressedRtf)?.value;
  const start = value && decompressRtf(value, rtfStart);
  if (!value || !start || start.length === 0) return null;
  return {
    mediaType: carriesHtml(start) ? 'text/html' : 'text/plain',
    charset: 'utf-8',
    read: () =>
      Buffer.from(
        readRtfBody(decompressRtf(value, contentLimits.rtfBytes) ?? new Uint8Array()).toWellFormed(),
      ),
  };
}

/** A body that is there but empty counts as none: some systems write a blank one beside the real. */
function holdsText(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte !== 0 && byte !== 0x20 && byte !== 0x0d && byte !== 0x0a);
}
