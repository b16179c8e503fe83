import { describe, expect, it } from 'vitest';
import { contentLimits } from '../limits.ts';
import { parseEmail } from '../parse.ts';

const calendar = (...properties: string[]) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    ...properties,
    'BEGIN:VEVENT',
    'SUMMARY:Meeting',
    'METHOD:NONE-OF-THE-CALENDAR',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n');

async function methodOf(type: string, content: string | Uint8Array): Promise<string | null> {
  const head = `Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nCome!\r\n--x\r\nContent-Type: ${type}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  const body = Buffer.from(content).toString('base64');
  return (await parseEmail(Buffer.from(`${head}${body}\r\n--x--`))).calendarMethod;
}

describe('calendarMethod', () => {
  it.each([
    ['the parameter', 'text/calendar; method=request', calendar('METHOD:CANCEL'), 'REQUEST'],
    ['the calendar', 'text/calendar', calendar('METHOD:CANCEL'), 'CANCEL'],
    [
      'the calendar of application/ics',
      'application/ics; name=invite.ics',
      calendar('METHOD:Reply'),
      'REPLY',
    ],
    [
      'a folded line with a parameter',
      'text/calendar',
      calendar('MET\r\n HOD;X-A=b:COU\r\n\tNTER'),
      'COUNTER',
    ],
    ['a calendar of LF alone', 'text/calendar', calendar('METHOD:ADD').replaceAll('\r', ''), 'ADD'],
    [
      'a calendar in UTF-16',
      'text/calendar',
      Buffer.from(`\ufeff${calendar('METHOD:ADD')}`, 'utf16le'),
      'ADD',
    ],
    ['nothing: it is no invitation', 'text/calendar', calendar(), null],
    ['nothing: it is no calendar', 'application/ics', 'METHOD:REQUEST', null],
    ['nothing: it is another type', 'text/plain', calendar('METHOD:REQUEST'), null],
  ])('comes of %s', async (_where, type, content, method) => {
    expect(await methodOf(type, content)).toBe(method);
  });

  it('is looked for within a bound, and is a short line', async () => {
    const late = calendar(`X-PADDING:${'x'.repeat(contentLimits.calendarBytes)}`, 'METHOD:REQUEST');
    expect(await methodOf('text/calendar', late)).toBeNull();
    const long = await methodOf('text/calendar', calendar(`METHOD:${'A'.repeat(5_000)}`));
    expect(long?.length).toBe(40);
    expect(await methodOf('text/calendar; method="a\x00b"', calendar())).toBe('A B');
  });
});
