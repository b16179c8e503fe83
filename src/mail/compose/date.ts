const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Minutes that the zone is ahead of UTC at that moment. */
function offsetOf(date: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(date);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * A date as a Date field has it (RFC 5322 §3.3), in the local time of an IANA zone; null: of none that is told. Always
 * 31 characters long.
 */
export function dateField(date: Date, timeZone: string | null): string {
  return fieldAt(date, timeZone === null ? 0 : offsetOf(date, timeZone));
}

/** @param offset minutes ahead of UTC */
function fieldAt(date: Date, offset: number): string {
  const local = new Date(date.getTime() + offset * 60_000);
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const day = `${days[local.getUTCDay()]}, ${two(local.getUTCDate())} ${months[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
  return `${day} ${time} ${zone}`;
}

/** How far ahead of UTC, in minutes, a Date field is that `dateField` wrote. */
function offsetIn(field: string): number {
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d)(\d\d)$/.exec(field) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/**
 * A raw message with another Date, and not a byte else changed: it will leave at another time than was thought.
 * @param timeZone an IANA zone; null: as far from UTC as the Date that it has
 */
export function redate(raw: Buffer, date: Date, timeZone: string | null): Buffer {
  const headerEnd = raw.indexOf('\r\n\r\n');
  const at = raw
    .subarray(0, headerEnd)
    .toString('latin1')
    .search(/(?<=^|\r\n)Date: .{31}(?=\r\n|$)/);
  if (at < 0) return raw;
  const changed = Buffer.from(raw);
  const start = at + 'Date: '.length;
  const before = raw.toString('latin1', start, start + 31);
  const field = timeZone === null ? fieldAt(date, offsetIn(before)) : dateField(date, timeZone);
  changed.write(field, start, 'latin1');
  return changed;
}
