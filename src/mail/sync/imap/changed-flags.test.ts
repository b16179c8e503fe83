import { describe, expect, it } from 'vitest';
import { flagRanges } from './changed-flags.ts';

/** The sequence numbers that a range covers in a mailbox of `exists` messages. */
function covered(range: string, exists: number): number[] {
  const [from, to] = range.split(':');
  const last = to === '*' ? exists : Number(to);
  return Array.from({ length: last - Number(from) + 1 }, (_, index) => Number(from) + index);
}

describe('flags without mod-sequences', () => {
  it('are not asked for in an empty mailbox', () => {
    expect(flagRanges(0, 0)).toEqual([]);
  });

  it('of a small mailbox are all compared each time', () => {
    expect(flagRanges(800, 7)).toEqual(['1:*']);
  });

  it.each([1001, 5000, 5001, 23_456])('of %i messages are all compared within some turns', (exists) => {
    const turns = Math.ceil((exists - 1000) / 4000);
    const seen = new Set<number>();
    for (let turn = 5; turn < 5 + turns; turn += 1) {
      for (const range of flagRanges(exists, turn))
        for (const number of covered(range, exists)) seen.add(number);
      expect(seen.has(exists)).toBe(true);
    }
    expect(seen.size).toBe(exists);
  });
});
