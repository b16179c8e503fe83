import { decodeBytes } from '../charset.ts';
import { ByteReader, OutOfBytes } from './byte-reader.ts';

export interface Property {
  type: number;
  value: Uint8Array;
}

/** By property id; the properties that have one value and no name of their own. */
export type Properties = ReadonlyMap<number, Property>;

/** Of [MS-OXPROPS], as far as they are read. */
export const propertyIds = {
  subject: 0x0037,
  body: 0x1000,
  compressedRtf: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  attachmentData: 0x3701,
  attachmentFilename: 0x3704,
  attachmentLongFilename: 0x3707,
  attachmentMediaType: 0x370e,
  attachmentContentId: 0x3712,
  internetCodePage: 0x3fde,
} as const;

export const propertyTypes = { object: 0x0d, string8: 0x1e, unicode: 0x1f, binary: 0x102 } as const;

const hasManyValues = 0x1000;
const firstNamedId = 0x8000;

/** Bytes of a value in TNEF, its padding to four included ([MS-OXTNEF] §2.1.3.4). */
const fixedSizes = new Map<number, number>([
  [0x02, 4],
  [0x03, 4],
  [0x04, 4],
  [0x05, 8],
  [0x06, 8],
  [0x07, 8],
  [0x0a, 4],
  [0x0b, 4],
  [0x14, 8],
  [0x40, 8],
  [0x48, 16],
]);

const sizedTypes = new Set<number>(Object.values(propertyTypes));

/** Reads a property list; what a lie spoils is the rest of it, and told to `damaged`. Each step takes bytes, so counts that lie end with them. */
export function readProperties(bytes: Uint8Array, damaged: () => void): Properties {
  const properties = new Map<number, Property>();
  const reader = new ByteReader(bytes);
  try {
    for (let left = reader.uint32(); left > 0; left--) {
      const type = reader.uint16();
      const id = reader.uint16();
      if (id >= firstNamedId) skipName(reader);
      const value = readValue(reader, type);
      if (value !== null && id < firstNamedId && !properties.has(id)) properties.set(id, { type, value });
    }
  } catch (error) {
    if (!(error instanceof OutOfBytes)) throw error;
    damaged();
  }
  return properties;
}

function skipName(reader: ByteReader): void {
  reader.take(16);
  const isNumber = reader.uint32() === 0;
  if (isNumber) reader.take(4);
  else takePadded(reader, reader.uint32());
}

/** The value of a property that has one, null where it has none or many. */
function readValue(reader: ByteReader, type: number): Uint8Array | null {
  const single = type & ~hasManyValues;
  const size = fixedSizes.get(single);
  const isSized = sizedTypes.has(single);
  if (size === undefined && !isSized) throw new OutOfBytes(`A property of type ${type}`);
  const count = isSized || type !== single ? reader.uint32() : 1;
  let value: Uint8Array | null = null;
  for (let left = count; left > 0; left--)
    value = size === undefined ? takePadded(reader, reader.uint32()) : reader.take(size);
  return count === 1 ? value : null;
}

function takePadded(reader: ByteReader, length: number): Uint8Array {
  const value = reader.take(length);
  // The last value of a list is now and then not padded.
  reader.take(Math.min((4 - (length % 4)) % 4, reader.remaining));
  return value;
}

/** The text of a property, without the NUL that ends it; null where there is none. `charset` is that of 8-bit strings. */
export function textOf(properties: Properties, id: number, charset: string | null): string | null {
  const property = properties.get(id);
  if (property === undefined) return null;
  const isUnicode = property.type === propertyTypes.unicode;
  if (!isUnicode && property.type !== propertyTypes.string8) return null;
  const text = decodeBytes(property.value, isUnicode ? 'utf-16le' : charset);
  return text.split('\0', 1)[0] || null;
}

export function numberOf(properties: Properties, id: number): number | null {
  const value = properties.get(id)?.value;
  return value?.length === 4 ? new ByteReader(value).uint32() : null;
}
