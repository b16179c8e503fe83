export interface Preset {
  name: 'inAnHour' | 'thisEvening' | 'tomorrowMorning' | 'tomorrowAfternoon' | 'mondayMorning';
  at: number;
}

const hour = 3_600_000;
const morning = 8;
const afternoon = 13;
const evening = 18;

/** The time that a clock on the wall of this browser's zone shows `hours` on a day, so many days from `now`. */
function wall(now: number, days: number, hours: number): number {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return date.setHours(hours, 0, 0, 0);
}

/** Times that people mean by "later", the earliest first. */
export function presets(now: number): Preset[] {
  const day = new Date(now).getDay();
  const untilMonday = (8 - day) % 7 || 7;
  const tonight = wall(now, 0, evening);
  return [
    { name: 'inAnHour', at: Math.ceil((now + hour) / 300_000) * 300_000 },
    ...(tonight - now > hour ? [{ name: 'thisEvening' as const, at: tonight }] : []),
    { name: 'tomorrowMorning', at: wall(now, 1, morning) },
    { name: 'tomorrowAfternoon', at: wall(now, 1, afternoon) },
    ...(untilMonday > 1 ? [{ name: 'mondayMorning' as const, at: wall(now, untilMonday, morning) }] : []),
  ];
}

const two = (number: number) => String(number).padStart(2, '0');

/** A time as a `datetime-local` field has it: on the wall of this browser's zone. */
export function fieldOf(time: number): string {
  const date = new Date(time);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** What a `datetime-local` field says; null for nothing, and for what is not to come. */
export function timeOf(field: string, now: number): number | null {
  const time = new Date(field).getTime();
  return Number.isNaN(time) || time <= now ? null : time;
}
