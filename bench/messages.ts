import iconv from 'iconv-lite';
import { type Random, seededRandom } from './random.ts';

export interface BenchMessage {
  raw: Buffer;
  receivedAt: Date;
  isSeen: boolean;
}

const languages: readonly [Language, ...Language[]] = [
  {
    charset: 'utf-8',
    words: 'the meeting plan was moved to Tuesday because our new office needs a second look before autumn',
  },
  {
    charset: 'iso-8859-1',
    words: 'für die nächste Lieferung brauchen wir über fünf größere Kisten und eine schöne Rechnung',
  },
  {
    charset: 'windows-1252',
    words: 'les élèves ont reçu déjà “trois” réponses à côté du théâtre où naît l’été – voilà',
  },
  { charset: 'koi8-r', words: 'мы получили ваше письмо и ответим завтра утром когда вернётся наш бухгалтер' },
  { charset: 'shift_jis', words: '会議 は 明日 の 午後 に 変更 されました よろしく お願い します' },
  { charset: 'gb18030', words: '我们 已经 收到 您的 订单 请 在 星期五 之前 确认 地址' },
  { charset: 'utf-8', words: 'señor año niño 👍 świat żółć ελληνικά עברית العربية ไทย' },
];

interface Language {
  charset: string;
  words: string;
}

const people = ['ada', 'bo', 'chen', 'dara', 'emil', 'fatima', 'goran', 'hana', 'ivo', 'june'] as const;

function prose(random: Random, { words }: Language, length: number): string {
  const list = words.split(' ');
  let text = '';
  let line = 0;
  while (text.length < length) {
    const word = list[random.below(list.length)] ?? '';
    line += word.length + 1;
    text += word;
    if (line > 70) {
      text += random.below(6) === 0 ? '\r\n\r\n' : '\r\n';
      line = 0;
    } else text += ' ';
  }
  return `${text}\r\n`;
}

function encodedBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/(.{76})/g, '$1\r\n');
}

function encodedWord(text: string, charset: string): string {
  return `=?${charset}?B?${iconv.encode(text, charset).toString('base64')}?=`;
}

function textPart(random: Random, language: Language, subtype: 'plain' | 'html', text: string): Buffer {
  const { charset } = language;
  const body =
    subtype === 'plain'
      ? text
      : `<html><head><style>p{color:#333}</style></head><body><table><tr><td>${text
          .split('\r\n\r\n')
          .map((paragraph) => `<p style="margin:4px">${paragraph}</p>`)
          .join('\r\n')}</td></tr></table></body></html>`;
  const encoded = iconv.encode(body, charset);
  const is7bit = encoded.every((byte) => byte < 0x80);
  const isBase64 = !is7bit && random.below(3) > 0;
  const encoding = is7bit ? '7bit' : isBase64 ? 'base64' : '8bit';
  const head = `Content-Type: text/${subtype}; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), isBase64 ? Buffer.from(encodedBase64(encoded)) : encoded]);
}

function multipart(kind: string, boundary: string, parts: readonly Buffer[]): Buffer {
  const chunks: Buffer[] = [Buffer.from(`Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`)];
  for (const part of parts) chunks.push(Buffer.from(`--${boundary}\r\n`), part, Buffer.from('\r\n'));
  chunks.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(chunks);
}

function filePart(random: Random, size: number): Buffer {
  const name = `file-${random.below(1000)}.${random.pick(['pdf', 'png', 'zip'])}`;
  const head = `Content-Type: application/octet-stream; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  return Buffer.from(head + encodedBase64(random.bytes(size)));
}

function content(random: Random, language: Language, scale: number): Buffer {
  const shape = random.below(10);
  const words = (least: number, range: number) =>
    prose(random, language, (least + random.below(range)) * scale);
  if (shape < 3) return textPart(random, language, 'plain', words(9000, 6000));
  const both = multipart('alternative', 'alternative', [
    textPart(random, language, 'plain', words(3000, 3000)),
    textPart(random, language, 'html', words(6000, 9000)),
  ]);
  if (shape < 8) return both;
  const size = Math.round((3000 + random.below(8000)) * scale);
  return multipart('mixed', 'mixed', [both, filePart(random, size)]);
}

function messageId(n: number): string {
  return `<bench.${n}@mail.example>`;
}

function receivedAtOf(n: number): Date {
  return new Date(Date.UTC(2021, 0, 1) + n * 2 * 3_600_000);
}

/**
 * The n-th message of a mailbox, counted from 1, the oldest: a third of them are answers, of all shapes and charsets.
 * @param scale what its texts and files are multiplied by; at 1 a message has 25 KB in the mean
 */
export function benchMessage(n: number, address: string, scale = 1): BenchMessage {
  const random = seededRandom(n);
  const language = random.pick(languages);
  const receivedAt = receivedAtOf(n);
  // A third of them answer one of the last 300: threads of many lengths grow, some over batches.
  const parent = n > 1 && random.below(3) === 0 ? n - 1 - random.below(Math.min(n - 1, 300)) : null;
  const subject = prose(random, language, 30).trim().replace(/\s+/g, ' ');
  const sender = random.pick(people);
  const headers = [
    `Received: from mx.example (mx.example [192.0.2.${random.below(255)}]) by mail.example; ${receivedAt.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: ${messageId(n)}`,
    ...(parent === null ? [] : [`In-Reply-To: ${messageId(parent)}`, `References: ${messageId(parent)}`]),
    `Date: ${receivedAt.toUTCString().replace('GMT', '+0000')}`,
    `From: ${encodedWord(`${sender} ${subject.slice(0, 8)}`, language.charset)} <${sender}@people.example>`,
    `To: <${address}>`,
    `Subject: ${encodedWord(`${parent === null ? '' : 'Re: '}${subject}`, language.charset)} ${n}`,
    'MIME-Version: 1.0',
  ];
  return {
    raw: Buffer.concat([Buffer.from(`${headers.join('\r\n')}\r\n`), content(random, language, scale)]),
    receivedAt,
    isSeen: random.below(5) > 0,
  };
}

/** The n-th of a mailbox of plain notes of half a kilobyte, each a thread of its own: cheap by the hundred thousand. */
export function smallMessage(n: number, address: string): BenchMessage {
  const receivedAt = receivedAtOf(n);
  const lines = [
    `Message-ID: <small.${n}@mail.example>`,
    `Date: ${receivedAt.toUTCString().replace('GMT', '+0000')}`,
    `From: Note ${n % 97} <note.${n % 97}@people.example>`,
    `To: <${address}>`,
    `Subject: Note ${n.toString(36)} of the day ${n}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `This is note ${n}. It says what a short note says, and nothing else.`,
    '',
  ];
  return { raw: Buffer.from(lines.join('\r\n')), receivedAt, isSeen: n % 5 > 0 };
}
