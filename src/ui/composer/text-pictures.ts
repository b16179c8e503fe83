import type { DraftAttachmentView } from '#api/views.ts';

/** Which pictures stand in a message's text, by Content-ID, and which a person has taken out of it here. */
export interface TextPictures {
  shown: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

type File = Pick<DraftAttachmentView, 'contentId' | 'disposition' | 'isQuoted'>;

/** Whether the HTML shows this picture. */
function isShown(html: string, contentId: string): boolean {
  return [contentId, encodeURIComponent(contentId), contentId.replaceAll('&', '&amp;')].some((id) =>
    html.includes(`cid:${id}`),
  );
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  one.size === other.size && [...one].every((id) => other.has(id));

const idsOf = (files: readonly File[]) => files.flatMap(({ contentId }) => contentId ?? []);

/** What the text begins with; nothing was taken out of it yet. `html` null: plain text, which shows nothing. */
export function picturesIn(html: string | null, files: readonly File[]): TextPictures {
  const shown = html === null ? [] : idsOf(files).filter((id) => isShown(html, id));
  return { shown: new Set(shown), removed: new Set() };
}

/**
 * The text as somebody has changed it. A picture that is gone from it was taken out by them; going over to plain text
 * takes none out.
 */
export function picturesAfter(
  before: TextPictures,
  html: string | null,
  files: readonly File[],
): TextPictures {
  const { shown } = picturesIn(html, files);
  const gone = html === null ? [] : [...before.shown].filter((id) => !shown.has(id));
  const removed = new Set([...before.removed, ...gone].filter((id) => !shown.has(id)));
  // Most of what is written changes no picture, and then nothing is drawn anew.
  return isSame(shown, before.shown) && isSame(removed, before.removed) ? before : { shown, removed };
}

/** Whether the text shows this file, or did until somebody took it out: it is no file of its own then. */
export function isOfText(file: File, { shown, removed }: TextPictures): boolean {
  const { contentId, disposition, isQuoted } = file;
  if (contentId === null) return false;
  return isQuoted || (disposition === 'inline' && (shown.has(contentId) || removed.has(contentId)));
}

/** Whether somebody took this picture out of the text: it does not go with the message. */
export function isTakenOut({ contentId, disposition }: File, { shown, removed }: TextPictures): boolean {
  if (contentId === null || disposition !== 'inline') return false;
  return removed.has(contentId) && !shown.has(contentId);
}
