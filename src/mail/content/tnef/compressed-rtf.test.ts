import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompressRtf } from './compressed-rtf.ts';
import { compressRtf, u32 } from './testing.ts';

const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('latin1');

describe('decompressRtf', () => {
  it('gives back what was compressed, over many turns of the dictionary too', () => {
    const rtf = `{\\rtf1\\ansi ${'All work and no play. '.repeat(20)}}`;
    const long = Array.from({ length: 900 }, (_, index) => `line ${index} of a long mail\\par `).join('');
    for (const each of [rtf, long, 'x', '']) {
      expect(text(decompressRtf(compressRtf(each), 1e6))).toBe(each);
    }
    expect(compressRtf(rtf).length).toBeLessThan(rtf.length / 2);
  });

  it('knows the words that the dictionary starts with', () => {
    const reference = (0 << 4) | (6 - 2);
    const content = Buffer.from([0b1, reference >> 8, reference & 0xff]);
    expect(text(decompressRtf(Buffer.concat([u32(0), u32(6), u32(0x75465a4c), u32(0), content]), 100))).toBe(
      '{\\rtf1',
    );
    const last = ((207 - 3) << 4) | 1;
    const tail = Buffer.from([0b1, last >> 8, last & 0xff]);
    expect(text(decompressRtf(Buffer.concat([u32(0), u32(3), u32(0x75465a4c), u32(0), tail]), 100))).toBe(
      '\\tx',
    );
  });

  it('reads RTF that is not compressed, and nothing else', () => {
    const stored = Buffer.concat([u32(0), u32(0), u32(0x414c454d), u32(0), Buffer.from('{\\rtf1}')]);
    expect(text(decompressRtf(stored, 100))).toBe('{\\rtf1}');
    expect(decompressRtf(Buffer.from('{\\rtf1 as it is, no header}'), 100)).toBeNull();
    expect(decompressRtf(new Uint8Array(), 100)).toBeNull();
  });

  it('stays within its bound, whatever size is stated', () => {
    const bomb = Buffer.concat([
      u32(0xffffffff),
      u32(0xffffffff),
      u32(0x75465a4c),
      u32(0),
      Buffer.alloc(500_000, 0xff),
    ]);
    expect(decompressRtf(bomb, 10_000)?.length).toBe(10_000);
    expect(decompressRtf(bomb, 1e9)?.length).toBeLessThanOrEqual(9 * 500_000);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        const header = Buffer.concat([u32(0), u32(0), u32(0x75465a4c), u32(0)]);
        expect(decompressRtf(Buffer.concat([header, content]), 1_000)?.length).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});
