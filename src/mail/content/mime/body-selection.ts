import type { MimePart } from './part-tree.ts';
import { tnefMediaType } from './tnef-parts.ts';

/**
 * A stretch of the body in its one or two forms. A mail of plain text has only `plain`; an alternative usually both; `rich` may hold
 * plain parts among the HTML ones, which are shown in their order.
 */
export interface BodyStretch {
  plain: MimePart[];
  rich: MimePart[];
}

export interface SelectedBody {
  stretches: BodyStretch[];
  /** The body that a winmail.dat repeats, for a mail that has no other. */
  repeated: BodyStretch[];
  attachments: MimePart[];
}

/** Other forms of the text for a reader that knows them: neither body nor attachment. */
const unshownAlternatives = new Set(['text/x-amp-html', 'text/watch-html', 'text/x-plain-summary']);
/** Text that is data. Other unknown text is read as plain text (RFC 2046 §4.1.4). */
const textAsData =
  /^text\/(?:calendar|csv|vcard|x-vcard|directory|rfc822-headers|xml|css|javascript|x-[a-z]+-(?:signature|keys)|tab-separated-values)$/;

/** Sorts a mail's parts into body, in reading order, and attachments. */
export function selectBody(root: MimePart): SelectedBody {
  const selected: SelectedBody = { stretches: [], repeated: [], attachments: [] };
  visit(root, selected);
  return selected;
}

function visit(part: MimePart, selected: SelectedBody): void {
  if (part.children.length > 0) {
    if (part.mediaType === 'multipart/alternative') visitAlternative(part, selected);
    else if (part.mediaType === 'multipart/related') visitRelated(part, selected);
    else if (part.mediaType === tnefMediaType) visitTnef(part, selected);
    else for (const child of part.children) visit(child, selected);
    return;
  }
  if (!isBodyText(part, selected.stretches.length === 0)) selected.attachments.push(part);
  else if (part.mediaType === 'text/html') selected.stretches.push({ plain: [], rich: [part] });
  else selected.stretches.push({ plain: [part], rich: [] });
}

/** The alternatives (RFC 2046 §5.1.4) make one stretch: its plain form is the first that has no HTML, its rich form the last that has. */
function visitAlternative(part: MimePart, selected: SelectedBody): void {
  const stretch: BodyStretch = { plain: [], rich: [] };
  for (const child of part.children) {
    if (unshownAlternatives.has(child.mediaType)) continue;
    const own: SelectedBody = { stretches: [], repeated: [], attachments: [] };
    visit(child, own);
    selected.attachments.push(...own.attachments);
    selected.repeated.push(...own.repeated);
    if (own.stretches.some(({ rich }) => rich.length > 0)) {
      stretch.rich = own.stretches.flatMap(({ plain, rich }) => (rich.length > 0 ? rich : plain));
      const within = own.stretches.flatMap(({ plain }) => plain);
      if (stretch.plain.length === 0 && own.stretches.every(({ plain }) => plain.length > 0))
        stretch.plain = within;
    } else if (own.stretches.length > 0 && stretch.plain.every((known) => known.size === 0)) {
      stretch.plain = own.stretches.flatMap(({ plain }) => plain);
    }
  }
  if (stretch.plain.length > 0 || stretch.rich.length > 0) selected.stretches.push(stretch);
}

/** Of a related group (RFC 2387) the root is the body, and what it refers to by Content-ID are attachments, even text. */
function visitRelated(part: MimePart, selected: SelectedBody): void {
  const start = part.parameters.get('start')?.replace(/[<>\s]/g, '');
  const root =
    part.children.find((child) => start !== undefined && child.contentId === start) ?? part.children[0];
  for (const child of part.children) {
    if (child !== root && child.children.length === 0 && child.contentId !== null)
      selected.attachments.push(child);
    else visit(child, selected);
  }
}

/** Outlook writes the body beside its winmail.dat as well, readable by everybody; others write it nowhere else. */
function visitTnef(part: MimePart, selected: SelectedBody): void {
  const own: SelectedBody = { stretches: [], repeated: [], attachments: [] };
  for (const child of part.children) visit(child, own);
  selected.repeated.push(...own.stretches);
  selected.attachments.push(...own.attachments);
}

function isBodyText(part: MimePart, isFirst: boolean): boolean {
  if (!part.mediaType.startsWith('text/') || textAsData.test(part.mediaType)) return false;
  if (part.disposition === 'attachment') return false;
  // A named text further down is a file shown inline; some senders name the body itself.
  return part.filename === null || isFirst;
}

/**
 * Parts that hold text for a mail whose body has none, most likely first: text sent as an attachment, then the text of an encapsulated
 * message, then what a report or an unknown text part says.
 */
export function* textElsewhere(selected: SelectedBody): Generator<BodyStretch[]> {
  const { attachments } = selected;
  for (const part of attachments) {
    if (part.mediaType === 'text/plain') yield [{ plain: [part], rich: [] }];
    if (part.mediaType === 'text/html') yield [{ plain: [], rich: [part] }];
  }
  for (const part of attachments) {
    const embedded = part.embedded();
    if (!embedded) continue;
    const inner = selectBody(embedded);
    if (inner.stretches.length > 0) yield inner.stretches;
    if (inner.repeated.length > 0) yield inner.repeated;
    yield* textElsewhere(inner);
  }
  for (const part of attachments) {
    const isReadable =
      part.mediaType === 'message/delivery-status' || part.mediaType === 'text/rfc822-headers';
    if (isReadable) yield [{ plain: [part], rich: [] }];
  }
}
