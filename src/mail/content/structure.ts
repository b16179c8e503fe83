import type { MessageStructureObject } from 'imapflow';
import { readHeaderBlock } from './headers/header-fields.ts';
import { contentLimits } from './limits.ts';
import type { MimePart, ProblemReport } from './mime/part-tree.ts';
import { isEncapsulated, readDisposition } from './mime/raw-tree.ts';
import { isTnefPart } from './mime/tnef-parts.ts';
import { decodedSize, decodeTransfer, readTransferEncoding } from './mime/transfer-encoding.ts';
import { composeEmail } from './parse.ts';
import type { ParsedEmail } from './parsed-email.ts';
import { safeLine } from './text/safe-text.ts';

/**
 * Fetches the bytes of one part as the server holds them, still transfer-encoded: `BODY.PEEK[part]<0.maxBytes>`, not imapflow's
 * `download`, which would decode. `part` is an IMAP part number ("1", "2.1").
 */
export type FetchPart = (part: string, maxBytes: number) => Promise<Uint8Array>;

/**
 * Builds a ParsedEmail of a large mail from its BODYSTRUCTURE and raw header block, fetching only the parts that are its text. Attachments
 * have `content: null` and the `part` to fetch them by. Rejects only with what `fetchPart` rejects with (a lost connection is no property of the mail).
 */
export async function parseStructuredEmail(
  structure: MessageStructureObject,
  headerBlock: Uint8Array,
  fetchPart: FetchPart,
): Promise<ParsedEmail> {
  let fetchFailure: { error: unknown } | null = null;
  const fetchOrRemember: FetchPart = async (part, maxBytes) => {
    try {
      return await fetchPart(part, maxBytes);
    } catch (error) {
      fetchFailure = { error };
      throw error;
    }
  };
  const email = await composeEmail(readHeaderBlock(headerBlock), (report) =>
    readStructureTree(structure, fetchOrRemember, report),
  );
  const failure = readFailure(() => fetchFailure);
  if (failure) throw failure.error;
  return email;
}

/** TypeScript takes a variable that only a closure sets for unchanged. */
function readFailure(read: () => { error: unknown } | null): { error: unknown } | null {
  return read();
}

/** Whether there is a winmail.dat in it, which hides its files, and often the text, from BODYSTRUCTURE. */
export function hasTnef({ type, childNodes, ...node }: MessageStructureObject): boolean {
  const filename =
    lowerCaseNames(node.dispositionParameters).get('filename') ??
    lowerCaseNames(node.parameters).get('name') ??
    null;
  return isTnefPart(type.toLowerCase(), filename) || (childNodes ?? []).some(hasTnef);
}

function readStructureTree(
  structure: MessageStructureObject,
  fetchPart: FetchPart,
  report: ProblemReport,
): MimePart {
  let partsLeft: number = contentLimits.parts;
  const readNode = (node: MessageStructureObject, path: readonly number[], depth: number): MimePart => {
    partsLeft--;
    const mediaType = node.type.toLowerCase();
    const nodes = node.childNodes ?? [];
    const isMultipart = mediaType.startsWith('multipart/');
    // A lone part is number 1 (RFC 9051 §6.4.5). Numbers are counted here since servers leave them out of BODYSTRUCTURE.
    const numbered = isMultipart || path.length > 0 ? path : [1];
    const part = numbered.join('.');
    const encoding = readTransferEncoding(node.encoding ?? '');
    const size = decodedSize(node.size ?? 0, encoding);
    const isTooDeep = depth >= contentLimits.nesting;
    if (isTooDeep && nodes.length > 0) report('Parts are nested too deeply');
    const children: MimePart[] = [];
    for (const [index, child] of isMultipart && !isTooDeep ? nodes.entries() : []) {
      if (partsLeft <= 0) {
        report(`The mail has more than ${contentLimits.parts} parts`);
        break;
      }
      children.push(readNode(child, [...numbered, index + 1], depth + 1));
    }
    return {
      mediaType,
      parameters: lowerCaseNames(node.parameters),
      disposition: readDisposition(node.disposition),
      filename:
        lowerCaseNames(node.dispositionParameters).get('filename') ??
        lowerCaseNames(node.parameters).get('name') ??
        null,
      contentId: node.id?.replace(/[<>\s]/g, '') || null,
      encoding,
      size,
      part,
      children,
      embeddedSubject: isEncapsulated(mediaType)
        ? safeLine(node.envelope?.subject ?? '', contentLimits.fieldLength)
        : null,
      embedded: () => {
        const [inner] = nodes;
        if (isMultipart || !inner || isTooDeep || partsLeft <= 0) return null;
        // An embedded multipart shares its wrapper's number, an embedded lone part is its first.
        return readNode(
          inner,
          inner.type.toLowerCase().startsWith('multipart/') ? numbered : [...numbered, 1],
          depth + 1,
        );
      },
      bytesHere: () => null,
      read: async () => {
        const encoded = await fetchPart(part, contentLimits.fetchedPartBytes);
        if ((node.size ?? 0) > contentLimits.fetchedPartBytes) report('The text is too long and was cut');
        return decodeTransfer(encoded.subarray(0, contentLimits.fetchedPartBytes), encoding);
      },
    };
  };
  return readNode(structure, [], 0);
}

function lowerCaseNames(parameters: Readonly<Record<string, string>> | undefined): Map<string, string> {
  return new Map(Object.entries(parameters ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
