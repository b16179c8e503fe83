import type { DraftAttachmentRow, DraftRow } from '../drafts/reading.ts';

/** Whether the HTML shows this picture. */
function isShown(html: string, contentId: string): boolean {
  return [contentId, encodeURIComponent(contentId), contentId.replaceAll('&', '&amp;')].some((id) =>
    html.includes(`cid:${id}`),
  );
}

/**
 * Which of a draft's files go with the message, and how. A picture that the HTML does not show (any more) is left out
 * where it came in with the text: pasted, or quoted with a mail. Where there is no HTML to show it, one that the person
 * put in, or forwards, is an attachment.
 */
export function placeFiles(
  draft: Pick<DraftRow, 'html' | 'relation'>,
  files: readonly DraftAttachmentRow[],
): DraftAttachmentRow[] {
  return files.flatMap((file) => {
    if (file.disposition === 'attachment' || file.contentId === null)
      return [{ ...file, disposition: 'attachment' as const }];
    if (draft.html !== null && isShown(draft.html, file.contentId)) return [file];
    const isQuoted = file.sourceEmailId !== null && draft.relation !== 'forward';
    if (draft.html !== null ? file.sourceEmailId === null || isQuoted : isQuoted) return [];
    return [{ ...file, disposition: 'attachment' as const }];
  });
}
