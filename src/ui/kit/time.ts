const locale = 'en-GB';
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat(locale, { day: '2-digit', month: '2-digit', year: 'numeric' });
const shortWeekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const everything = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });

const day = 24 * 3600 * 1000;

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** Whole days from `time` to `now` as a calendar counts them; negative in the future. */
function daysAgo(time: number, now: number): number {
  return Math.round((midnight(now) - midnight(time)) / day);
}

function isSameYear(time: number, now: number): boolean {
  return new Date(time).getFullYear() === new Date(now).getFullYear();
}

/** Hours and minutes: 14:05. */
export function clockTime(time: number): string {
  return clock.format(time);
}

/** A row's time: today 14:05, this year 3 Nov, else 03/11/2025. Milliseconds since 1970. */
export function rowTime(time: number, now: number): string {
  if (daysAgo(time, now) === 0) return clock.format(time);
  return isSameYear(time, now) ? dayOfYear.format(time) : fullDate.format(time);
}

/** A mail's time in a conversation: 14:05, Thu 09:40 within a week, 3 Nov 09:40, else with the year. */
export function mailTime(time: number, now: number): string {
  const ago = daysAgo(time, now);
  if (ago === 0) return clock.format(time);
  const date = ago > 0 && ago < 7 ? shortWeekday.format(time) : rowTime(time, now);
  return `${date} ${clock.format(time)}`;
}

/** Date and time in words, for whoever wants all of it. */
export function wholeTime(time: number): string {
  return everything.format(time);
}

/** A date without its time. */
export function dateOf(time: number): string {
  return fullDate.format(time);
}

/** The catalogue's words for the days that have one. */
export interface DayWords {
  today: string;
  yesterday: string;
  earlier: string;
}

/**
 * The heading that a row stands under: today, yesterday, earlier this year, else the year. Rows name their own day;
 * more headings than these would cost the screen its fourteenth row.
 */
export function dayHeading(time: number, now: number, { today, yesterday, earlier }: DayWords): string {
  const ago = daysAgo(time, now);
  if (ago <= 0) return today;
  if (ago === 1) return yesterday;
  return isSameYear(time, now) ? earlier : String(new Date(time).getFullYear());
}
