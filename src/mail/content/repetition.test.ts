import { describe, expect, it } from 'vitest';
import { parseEmail } from './parse.ts';

/** What an expression that backtracks takes minutes over when it stands a hundred thousand times in a place where it is not expected. */
const scraps = [
  ' ',
  '\t',
  '\u00a0',
  '\n',
  '\r',
  '\n ',
  'a',
  'a ',
  '.',
  '. ',
  ' a. ',
  '(',
  '<',
  '<>',
  '>',
  '> ',
  '"',
  '\\',
  "'",
  "''",
  '%41',
  '=',
  '=?',
  '=?a?q?',
  '=?utf-8?q?a?= ',
  ';',
  ';a=',
  '@',
  '@a,',
  ',',
  'a@b',
  '-',
  '--',
  '&',
  '&#',
  '&nbsp;',
  '<b>',
  '<br>',
  '<style>',
  '</style',
  '<title>',
  '<!--',
  '<table><tr><td>',
  '<a href="',
  '<pre>\n',
  'cid:',
  'METHOD;',
  '[cid:',
  'On a\n',
  '-- \n',
  '\x1b$',
  '~{',
  '\x80',
  '+',
  '_',
  'From \n',
  'Re[',
];

const length = 60_000;

const places: Readonly<Record<string, (run: string) => string>> = {
  Subject: (run) => `Subject: a${run}b\n\nx`,
  To: (run) => `To: ${run}\n\nx`,
  'a quoted name': (run) => `To: "${run}" <a@b.example>\n\nx`,
  'References and dates': (run) => `Message-ID: ${run}\nReferences: ${run}\nDate: ${run}\n\nx`,
  'the fields of lists': (run) => `List-Id: ${run}b\nList-Unsubscribe: ${run}b\n\nx`,
  'Content-Type': (run) => `Content-Type: ${run}\n\nx`,
  parameters: (run) => `Content-Type: text/plain; ${run}b\n\nx`,
  'a file name': (run) => `Content-Type: application/x; name="a${run}b"\n\nx`,
  'Content-Transfer-Encoding': (run) => `Content-Transfer-Encoding: ${run}\nContent-ID: ${run}\n\nx`,
  'plain text': (run) => `Subject: x\n\na${run}b`,
  'flowed text': (run) => `Content-Type: text/plain; format=flowed; delsp=yes\n\na${run}b`,
  HTML: (run) => `Content-Type: text/html\n\na${run}b`,
  'an endless title': (run) => `Content-Type: text/html\n\n<title>a${run}b`,
  'preformatted text': (run) => `Content-Type: text/html\n\n<pre>a${run}b</pre>`,
  'an attribute': (run) => `Content-Type: text/html\n\n<a href="${run}">b`,
  'a multipart': (run) => `Content-Type: multipart/mixed; boundary=-\n\n${run}b`,
  'a multipart without boundary': (run) => `Content-Type: multipart/mixed\n\n--${run}b`,
  'a calendar': (run) => `Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n${run}b`,
  'what is no mail': (run) => run,
};

describe.each(Object.entries(places))('in %s', (_place, mailWith) => {
  it('nothing that repeats takes more than its length', async () => {
    const slow: string[] = [];
    for (const scrap of scraps) {
      const raw = Buffer.from(mailWith(scrap.repeat(Math.ceil(length / scrap.length))), 'latin1');
      const started = process.threadCpuUsage();
      await parseEmail(raw);
      const { user } = process.threadCpuUsage(started);
      // Microseconds. What is quadratic takes seconds.
      if (user > 1_000_000) slow.push(scrap);
    }
    expect(slow).toEqual([]);
  }, 60_000);
});
