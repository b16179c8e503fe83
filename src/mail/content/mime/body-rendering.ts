import { decodeBytes } from '../charset.ts';
import { contentLimits } from '../limits.ts';
import { resolveCharset } from '../text/charset-labels.ts';
import { unflow } from '../text/format-flowed.ts';
import { cut, safeText } from '../text/safe-text.ts';
import { textFromHtml } from '../text-from-html.ts';
import { type BodyStretch, type SelectedBody, textElsewhere } from './body-selection.ts';
import type { MimePart, ProblemReport } from './part-tree.ts';

export interface RenderedBody {
  text: string;
  html: string | null;
}

/** How many places are looked at for the text of a mail without any: each may be a fetch. */
const placesTried = 20;

/** Reads the body's parts and joins them in order; the text of a mail whose body has none is looked for in its attachments. */
export async function renderBody(selected: SelectedBody, report: ProblemReport): Promise<RenderedBody> {
  const body = await renderStretches(selected.stretches, report);
  if (body.text.trim() !== '') return body;
  if (body.html === null && selected.repeated.length > 0) {
    const repeated = await renderStretches(selected.repeated, report);
    if (repeated.html !== null || repeated.text.trim() !== '') return repeated;
  }
  let tried = 0;
  for (const stretches of textElsewhere(selected)) {
    if (tried++ >= placesTried) break;
    const { text } = await renderStretches(stretches, report);
    if (text.trim() !== '') return { text, html: body.html };
  }
  return body;
}

async function renderStretches(
  stretches: readonly BodyStretch[],
  report: ProblemReport,
): Promise<RenderedBody> {
  const texts: string[] = [];
  const htmls: string[] = [];
  const hasHtml = stretches.some(({ rich }) => rich.length > 0);
  // A part that is both forms of two stretches is read once.
  const contents = new Map<MimePart, string>();
  const read = async (part: MimePart): Promise<string> => {
    const content = contents.get(part) ?? decodePart(part, await part.read());
    contents.set(part, content);
    return content;
  };
  for (const { plain, rich } of stretches) {
    const plainText = (await Promise.all(plain.map(read))).join('\n');
    const richTexts = await Promise.all(rich.map(read));
    if (hasHtml) {
      const shown = rich.length > 0 ? rich : plain;
      for (const part of shown) htmls.push(asHtml(part, await read(part)));
    }
    texts.push(
      plainText.trim() === ''
        ? rich.map((part, index) => asText(part, richTexts[index] ?? '')).join('\n')
        : plainText,
    );
  }
  const text = texts
    .map((piece) => piece.replace(/^\n+/, '').trimEnd())
    .filter((piece) => piece !== '')
    .join('\n\n');
  return {
    text: within(text, contentLimits.textLength, report),
    html: hasHtml ? within(htmls.join('\n'), contentLimits.htmlLength, report) : null,
  };
}

function within(text: string, maxLength: number, report: ProblemReport): string {
  if (text.length > maxLength) report('The text is too long and was cut');
  return cut(text, maxLength);
}

function asText(part: MimePart, content: string): string {
  return part.mediaType === 'text/html' ? textFromHtml(content) : content;
}

function asHtml(part: MimePart, content: string): string {
  if (part.mediaType === 'text/html') return content;
  const escaped = content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `<div style="white-space:pre-wrap">${escaped}</div>`;
}

function decodePart(part: MimePart, bytes: Uint8Array): string {
  const declared = part.parameters.get('charset') ?? null;
  const isHtml = part.mediaType === 'text/html';
  const charset = resolveCharset(declared) === null && isHtml ? (charsetOfMeta(bytes) ?? declared) : declared;
  const text = safeText(decodeBytes(bytes, charset));
  const isFlowed = !isHtml && part.parameters.get('format')?.toLowerCase() === 'flowed';
  return isFlowed ? unflow(text, part.parameters.get('delsp')?.toLowerCase() === 'yes') : text;
}

/** Charset that a `<meta>` near the start of the HTML names, where the part itself names none. */
function charsetOfMeta(bytes: Uint8Array): string | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2_048)).toString(
    'latin1',
  );
  const named = /<meta[^>]{0,200}charset\s*=\s*["']?([\w:.-]{2,40})/i.exec(start)?.[1] ?? null;
  // The tag could be read, so the bytes are no UTF-16 whatever it says.
  return named && /^(?:utf-?16|unicode|ucs)/i.test(named) ? null : named;
}
