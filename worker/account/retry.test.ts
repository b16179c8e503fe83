import { describe, expect, it } from 'vitest';
import { MailProblem } from '#mail/problem.ts';
import { longestPause, pauseAfter } from './retry.ts';

const lost = new MailProblem('unreachable');

describe('the pause after a failure', () => {
  it('doubles with each failure, and is never longer than a quarter of an hour', () => {
    const pauses = Array.from({ length: 40 }, (_, index) => pauseAfter(index + 1, lost, 0.5));
    expect(pauses.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(pauses.at(-1)).toBe(longestPause);
    expect(Math.max(...pauses, pauseAfter(60, lost, 0.999))).toBe(longestPause);
  });

  it('is spread, so that accounts of one server do not come back all at once', () => {
    expect(pauseAfter(5, lost, 0)).toBe(4000);
    expect(pauseAfter(5, lost, 0.999)).toBeGreaterThan(11_000);
  });

  it('is at least what the server asked for, within the bound', () => {
    const outlook = (words: string) => new MailProblem('throttled', words);
    expect(pauseAfter(1, outlook('Suggested Backoff Time: 90000 milliseconds'), 0)).toBe(90_000);
    expect(pauseAfter(1, outlook('Suggested Backoff Time: 90000000 milliseconds'), 0)).toBe(longestPause);
    expect(pauseAfter(8, outlook('Suggested Backoff Time: 9000 milliseconds'), 0.5)).toBe(640_000);
  });
});
