import type { SignatureView } from '#api/views.ts';
import { signatureClass } from './block-classes.ts';
import { linesHtml } from './quote-html.ts';

/** A signature's content as HTML, whichever way it was written. Untrusted, as any string. */
export function signatureHtml({ html, text }: SignatureView): string {
  return html ?? linesHtml(text.trim());
}

/** A signature as the block that the editor knows it by. */
export function signatureBlock(signature: SignatureView): string {
  return `<div class="${signatureClass}">${signatureHtml(signature)}</div>`;
}
