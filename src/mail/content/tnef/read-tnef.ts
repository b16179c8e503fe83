import { decodeBytes } from '../charset.ts';
import { attributeIds, isTnef, readAttributes, type TnefAttribute } from './attributes.ts';
import { ByteReader } from './byte-reader.ts';
import { charsetOfCodePage } from './code-page.ts';
import { type Properties, propertyIds, propertyTypes, readProperties, textOf } from './properties.ts';
import { type TnefBody, tnefBodies } from './tnef-body.ts';

export interface TnefAttachment {
  filename: string | null;
  /** As the sender's system knew it; usually null. */
  mediaType: string | null;
  contentId: string | null;
  content: Uint8Array;
  /** Whether `content` is a message of its own, as another TNEF stream. */
  isMessage: boolean;
}

/** What a winmail.dat holds besides what the mail's own header says. All bytes are views of it. */
export interface TnefMessage {
  subject: string | null;
  /** The body in its forms, plainest first; empty where it has none. */
  bodies: TnefBody[];
  attachments: TnefAttachment[];
  /** Something in it lies about its size, or it ends too early. */
  isDamaged: boolean;
}

interface AttachmentAttributes {
  title: Uint8Array | null;
  data: Uint8Array | null;
  properties: Properties;
}

const noProperties: Properties = new Map();

/** Reads TNEF ([MS-OXTNEF]) as far as it can be read; null where the bytes are none. Linear in the size; never throws. */
export function readTnef(bytes: Uint8Array): TnefMessage | null {
  if (!isTnef(bytes)) return null;
  let isDamaged = false;
  const damaged = () => {
    isDamaged = true;
  };
  let codePage: number | null = null;
  let body: Uint8Array | null = null;
  let properties = noProperties;
  const attachments: AttachmentAttributes[] = [];
  for (const attribute of readAttributes(bytes, damaged)) {
    if (attribute.level === 'attachment') addToAttachments(attachments, attribute, damaged);
    else if (attribute.id === attributeIds.codePage) codePage ??= readCodePage(attribute.data);
    else if (attribute.id === attributeIds.body) body ??= attribute.data;
    else if (attribute.id === attributeIds.messageProperties && properties === noProperties)
      properties = readProperties(attribute.data, damaged);
  }
  const charset = charsetOfCodePage(codePage);
  return {
    subject: textOf(properties, propertyIds.subject, charset),
    bodies: tnefBodies(body, properties, charset),
    attachments: attachments.map((attachment) => readAttachment(attachment, charset)),
    isDamaged,
  };
}

function readCodePage(data: Uint8Array): number | null {
  return data.length >= 4 ? new ByteReader(data).uint32() : null;
}

function addToAttachments(
  attachments: AttachmentAttributes[],
  { id, data }: TnefAttribute,
  damaged: () => void,
): void {
  if (id === attributeIds.attachmentRendering || attachments.length === 0)
    attachments.push({ title: null, data: null, properties: noProperties });
  const current = attachments.at(-1);
  if (current === undefined) return;
  if (id === attributeIds.attachmentTitle) current.title ??= data;
  else if (id === attributeIds.attachmentData) current.data ??= data;
  else if (id === attributeIds.attachmentProperties && current.properties === noProperties)
    current.properties = readProperties(data, damaged);
}

function readAttachment(
  { title, data, properties }: AttachmentAttributes,
  charset: string | null,
): TnefAttachment {
  const text = (id: number) => textOf(properties, id, charset);
  const object = readObject(properties);
  return {
    filename:
      text(propertyIds.attachmentLongFilename) ??
      text(propertyIds.attachmentFilename) ??
      text(propertyIds.displayName) ??
      (title === null ? null : decodeBytes(title, charset).split('\0', 1)[0] || null),
    mediaType: text(propertyIds.attachmentMediaType)?.toLowerCase() ?? null,
    contentId: text(propertyIds.attachmentContentId)?.replace(/[<>\s]/g, '') || null,
    content: object?.content ?? data ?? new Uint8Array(),
    isMessage: object?.isMessage ?? false,
  };
}

const interfaceIdLength = 16;
/** IID_IMessage, by whose first bytes an object says that it is a message. */
const messageInterface = 0x00020307;

/** The attachment's data where it is kept as a property: bytes, or an object that is led by the id of its interface. */
function readObject(properties: Properties): { content: Uint8Array; isMessage: boolean } | null {
  const property = properties.get(propertyIds.attachmentData);
  if (property === undefined) return null;
  const { type, value } = property;
  if (type !== propertyTypes.object || value.length < interfaceIdLength)
    return type === propertyTypes.binary ? { content: value, isMessage: false } : null;
  const content = value.subarray(interfaceIdLength);
  return { content, isMessage: new ByteReader(value).uint32() === messageInterface && isTnef(content) };
}
