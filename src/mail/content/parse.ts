import { type Envelope, readEnvelope } from './headers/envelope.ts';
import { fieldText, firstField, type HeaderBlock, readHeaderBlock } from './headers/header-fields.ts';
import { readParameterised } from './headers/parameters.ts';
import { listAttachments } from './mime/attachment-list.ts';
import { renderBody } from './mime/body-rendering.ts';
import { selectBody } from './mime/body-selection.ts';
import { calendarMethodOf } from './mime/calendar-method.ts';
import type { MimePart, ProblemReport } from './mime/part-tree.ts';
import { readRawTree } from './mime/raw-tree.ts';
import type { ParsedEmail } from './parsed-email.ts';
import { makeSnippet } from './snippet.ts';

/**
 * Reads a raw mail (RFC 5322, MIME) into what Mailroom keeps. Never rejects, whatever the bytes: what cannot be read is missing, and
 * `problem` says why. Bounded by `contentLimits`; the time is linear in the size.
 */
export async function parseEmail(raw: Uint8Array): Promise<ParsedEmail> {
  const bytes = withLineFeeds(raw);
  const header = readHeaderBlock(bytes);
  return composeEmail(header, (report) =>
    readRawTree(header.fields, bytes.subarray(header.bodyStart), report),
  );
}

/** The mail with its header fields alone, where its body defeated every attempt to read it; `problem` says so in it. */
export function parseHeader(raw: Uint8Array, problem: string): ParsedEmail {
  const header = readHeaderBlock(withLineFeeds(raw));
  return { ...unreadEmail(problem), ...readEnvelope(header.fields, charsetOf(header)) };
}

/** A mail of which nothing could be read. */
export function unreadEmail(problem: string): ParsedEmail {
  return { ...readEnvelope([], null), ...emptyBody, snippet: '', problem };
}

const emptyBody: Pick<ParsedEmail, 'text' | 'html' | 'attachments' | 'calendarMethod'> = {
  text: '',
  html: null,
  attachments: [],
  calendarMethod: null,
};

/** Puts header and MIME tree together; an unexpected error in the tree leaves the mail with its header fields. */
export async function composeEmail(
  header: HeaderBlock,
  readTree: (report: ProblemReport) => MimePart,
): Promise<ParsedEmail> {
  const problems = new Set<string>(header.isTruncated ? ['The header is too large'] : []);
  const report = (problem: string) => problems.add(problem);
  let envelope: Envelope = readEnvelope([], null);
  let body = emptyBody;
  try {
    envelope = readEnvelope(header.fields, charsetOf(header));
    const selected = selectBody(readTree(report));
    const rendered = await renderBody(selected, report);
    body = {
      ...rendered,
      attachments: listAttachments(selected.attachments, rendered.html),
      calendarMethod: calendarMethodOf(selected.attachments),
    };
  } catch (error) {
    report(
      `The mail could not be read: ${error instanceof Error ? error.message : 'unknown error'}`.slice(0, 300),
    );
  }
  return {
    ...envelope,
    ...body,
    snippet: makeSnippet(body.text),
    problem: problems.size > 0 ? [...problems].join('. ') : null,
  };
}

function charsetOf(header: HeaderBlock): string | null {
  const field = firstField(header.fields, 'content-type');
  return field ? (readParameterised(fieldText(field, null)).parameters.get('charset') ?? null) : null;
}

/** A mail whose lines end in bare CR (old Mac files) has no line feed at all; any other bare CR is no line end. */
function withLineFeeds(raw: Uint8Array): Uint8Array {
  if (raw.includes(0x0a) || !raw.includes(0x0d)) return raw;
  return raw.map((byte) => (byte === 0x0d ? 0x0a : byte));
}
