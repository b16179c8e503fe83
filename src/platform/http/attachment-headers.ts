/** Types that a browser shows as a still or moving picture and never runs. */
const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);

/** The type that an inline image is served as, or null where it may not be shown in place. */
export function inlineType(mediaType: string): string | null {
  const type = mediaType.toLowerCase();
  if (type === 'image/jpg' || type === 'image/pjpeg') return 'image/jpeg';
  return images.has(type) ? type : null;
}

/**
 * A Content-Disposition value (RFC 6266): a plain fallback name and the whole name in UTF-8. Whatever the name
 * holds, the value stays one header line and its quotes stay closed.
 */
export function contentDisposition(disposition: 'attachment' | 'inline', filename: string): string {
  const fallback = filename.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%;]/g, '_');
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${fallback}"; filename*=UTF-8''${encoded}`;
}
