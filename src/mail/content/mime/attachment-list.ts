import type { ParsedAttachment } from '../parsed-email.ts';
import { safeLine } from '../text/safe-text.ts';
import { inventFileName, safeFileName } from './file-name.ts';
import type { MimePart } from './part-tree.ts';

/** The attachments as they are stored. A part without a disposition is inline if the HTML can refer to it. */
export function listAttachments(parts: readonly MimePart[]): ParsedAttachment[] {
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
        (part.contentId !== null && part.mediaType.startsWith('image/') ? 'inline' : 'attachment'),
      content: part.bytesHere(),
      part: part.part,
      encoding: part.encoding,
    };
  });
}
