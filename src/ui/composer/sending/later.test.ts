import { describe, expect, it } from 'vitest';
import { fieldOf, presets, timeOf } from './later.ts';

const at = (text: string) => new Date(text).getTime();
const names = (text: string) => presets(at(text)).map(({ name }) => name);

describe('the times that are offered for later', () => {
  it('are those that are to come, on the clock on the wall', () => {
    const wednesday = at('2026-11-25T10:02:00');
    const found = presets(wednesday);
    expect(found.map(({ name }) => name)).toEqual([
      'inAnHour',
      'thisEvening',
      'tomorrowMorning',
      'tomorrowAfternoon',
      'mondayMorning',
    ]);
    expect(found.map((preset) => fieldOf(preset.at))).toEqual([
      '2026-11-25T11:05',
      '2026-11-25T18:00',
      '2026-11-26T08:00',
      '2026-11-26T13:00',
      '2026-11-30T08:00',
    ]);
  });

  it('name no evening that is nearly over, and no Monday that is tomorrow', () => {
    expect(names('2026-11-25T17:30:00')).not.toContain('thisEvening');
    expect(names('2026-11-29T10:00:00')).not.toContain('mondayMorning');
    expect(names('2026-11-30T10:00:00')).toContain('mondayMorning');
  });
});

describe('a time that was chosen', () => {
  const now = at('2026-11-25T10:00:00');
  it('comes back as it was shown', () => {
    expect(timeOf(fieldOf(now + 3_600_000), now)).toBe(now + 3_600_000);
  });
  it.each(['', 'soon', '2026-11-25T09:59', '2026-11-25T10:00'])('is none for %j', (field) => {
    expect(timeOf(field, now)).toBeNull();
  });
});
