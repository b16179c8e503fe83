import { contentLimits } from '../limits.ts';
import { ByteReader } from './byte-reader.ts';

const signature = 0x223e9f78;

/** [MS-OXTNEF] §2.1.3.1: of the message, or of the attachment that was begun last. */
export type AttributeLevel = 'message' | 'attachment';

export interface TnefAttribute {
  level: AttributeLevel;
  id: number;
  data: Uint8Array;
}

/** The attributes that are read; others hold what the mail's own header says. */
export const attributeIds = {
  body: 0x800c,
  attachmentData: 0x800f,
  attachmentTitle: 0x8010,
  /** Begins an attachment. */
  attachmentRendering: 0x9002,
  messageProperties: 0x9003,
  attachmentProperties: 0x9005,
  codePage: 0x9007,
} as const;

export function isTnef(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && new ByteReader(bytes).uint32() === signature;
}

/**
 * The attributes of a TNEF stream, in order; `damaged` is told where it ends before it should. Checksums are not
 * looked at: what a bad one spoils is better than nothing.
 */
export function* readAttributes(bytes: Uint8Array, damaged: () => void): Generator<TnefAttribute> {
  const reader = new ByteReader(bytes);
  reader.take(6);
  for (let count = 0; reader.remaining >= 9; count++) {
    const level = levels.get(reader.uint8());
    if (level === undefined || count >= contentLimits.tnefAttributes) return damaged();
    const id = reader.uint32() & 0xffff;
    const length = reader.uint32();
    if (length > reader.remaining) {
      yield { level, id, data: reader.take(reader.remaining) };
      return damaged();
    }
    yield { level, id, data: reader.take(length) };
    reader.take(Math.min(2, reader.remaining));
  }
}

const levels = new Map<number, AttributeLevel>([
  [1, 'message'],
  [2, 'attachment'],
]);
