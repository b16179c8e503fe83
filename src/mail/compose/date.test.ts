import { describe, expect, it } from 'vitest';
import { dateField, redate } from './date.ts';

const noon = new Date('2026-07-01T12:00:00Z');
const raw = (field: string) =>
  Buffer.from(`From: a@b.example\r\nDate: ${field}\r\n\r\nDate: ${dateField(noon, null)}\r\nä`);

describe('a Date field', () => {
  it.each([
    [null, 'Wed, 01 Jul 2026 12:00:00 +0000'],
    ['Europe/Berlin', 'Wed, 01 Jul 2026 14:00:00 +0200'],
    ['Asia/Kolkata', 'Wed, 01 Jul 2026 17:30:00 +0530'],
    ['America/St_Johns', 'Wed, 01 Jul 2026 09:30:00 -0230'],
    ['Pacific/Kiritimati', 'Thu, 02 Jul 2026 02:00:00 +1400'],
    ['UTC', 'Wed, 01 Jul 2026 12:00:00 +0000'],
  ])('in %s is %s', (zone, field) => {
    expect(dateField(noon, zone)).toBe(field);
    expect(field).toHaveLength(31);
    expect(Date.parse(field)).toBe(noon.getTime());
  });

  it('has summer time where the day has it', () => {
    expect(dateField(new Date('2026-01-01T12:00:00Z'), 'Europe/Berlin')).toMatch(/13:00:00 \+0100$/);
  });

  it('is changed in a raw message, and nothing else of it', () => {
    const later = new Date('2026-12-24T18:00:00Z');
    expect(redate(raw(dateField(noon, null)), later, 'Europe/Berlin')).toEqual(
      raw('Thu, 24 Dec 2026 19:00:00 +0100'),
    );
  });

  it.each(['+0200', '-0330', '+0000'])(
    'is as far from UTC as before where no zone is given, %s',
    (offset) => {
      const before = raw(`Wed, 01 Jul 2026 12:00:00 ${offset}`);
      const sameMoment = new Date(`2026-07-01T12:00:10${offset.slice(0, 3)}:${offset.slice(3)}`);
      expect(redate(before, sameMoment, null)).toEqual(raw(`Wed, 01 Jul 2026 12:00:10 ${offset}`));
    },
  );
});
