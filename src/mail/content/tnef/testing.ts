/** Builds TNEF streams for tests, whole or lying. */

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** @param statedLength what the attribute says of its length, if not the truth */
export function attribute(level: 1 | 2, id: number, data: Uint8Array, statedLength = data.length): Buffer {
  const checksum = data.reduce((sum, byte) => (sum + byte) & 0xffff, 0);
  return Buffer.concat([Buffer.from([level]), u16(id), u16(6), u32(statedLength), data, u16(checksum)]);
}

export function tnef(...attributes: Uint8Array[]): Buffer {
  return Buffer.concat([u32(0x223e9f78), u16(1), ...attributes]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** A property of one value that states its size: `type` 0x1e, 0x1f, 0x102 or 0x0d. */
export function sizedProperty(id: number, type: number, value: Uint8Array): Buffer {
  return Buffer.concat([u16(type), u16(id), u32(1), u32(value.length), padded(value)]);
}

export function stringProperty(id: number, text: string): Buffer {
  return sizedProperty(id, 0x1f, Buffer.from(`${text}\0`, 'utf16le'));
}

export function numberProperty(id: number, value: number): Buffer {
  return Buffer.concat([u16(3), u16(id), u32(value)]);
}

export function propertyList(...properties: Uint8Array[]): Buffer {
  return Buffer.concat([u32(properties.length), ...properties]);
}

export function messageProperties(...properties: Uint8Array[]): Buffer {
  return attribute(1, 0x9003, propertyList(...properties));
}

export function codePage(number: number): Buffer {
  return attribute(1, 0x9007, Buffer.concat([u32(number), u32(0)]));
}

/** The attributes of an attachment. */
export function attachment(title: string, data: Uint8Array, ...properties: Uint8Array[]): Buffer {
  return Buffer.concat([
    attribute(2, 0x9002, Buffer.alloc(14)),
    attribute(2, 0x8010, Buffer.from(`${title}\0`, 'latin1')),
    attribute(2, 0x800f, data),
    ...(properties.length > 0 ? [attribute(2, 0x9005, propertyList(...properties))] : []),
  ]);
}

/** An attachment that is a message: a TNEF stream as an object with the interface id of messages. */
export function attachedMessage(stream: Uint8Array): Buffer {
  const interfaceId = Buffer.from('0703020000000000c000000000000046', 'hex');
  return attachment('', Buffer.alloc(0), sizedProperty(0x3701, 0x0d, Buffer.concat([interfaceId, stream])));
}

/** Compressed RTF that refers back to what it has written wherever it can; the slow and obvious way. */
export function compressRtf(rtf: string): Buffer {
  const input = Buffer.from(rtf, 'latin1');
  const prefixLength = 207;
  const units: { isReference: boolean; bytes: number[] }[] = [];
  let at = 0;
  while (at < input.length) {
    const match = longestEarlier(input, at);
    if (match === null) {
      units.push({ isReference: false, bytes: [input[at] ?? 0] });
      at += 1;
    } else {
      const token = (((match.start + prefixLength) % 4096) << 4) | (match.length - 2);
      units.push({ isReference: true, bytes: [token >> 8, token & 0xff] });
      at += match.length;
    }
  }
  const end = ((input.length + prefixLength) % 4096) << 4;
  units.push({ isReference: true, bytes: [end >> 8, end & 0xff] });
  const output: number[] = [];
  for (let index = 0; index < units.length; index += 8) {
    const run = units.slice(index, index + 8);
    output.push(run.reduce((flags, { isReference }, bit) => flags | (isReference ? 1 << bit : 0), 0));
    for (const { bytes } of run) output.push(...bytes);
  }
  const content = Buffer.from(output);
  return Buffer.concat([u32(content.length + 12), u32(input.length), u32(0x75465a4c), u32(0), content]);
}

function longestEarlier(input: Buffer, at: number): { start: number; length: number } | null {
  for (let length = Math.min(17, input.length - at); length >= 2; length--) {
    const start = input.lastIndexOf(input.subarray(at, at + length), at - 1);
    if (start >= 0 && at - start < 4000 && start < at) return { start, length };
  }
  return null;
}
