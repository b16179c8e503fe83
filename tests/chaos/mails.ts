import iconv from 'iconv-lite';
import type { Random } from '../../bench/random.ts';

export interface ChaosMail {
  /** What kind it is, for the log. */
  about: string;
  raw: Buffer;
  flags: string[];
  internalDate: Date;
}

/** Message-IDs that several mails carry. */
const sharedIds = [
  '<shared.1@chaos.example>',
  '<shared.2@chaos.example>',
  '<shared.3@chaos.example>',
] as const;

/** Keywords that servers and clients set: system flags, registered ones (RFC 5788) and words of a person's own. */
export const chaosFlags = [
  '\\Seen',
  '\\Flagged',
  '\\Answered',
  '\\Draft',
  '$Forwarded',
  '$label1',
  'work',
] as const;

function headers(token: number, extra: readonly string[]): string {
  return [
    `From: Sender ${token % 7} <s${token % 7}@chaos.example>`,
    'To: Ada <ada@chaos.example>',
    `Subject: ${tokenSubject(token)}`,
    'Date: Tue, 01 Sep 2026 10:00:00 +0000',
    ...extra,
    '',
    '',
  ].join('\r\n');
}

/** The words of a subject by which a mail is known again, whatever becomes of its Message-ID. */
function tokenSubject(token: number): string {
  return `chaos-${token}`;
}

/** The token in a subject; null for a mail without one. */
export function tokenOf(subject: string): number | null {
  const found = /chaos-(\d+)/.exec(subject);
  return found === null ? null : Number(found[1]);
}

function ownId(token: number): string {
  return `Message-ID: <own.${token}@chaos.example>`;
}

const kinds: Readonly<Record<string, (token: number, random: Random) => Buffer>> = {
  plain: (token) => Buffer.from(`${headers(token, [ownId(token)])}Body of ${token}\r\n`),
  'shared id': (token, random) =>
    Buffer.from(`${headers(token, [`Message-ID: ${random.pick(sharedIds)}`])}Body of ${token}\r\n`),
  'no id': (token) => Buffer.from(`${headers(token, [])}Without an id: ${token}\r\n`),
  answer: (token, random) => {
    const parent = `<own.${random.below(token + 1)}@chaos.example>`;
    return Buffer.from(
      `${headers(token, [ownId(token), `In-Reply-To: ${parent}`, `References: ${parent}`])}Answer ${token}\r\n`,
    );
  },
  'Latin-1': (token) =>
    Buffer.concat([
      Buffer.from(
        headers(token, [
          ownId(token),
          'Content-Type: text/plain; charset=iso-8859-1',
          'Content-Transfer-Encoding: 8bit',
        ]),
      ),
      iconv.encode(`Größe, Äpfel, naïve: ${token}\r\n`, 'iso-8859-1'),
    ]),
  'Latin-1, unsaid': (token) =>
    Buffer.concat([
      Buffer.from(headers(token, [ownId(token)])),
      iconv.encode(`Größe ${token}\r\n`, 'iso-8859-1'),
    ]),
  Shift_JIS: (token) =>
    Buffer.concat([
      Buffer.from(headers(token, [ownId(token), 'Content-Type: text/plain; charset=Shift_JIS'])),
      iconv.encode(`会議は明日の午後に変更されました ${token}\r\n`, 'shift_jis'),
    ]),
  HTML: (token) =>
    Buffer.from(
      `${headers(token, [ownId(token), 'MIME-Version: 1.0', 'Content-Type: multipart/alternative; boundary=b'])}--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nText ${token}\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>HTML <b>${token}</b></p>\r\n--b--\r\n`,
    ),
  tiny: (token) => Buffer.from(`Subject: ${tokenSubject(token)}\r\n\r\n`),
  empty: () => Buffer.from('\r\n'),
  unending: (token) =>
    Buffer.from(
      `${headers(token, [ownId(token), 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'])}--b\r\nContent-Type: text/plain\r\n\r\nNo end of ${token}`,
    ),
  big: (token, random) => {
    const file = random
      .bytes(70_000 + random.below(60_000))
      .toString('base64')
      .replace(/(.{76})/g, '$1\r\n');
    return Buffer.from(
      `${headers(token, [ownId(token), 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b'])}--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBig ${token}\r\n--b\r\nContent-Type: application/octet-stream; name=f.bin\r\nContent-Disposition: attachment; filename=f.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}\r\n--b--\r\n`,
    );
  },
};

const kindNames = ['plain', 'plain', 'answer', 'answer', ...Object.keys(kinds)];

/** A mail of any sort, with flags and a date that other mails may share. */
export function chaosMail(random: Random, token: number): ChaosMail {
  const about = kindNames[random.below(kindNames.length)] ?? 'plain';
  const make = kinds[about];
  if (make === undefined) throw new Error(`There is no mail of kind ${about}.`);
  return {
    about,
    raw: make(token, random),
    flags: chaosFlags.filter(() => random.below(6) === 0),
    internalDate: new Date(Date.UTC(2025, random.below(12), 1 + random.below(28), random.below(3))),
  };
}
