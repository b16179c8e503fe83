import { contentLimits } from '../limits.ts';
import type { ParsedAttachment } from '../parsed-email.ts';
import { safeLine } from '../text/safe-text.ts';
import { inventFileName, safeFileName } from './file-name.ts';
import type { MimePart } from './part-tree.ts';

/** The attachments as they are stored. A part without a disposition is inline if the HTML refers to it or, being a picture, could. */
export function listAttachments(parts: readonly MimePart[], html: string | null): ParsedAttachment[] {
  const shown = contentIdsIn(html ?? '');
  return parts.map((part, position) => {
    const mediaType = safeLine(part.mediaType, 200) || 'application/octet-stream';
    return {
      position,
      filename:
        safeFileName(part.filename ?? '') || inventFileName(mediaType, position, part.embeddedSubject),
      mediaType,
      size: part.size,
      contentId: part.contentId === null ? null : safeLine(part.contentId, 995) || null,
      disposition:
        part.disposition ??
        (part.contentId !== null && (part.mediaType.startsWith('image/') || shown.has(part.contentId))
          ? 'inline'
          : 'attachment'),
      content: part.bytesHere(),
      part: part.part,
      encoding: part.encoding,
    };
  });
}

/** The Content-IDs that HTML refers to by `cid:` URLs (RFC 2392): pictures are also sent as application/octet-stream. */
function contentIdsIn(html: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [, written = ''] of html.matchAll(/\bcid:([^"'\s<>)]{1,995})/gi)) {
    if (ids.size >= contentLimits.parts) break;
    ids.add(written).add(unescaped(written));
  }
  return ids;
}

function unescaped(written: string): string {
  try {
    return decodeURIComponent(written);
  } catch (error) {
    if (error instanceof URIError) return written;
    throw error;
  }
}
