const isPicture = (file: File) => /^image\/(?:png|jpe?g|gif|webp|bmp|avif)$/i.test(file.type);

export interface IncomingFiles {
  pictures: File[];
  others: File[];
}

/** What can stand in the text, and what is to be attached. */
export function sortedFiles(files: Iterable<File>): IncomingFiles {
  const all = [...files];
  return { pictures: all.filter(isPicture), others: all.filter((file) => !isPicture(file)) };
}

/**
 * The files of a paste. Office programs put a picture of the copied text beside the text: then the text is meant.
 */
export function pastedFiles(data: DataTransfer | null): IncomingFiles {
  if (data === null || data.files.length === 0) return { pictures: [], others: [] };
  const html = data.getData('text/html');
  const words = html.replaceAll(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;/gi, '').trim();
  return words === '' ? sortedFiles(data.files) : { pictures: [], others: [] };
}

/** The files of a drop. */
export function droppedFiles(data: DataTransfer | null): IncomingFiles {
  return sortedFiles(data?.files ?? []);
}

const extensions: Record<string, string> = { 'image/jpeg': 'jpg', 'image/svg+xml': 'svg' };

/** A picture that came as a `data:` address, as a file; null for what cannot be read. */
export function fileOfData(address: string, name: string): File | null {
  const found = /^data:(image\/[\w.+-]+);base64,([\w+/=\s]+)$/i.exec(address);
  if (found === null) return null;
  try {
    const bytes = Uint8Array.from(atob(found[2] ?? ''), (letter) => letter.charCodeAt(0));
    const type = (found[1] ?? '').toLowerCase();
    return new File([bytes], `${name}.${extensions[type] ?? type.slice('image/'.length)}`, { type });
  } catch {
    return null;
  }
}
