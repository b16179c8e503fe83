import { ByteReader } from './byte-reader.ts';

const compressed = 0x75465a4c;
const uncompressed = 0x414c454d;
const headerLength = 16;
const dictionaryLength = 4096;

/** What the dictionary holds at the start ([MS-OXRTFCP] §2.1.2.1). */
const dictionaryStart = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor ' +
    'MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
);

/**
 * The RTF of a compressed-RTF property ([MS-OXRTFCP]), at most `maxLength` bytes of it; null where it is none. The sizes that it states are not
 * believed: two bytes of input make at most seventeen.
 */
export function decompressRtf(bytes: Uint8Array, maxLength: number): Uint8Array | null {
  if (bytes.length < headerLength) return null;
  const header = new ByteReader(bytes.subarray(8, headerLength));
  const type = header.uint32();
  const content = bytes.subarray(headerLength);
  if (type === uncompressed) return content.subarray(0, maxLength);
  return type === compressed ? expand(content, Math.min(maxLength, content.length * 9)) : null;
}

function expand(content: Uint8Array, maxLength: number): Uint8Array {
  const dictionary = new Uint8Array(dictionaryLength);
  dictionary.set(dictionaryStart);
  let writeAt = dictionaryStart.length;
  const output = new Uint8Array(maxLength);
  let length = 0;
  const emit = (byte: number) => {
    output[length++] = byte;
    dictionary[writeAt] = byte;
    writeAt = (writeAt + 1) % dictionaryLength;
  };
  for (let at = 0; at < content.length; ) {
    const flags = content[at++] ?? 0;
    for (let bit = 0; bit < 8; bit++) {
      if (length >= maxLength || at >= content.length) return output.subarray(0, length);
      const byte = content[at++] ?? 0;
      if ((flags & (1 << bit)) === 0) {
        emit(byte);
        continue;
      }
      const token = (byte << 8) | (content[at++] ?? 0);
      const offset = token >> 4;
      // A reference to where the next byte will be written ends the stream.
      if (offset === writeAt) return output.subarray(0, length);
      for (let index = 0; index < (token & 0xf) + 2 && length < maxLength; index++)
        emit(dictionary[(offset + index) % dictionaryLength] ?? 0);
    }
  }
  return output.subarray(0, length);
}
