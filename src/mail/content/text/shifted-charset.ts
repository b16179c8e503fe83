/** Charsets of 7-bit mail that TextDecoder refuses and iconv-lite lacks, each a shifted form of an 8-bit one. */
const baseOf: Readonly<Record<string, string>> = {
  'iso-2022-kr': 'euc-kr',
  'iso-2022-cn': 'gb18030',
  'hz-gb-2312': 'gb18030',
};

export function isShiftedCharset(charset: string): boolean {
  return charset in baseOf;
}

/** Decodes ISO-2022-KR (RFC 1557), ISO-2022-CN (RFC 1922, its GB 2312 set) and HZ (RFC 1843) by lifting the shifted bytes to their 8-bit base. */
export function decodeShiftedCharset(bytes: Uint8Array, charset: string): string {
  const lifted = charset === 'hz-gb-2312' ? liftTilde(bytes) : liftShiftOut(bytes);
  return new TextDecoder(baseOf[charset] ?? 'utf-8').decode(lifted);
}

function liftShiftOut(bytes: Uint8Array): Uint8Array {
  const lifted = new Uint8Array(bytes.length);
  let length = 0;
  let isShifted = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 0x0e) isShifted = true;
    else if (byte === 0x0f) isShifted = false;
    // ESC $ ) F designates the shifted set, and is four bytes long.
    else if (byte === 0x1b && bytes[index + 1] === 0x24) index += 3;
    else {
      if (byte === 0x0a) isShifted = false;
      lifted[length++] = isShifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
    }
  }
  return lifted.subarray(0, length);
}

function liftTilde(bytes: Uint8Array): Uint8Array {
  const lifted = new Uint8Array(bytes.length);
  let length = 0;
  let isShifted = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    const next = bytes[index + 1];
    if (byte === 0x7e && (next === 0x7b || next === 0x7d || next === 0x7e || next === 0x0a)) {
      if (next === 0x7b) isShifted = true;
      if (next === 0x7d) isShifted = false;
      if (next === 0x7e) lifted[length++] = 0x7e;
      index++;
      continue;
    }
    if (byte === 0x0a) isShifted = false;
    lifted[length++] = isShifted && byte > 0x20 && byte < 0x7f ? byte | 0x80 : byte;
  }
  return lifted.subarray(0, length);
}
