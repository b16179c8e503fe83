import { type DraftAttachmentRow, type DraftRow, isQuoted } from '../drafts/reading.ts';

/** Whether the HTML shows this picture. */
function isShown(html: string, contentId: string): boolean {
  return [contentId, encodeURIComponent(contentId), contentId.replaceAll('&', '&amp;')].some((id) =>
    html.includes(`cid:${id}`),
  );
}

/**
 * Which of a draft's files go with the message, and how. What the HTML does not show, or plain text can't, goes as an
 * attachment: nobody is to lose what they attached. Only what came along with an answered mail stays behind then.
 */
export function placeFiles(
  draft: Pick<DraftRow, 'html' | 'relation'>,
  files: readonly DraftAttachmentRow[],
): DraftAttachmentRow[] {
  return files.flatMap((file): DraftAttachmentRow[] => {
    const isOfQuote = isQuoted(file, draft.relation);
    const mayBeShown = file.disposition === 'inline' || isOfQuote;
    const { contentId } = file;
    if (mayBeShown && contentId !== null && draft.html !== null && isShown(draft.html, contentId))
      return [{ ...file, disposition: 'inline' }];
    return isOfQuote ? [] : [{ ...file, disposition: 'attachment' }];
  });
}
