import { describe, expect, it } from 'vitest';
import { decodeBase64Stream } from './base64-stream.ts';
import { decodeTransfer } from './transfer-encoding.ts';

async function decoded(text: string, size: number): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size), 'latin1');
  }
  const all: Buffer[] = [];
  for await (const piece of decodeBase64Stream(pieces())) all.push(piece);
  return Buffer.concat(all);
}

const bytes = Buffer.from(Array.from({ length: 1000 }, (_, n) => (n * 7) % 256));
const lines = bytes.toString('base64').replace(/.{76}/g, '$&\r\n');

describe('base64 in pieces', () => {
  it.each([
    ['lines', lines],
    ['units that end in padding', 'YQ==\r\nYmM=\r\nZGVm\r\n'],
    ['no padding', 'YWI'],
    ['strange characters', 'Y!W-J\u00ffj'],
    ['nothing', ''],
  ])('is what it is in one: %s', async (_, text) => {
    const whole = Buffer.from(decodeTransfer(Buffer.from(text, 'latin1'), 'base64'));
    for (const size of [1, 2, 3, 5, 77, 4096]) expect(await decoded(text, size)).toEqual(whole);
  });

  it('has every byte', async () => {
    expect(await decoded(lines, 100)).toEqual(bytes);
  });
});
