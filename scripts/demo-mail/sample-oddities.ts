import iconv from 'iconv-lite';
import type { SampleMessage } from './sample-message.ts';
import { ANNA, ELENA, HARUTO, type Person } from './sample-people.ts';

/** Mails in the charsets of twenty years ago, as old programs still write them. */
export function oldCharsetsFor(reader: Person): SampleMessage[] {
  return [
    legacy({
      key: `koi-${reader.address}`,
      from: ELENA,
      reader,
      subject: 'Старое письмо',
      charset: 'windows-1251',
      text: 'Добрый день!\r\n\r\nЭто письмо написано старой программой: в нём нет ни одного знака UTF-8.\r\n\r\nЕлена\r\n',
      daysAgo: 33,
    }),
    legacy({
      key: `jis-${reader.address}`,
      from: HARUTO,
      reader,
      subject: '古いメール',
      charset: 'shift_jis',
      text: 'こんにちは。\r\n\r\nこのメールは昔のソフトで書きました。文字が正しく見えますか。\r\n\r\n田中\r\n',
      daysAgo: 34,
    }),
    legacy({
      key: `latin-${reader.address}`,
      from: { name: 'Café Crème', address: 'bonjour@cafe-creme.example' },
      reader,
      subject: 'Réservation confirmée',
      charset: 'iso-8859-1',
      text: 'Bonjour,\r\n\r\nvotre table est réservée : vendredi, 19 h, près de la fenêtre.\r\nÀ bientôt !\r\n',
      daysAgo: 21,
    }),
  ];
}

type Legacy = {
  key: string;
  from: Person;
  reader: Person;
  subject: string;
  charset: string;
  text: string;
  daysAgo: number;
};

function legacy({ key, from, reader, subject, charset, text, daysAgo }: Legacy): SampleMessage {
  const word = (value: string) => `=?${charset}?B?${iconv.encode(value, charset).toString('base64')}?=`;
  return {
    key,
    from,
    to: [reader],
    subject,
    daysAgo,
    hour: 9.5,
    source: ({ date, messageId }) =>
      Buffer.concat([
        Buffer.from(
          [
            `From: ${word(from.name)} <${from.address}>`,
            `To: ${reader.name} <${reader.address}>`,
            `Subject: ${word(subject)}`,
            `Date: ${date}`,
            `Message-ID: ${messageId}`,
            'MIME-Version: 1.0',
            `Content-Type: text/plain; charset=${charset}`,
            'Content-Transfer-Encoding: 8bit',
            '',
            '',
          ].join('\r\n'),
          'latin1',
        ),
        iconv.encode(text, charset),
      ]),
  };
}

/** What landed in Junk. Nothing in it works; it looks as such mail does. */
export function junkFor(reader: Person): SampleMessage[] {
  const offers: [name: string, subject: string, text: string][] = [
    ['Prize Office', 'You have WON a lighthouse!!!', 'Answer within 24 hours to claim your lighthouse.'],
    [
      'Parcel Service',
      'Your parcel waits, pay 1.99',
      'A parcel without sender waits for you. Pay here: http://parcel.invalid/pay',
    ],
    ['Dr. Hope', 'Younger in nine days', 'Nine days. One tea. No questions.'],
    ['IT Help Desk', 'Your password expires TODAY', 'Keep your password: http://help-desk.invalid/keep'],
  ];
  return offers.map(([name, subject, text], index) => ({
    key: `junk-${index}-${reader.address}`,
    from: { name, address: `noreply${index}@offers.invalid` },
    to: [reader],
    subject,
    daysAgo: 2 + index * 5,
    hour: 2.5,
    html: `<body bgcolor="#fff7c2"><center><h1><font color="red">${subject}</font></h1><p>${text}</p><img src="http://offers.invalid/pixel.png" width="1" height="1"></center></body>`,
  }));
}

/** What somebody began to write and has not sent. */
export function draftsFor(writer: Person): SampleMessage[] {
  const other = writer.address === ANNA.address ? ELENA : ANNA;
  return [
    {
      key: `draft-1-${writer.address}`,
      from: writer,
      to: [other],
      subject: 'Photographs for the catalogue',
      daysAgo: 1,
      hour: 16,
      text: 'Hello,\n\nI looked through the photographs and would take numbers 3, 8 and',
    },
    {
      key: `draft-2-${writer.address}`,
      from: writer,
      to: [],
      subject: '',
      daysAgo: 12,
      hour: 21,
      text: 'Ideas for January:\n- ice skating\n- the new museum',
    },
  ];
}

/** What was thrown away. */
export function trashFor(reader: Person): SampleMessage[] {
  return [0, 1, 2].map((index) => ({
    key: `trash-${index}-${reader.address}`,
    from: { name: 'Survey Team', address: 'survey@questions.example' },
    to: [reader],
    subject: `Two minutes for our survey? (${index + 1} of 3)`,
    daysAgo: 9 + index,
    hour: 11,
    text: 'How likely are you to recommend our survey to a friend?\n\nhttps://questions.example/start\n',
  }));
}
