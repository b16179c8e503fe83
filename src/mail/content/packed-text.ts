import { promisify } from 'node:util';
import { constants, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import type { ParsedEmail } from './parsed-email.ts';

/**
 * Text as it is stored: a zstd frame (RFC 8878), or UTF-8 as it is where a frame would not be shorter. No UTF-8 begins
 * with a frame's magic number, so the two are never taken for one another.
 */
export type PackedText = Uint8Array<ArrayBuffer>;

/** A mail's body as `email_bodies` holds it. */
export interface PackedBody {
  text: PackedText;
  html: PackedText | null;
}

const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** Octets below which a frame is not tried. */
const worthPacking = 200;
/** Octets of a frame that is taken apart on the spot. */
const smallFrame = 16 * 1024;
/** The fastest level: measured, the higher ones cost more time than the disk that they spare is worth. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const decompress = promisify(zstdDecompress);

/** Runs in the calling thread: a megabyte takes some milliseconds. The bytes have a buffer of their own and can be transferred. */
export function packText(text: string): PackedText {
  const bytes = Buffer.from(text);
  if (bytes.length < worthPacking) return new Uint8Array(bytes);
  const frame = zstdCompressSync(bytes, options);
  return new Uint8Array(frame.length < bytes.length ? frame : bytes);
}

export function packBody({ text, html }: Pick<ParsedEmail, 'text' | 'html'>): PackedBody {
  return { text: packText(text), html: html === null ? null : packText(html) };
}

/** @throws Error where a frame is broken */
export async function unpackText(packed: Uint8Array): Promise<string> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (!bytes.subarray(0, magic.length).equals(magic)) return bytes.toString();
  // Most are small: a thread of the pool would take longer to be asked than the work takes.
  return (bytes.length < smallFrame ? zstdDecompressSync(bytes) : await decompress(bytes)).toString();
}

export async function unpackBody(packed: {
  text: Uint8Array;
  html: Uint8Array | null;
}): Promise<{ text: string; html: string | null }> {
  const [text, html] = await Promise.all([
    unpackText(packed.text),
    packed.html === null ? null : unpackText(packed.html),
  ]);
  return { text, html };
}
