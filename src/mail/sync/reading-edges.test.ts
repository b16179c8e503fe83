import { describe, expect, it } from 'vitest';
import type { ImapCursor } from '#db/schema.ts';
import { firstUnseen, isDue, isWhole, nextMissing, reachedDownTo, withGap } from './reading-edges.ts';

const whole: ImapCursor = { uidValidity: 1, uidNext: 1000, backfillBelow: 1, highestModseq: null };

describe('where a mailbox has been read', () => {
  it('the newest gap is closed first, then the one before it, then what is older', () => {
    let cursor: ImapCursor = { ...whole, backfillBelow: 50 };
    cursor = withGap(cursor, { from: 100, below: 300 });
    cursor = withGap(cursor, { from: 400, below: 900 });
    const order: string[] = [];
    while (!isWhole(cursor)) {
      const { from, below } = nextMissing(cursor);
      order.push(`${from}-${below}`);
      cursor = reachedDownTo(cursor, Math.max(from, below - 200));
    }
    expect(order).toEqual(['400-900', '400-700', '400-500', '100-300', '1-50']);
    expect(cursor).toEqual(whole);
  });

  it('what lies in a gap, below the backfill or above what was listed is not due', () => {
    const cursor = withGap({ ...whole, backfillBelow: 50 }, { from: 100, below: 300 });
    const due = [49, 50, 99, 100, 299, 300, 999, 1000].filter((uid) => isDue(cursor, uid));
    expect(due).toEqual([50, 99, 300, 999]);
  });

  it('what no look has seen begins at the oldest gap', () => {
    expect(firstUnseen(whole)).toBe(1000);
    const cursor = withGap(withGap(whole, { from: 100, below: 300 }), { from: 400, below: 900 });
    expect(firstUnseen(cursor)).toBe(100);
  });
});
