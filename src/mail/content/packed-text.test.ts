import { describe, expect, it } from 'vitest';
import { packBody, packText, unpackBody, unpackText } from './packed-text.ts';

describe('packed text', () => {
  it.each([
    ['nothing', ''],
    ['a line', 'Grüße aus Köln'],
    ['what looks like a frame', '(\u00b5/\u00fd'],
    ['what repeats', 'All work and no play. '.repeat(5000)],
    ['every plane', '日本語 😀 עברית '.repeat(200)],
  ])('comes back as it went: %s', async (_, text) => {
    expect(await unpackText(packText(text))).toBe(text);
  });

  it('is shorter where that pays, and UTF-8 where it does not', () => {
    expect(packText('All work and no play. '.repeat(5000)).length).toBeLessThan(200);
    expect(Buffer.from(packText('a line')).toString()).toBe('a line');
  });

  it('is read from a view of a larger buffer', async () => {
    const text = 'All work and no play. '.repeat(50);
    const view = Buffer.concat([Buffer.from('before'), packText(text), Buffer.from('after')]).subarray(6, -5);
    expect(await unpackText(view)).toBe(text);
  });

  it('keeps a buffer of its own, that a thread can give away', () => {
    for (const text of ['a line', 'All work and no play. '.repeat(50)]) {
      const packed = packText(text);
      expect(packed.byteLength).toBe(packed.buffer.byteLength);
    }
  });

  it('is rejected where a frame is broken', async () => {
    await expect(unpackText(packText('play '.repeat(100)).slice(0, 20))).rejects.toThrow();
  });

  it('tells a body without HTML from one with an empty one', async () => {
    for (const body of [
      { text: 'a', html: null },
      { text: 'a', html: '' },
    ])
      expect(await unpackBody(packBody(body))).toEqual(body);
  });
});
