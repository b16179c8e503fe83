const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours of the named zones of RFC 5322 §4.3, and of a few that occur besides. Other names mean an unknown offset: UTC. */
const zoneHours: Readonly<Record<string, number>> = {
  EDT: -4,
  EST: -5,
  CDT: -5,
  CST: -6,
  MDT: -6,
  MST: -7,
  PDT: -7,
  PST: -8,
  CET: 1,
  CEST: 2,
  MET: 1,
  MEST: 2,
  EET: 2,
  EEST: 3,
  BST: 1,
  MSK: 3,
  JST: 9,
};

const dateTime =
  /(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:[.,]\d+)?\s*([ap]m)?\s*(?:(?:gmt|utc)?\s*([+-])(\d{2}):?(\d{2})|([a-z]{1,5}))?/i;

/** Reads a Date field (RFC 5322 §3.3 and §4.3), else whatever Date.parse makes of it; null outside the years 1970 to 9999. */
export function readSentDate(fieldText: string): Date | null {
  const text = fieldText.slice(0, 200).replace(/\([^()]*\)/g, ' ');
  const time = byGrammar(text) ?? Date.parse(text);
  return time >= 0 && time < Date.UTC(10_000, 0) ? new Date(time) : null;
}

function byGrammar(text: string): number | null {
  const match = dateTime.exec(text);
  if (!match) return null;
  const [
    ,
    day,
    monthName = '',
    yearText = '',
    hourText,
    minute,
    second,
    meridiem,
    sign,
    offsetHours,
    offsetMinutes,
    zone,
  ] = match;
  const month = months.indexOf(monthName.toLowerCase());
  if (month < 0) return null;
  const hour = meridiem
    ? (Number(hourText) % 12) + (meridiem.toLowerCase() === 'pm' ? 12 : 0)
    : Number(hourText);
  const time = Date.UTC(fullYear(yearText), month, Number(day), hour, Number(minute), Number(second ?? 0));
  if (sign)
    return time - (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return time - (zoneHours[(zone ?? '').toUpperCase()] ?? 0) * 3_600_000;
}

/** RFC 5322 §4.3: two digits below 50 are of this century, other two or three digits count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}
