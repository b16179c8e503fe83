import type { Locator } from 'playwright/test';

/** Pastes as a browser does, with what the clipboard holds. */
export async function paste(
  target: Locator,
  content: { html?: string; file?: { name: string; base64: string } },
): Promise<void> {
  await target.evaluate((element, { html, file }) => {
    const data = new DataTransfer();
    if (html !== undefined) data.setData('text/html', html);
    if (file !== undefined) {
      const bytes = Uint8Array.from(atob(file.base64), (letter) => letter.charCodeAt(0));
      data.items.add(new File([bytes], file.name, { type: 'image/png' }));
    }
    element.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, content);
}

/** A small picture, as Base64. */
export const redDot =
  'iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==';
