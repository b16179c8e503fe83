import { contentLimits } from '../limits.ts';
import { readTnef, type TnefAttachment, type TnefMessage } from '../tnef/read-tnef.ts';
import type { TnefBody } from '../tnef/tnef-body.ts';
import { mediaTypeByName } from './media-type-by-name.ts';
import { once } from './once.ts';
import type { MimePart, ProblemReport } from './part-tree.ts';

/** What may still be read of the mail. */
export interface PartBudget {
  parts: number;
  report: ProblemReport;
}

export const tnefMediaType = 'application/ms-tnef';

export function isTnefPart(mediaType: string, filename: string | null): boolean {
  return (
    mediaType === tnefMediaType ||
    mediaType === 'application/vnd.ms-tnef' ||
    (mediaType === 'application/octet-stream' && /^winmail\.dat$/i.test(filename ?? ''))
  );
}

/**
 * The parts that a winmail.dat stands for: its body (without a disposition), then its attachments. Empty where it cannot be read;
 * of a damaged one what there is.
 */
export function readTnefParts(
  bytes: Uint8Array,
  depth: number,
  budget: PartBudget,
): { parts: MimePart[]; isWhole: boolean } {
  const message = readTnef(bytes);
  if (message === null) return { parts: [], isWhole: false };
  const parts = [...bodyParts(message), ...attachmentParts(message, depth, budget)];
  if (message.isDamaged) budget.report('The winmail.dat is damaged');
  return { parts, isWhole: !message.isDamaged };
}

function bodyParts({ bodies }: TnefMessage): MimePart[] {
  const forms = bodies.map((body) => bodyPart(body, null));
  const [only] = forms;
  if (forms.length < 2 || only === undefined) return forms;
  return [{ ...only, mediaType: 'multipart/alternative', children: forms }];
}

/** @param filename where the body is that of an attached message, and so a file */
function bodyPart({ mediaType, charset, read }: TnefBody, filename: string | null): MimePart {
  return partHere({
    mediaType,
    parameters: new Map(charset === null ? [] : [['charset', charset]]),
    disposition: filename === null ? null : 'attachment',
    filename,
    contentId: null,
    read,
  });
}

function attachmentParts({ attachments }: TnefMessage, depth: number, budget: PartBudget): MimePart[] {
  const parts: MimePart[] = [];
  for (const attachment of attachments) {
    if (budget.parts <= 0) {
      budget.report(`The mail has more than ${contentLimits.parts} parts`);
      break;
    }
    budget.parts--;
    if (attachment.isMessage && depth < contentLimits.nesting)
      parts.push(...attachedMessage(attachment, depth + 1, budget));
    else {
      if (attachment.isMessage) budget.report('Parts are nested too deeply');
      parts.push(filePart(attachment));
    }
  }
  return parts;
}

/** A message attached within TNEF has no form of its own outside: its text becomes a file, and its attachments follow. */
function attachedMessage(
  { content, filename }: TnefAttachment,
  depth: number,
  budget: PartBudget,
): MimePart[] {
  const message = readTnef(content);
  if (message === null) return [];
  if (message.isDamaged) budget.report('The winmail.dat is damaged');
  const richest = message.bodies.at(-1);
  const name = message.subject?.trim() || filename?.trim() || 'message';
  const extension = richest?.mediaType === 'text/html' ? 'html' : 'txt';
  // A slash in a subject parts words, not folders.
  const body = richest
    ? [bodyPart(richest, `${name.replace(/[/\\]/g, '-').slice(0, 150)}.${extension}`)]
    : [];
  return [...body, ...attachmentParts(message, depth, budget)];
}

function filePart({ filename, mediaType, contentId, content }: TnefAttachment): MimePart {
  const named = mediaType !== null && /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : null;
  const type = named ?? mediaTypeByName(filename ?? '');
  return partHere({
    mediaType: type,
    parameters: new Map(),
    disposition: contentId !== null && type.startsWith('image/') ? 'inline' : 'attachment',
    filename,
    contentId,
    read: () => content,
  });
}

function partHere(
  part: Pick<MimePart, 'mediaType' | 'parameters' | 'disposition' | 'filename' | 'contentId'> & {
    read: () => Uint8Array;
  },
): MimePart {
  const read = once(part.read);
  return {
    ...part,
    encoding: null,
    get size() {
      return read().length;
    },
    part: null,
    children: [],
    embeddedSubject: null,
    embedded: () => null,
    bytesHere: read,
    read: () => Promise.resolve(read()),
  };
}
