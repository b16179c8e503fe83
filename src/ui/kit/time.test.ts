import { describe, expect, it } from 'vitest';
import { dayHeading, mailTime, rowTime } from './time.ts';

const at = (year: number, month: number, day: number, hour = 9, minute = 5) =>
  new Date(year, month - 1, day, hour, minute).getTime();
const now = at(2026, 11, 24, 15, 0);
const heading = (time: number) =>
  dayHeading(time, now, { today: 'Today', yesterday: 'Yesterday', earlier: 'Earlier' });

describe('the time of a row', () => {
  it('is the clock today, the day this year, else the whole date', () => {
    expect(rowTime(at(2026, 11, 24, 14, 5), now)).toBe('14:05');
    expect(rowTime(at(2026, 11, 24, 0, 0), now)).toBe('00:00');
    expect(rowTime(at(2026, 11, 23, 23, 59), now)).toBe('23 Nov');
    expect(rowTime(at(2026, 11, 3), now)).toBe('3 Nov');
    expect(rowTime(at(2025, 11, 3), now)).toBe('03/11/2025');
  });

  it('keeps the date of a mail from the future', () => {
    expect(rowTime(at(2027, 1, 2), now)).toBe('02/01/2027');
  });
});

describe('the time of a mail', () => {
  it('names the weekday within a week', () => {
    expect(mailTime(at(2026, 11, 19, 9, 40), now)).toBe('Thu 09:40');
    expect(mailTime(at(2026, 11, 17, 9, 40), now)).toBe('17 Nov 09:40');
  });
});

describe('the heading of a day', () => {
  it('names the two newest days, the rest of the year, and the years before', () => {
    expect(heading(at(2026, 11, 24))).toBe('Today');
    expect(heading(at(2026, 11, 25))).toBe('Today');
    expect(heading(at(2026, 11, 23, 23, 59))).toBe('Yesterday');
    expect(heading(at(2026, 11, 22))).toBe('Earlier');
    expect(heading(at(2026, 1, 1))).toBe('Earlier');
    expect(heading(at(2025, 12, 31))).toBe('2025');
  });
});
