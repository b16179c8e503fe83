const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment as IMAP's date-time (RFC 3501, section 9), always in UTC. */
export function formatInternalDate(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(moment.getUTCDate())}-${MONTHS[moment.getUTCMonth()]}-${moment.getUTCFullYear()}`;
  return `${day} ${two(moment.getUTCHours())}:${two(moment.getUTCMinutes())}:${two(moment.getUTCSeconds())} +0000`;
}
