import { drawPicture, printPage, writeInvitation } from './sample-attachments.ts';
import type { SampleAttachment } from './sample-message.ts';
import {
  ANNA,
  BEN,
  CLARA,
  ELENA,
  HARUTO,
  JONAS,
  LAYLA,
  MIRA,
  type Person,
  PRIYA,
  TOMAS,
} from './sample-people.ts';

/** One turn of a conversation; without `html` and `attachments` it is plain text. */
export type Turn = {
  from: Person;
  daysAgo: number;
  hour: number;
  text: string;
  html?: string;
  attachments?: SampleAttachment[];
};
export type Conversation = {
  key: string;
  subject: string;
  among: readonly Person[];
  mailbox?: string;
  turns: readonly Turn[];
};

const turn = (from: Person, daysAgo: number, hour: number, text: string, more: Partial<Turn> = {}): Turn => ({
  from,
  daysAgo,
  hour,
  text,
  ...more,
});

const plan = printPage([
  'Harbour house: plan of the ground floor',
  '',
  'Kitchen 18 m2, hall 9 m2, workshop 31 m2',
  'Scale 1:100, second draft',
]);

export const CONVERSATIONS: readonly Conversation[] = [
  {
    key: 'harbour',
    subject: 'Harbour house: second draft of the plan',
    among: [MIRA, ANNA, BEN],
    turns: [
      turn(
        MIRA,
        6,
        9.1,
        'Hello both,\n\nthe second draft is attached. The workshop has grown by a window axis, and the hall lost the step that nobody liked.\n\nMira',
        {
          attachments: [
            { filename: 'harbour-house-plan-2.pdf', contentType: 'application/pdf', content: plan },
          ],
        },
      ),
      turn(
        BEN,
        6,
        10.4,
        'Much better. Two questions: does the new window still clear the pine, and who tells the neighbours?\n\nBen',
      ),
      turn(
        ANNA,
        6,
        13.2,
        'The pine is on our side, I measured: 2.4 m to the trunk, so it clears.\n\nI will speak to the neighbours on Saturday.\n\nAnna',
      ),
      turn(
        MIRA,
        5,
        8.5,
        'Perfect. Then I send it to the structural engineer today: https://northwind.example/projects/harbour-house?tab=files\n\nMira',
      ),
      turn(
        PRIYA,
        3,
        15.8,
        'Engineer speaking. The lintel over the new window wants steel, 160 mm. It costs 400 more and saves us a column.\n\nPriya',
      ),
      turn(ANNA, 3, 17.1, 'Steel it is. Thank you, Priya.\n\nAnna'),
      turn(
        MIRA,
        0,
        8.2,
        'Good morning,\n\nthe drawings with the steel lintel are done. If you both say yes today, the permit goes out tomorrow.\n\nMira',
      ),
    ],
  },
  {
    key: 'print',
    subject: 'Offer for the autumn catalogue, 1,200 copies',
    among: [JONAS, ANNA],
    turns: [
      turn(
        JONAS,
        14,
        7.9,
        'Dear Ms Lindqvist,\n\nfor 1,200 copies, 48 pages on 120 g recycled paper, we can offer 2,940 euros including delivery.\n\nWith kind regards\nJonas Weber\n-- \nWeber Druck, Am Kanal 4\nhttps://weber-druck.example',
      ),
      turn(
        ANNA,
        13,
        9.3,
        'Dear Mr Weber,\n\nthank you. What would 90 g paper make of the price, and can you deliver in week 49?\n\nAnna Lindqvist',
      ),
      turn(
        JONAS,
        12,
        8.1,
        'With 90 g it is 2,610 euros. Week 49 works if we have the files by Friday. The price list is attached.\n\nJonas Weber',
        {
          attachments: [
            {
              filename: 'Preisliste Herbst.csv',
              contentType: 'text/csv',
              content: 'paper;copies;price\r\n90 g;1200;2610\r\n120 g;1200;2940\r\n',
            },
          ],
        },
      ),
      turn(ANNA, 11, 16.7, 'Then 90 g, please. You will have the files on Thursday.\n\nAnna Lindqvist'),
      turn(
        JONAS,
        4,
        11.5,
        'The proofs came off the press this morning, see the picture. We are ahead of time.\n\nJonas Weber',
        {
          attachments: [
            {
              filename: 'proof.png',
              contentType: 'image/png',
              content: drawPicture(420, 280, [24, 74, 96], [232, 170, 90]),
            },
          ],
        },
      ),
    ],
  },
  {
    key: 'lunch',
    subject: 'Lunch on Thursday?',
    among: [BEN, ANNA],
    turns: [
      turn(BEN, 2, 9, 'The new soup place by the bridge, 12:30?'),
      turn(ANNA, 2, 9.2, 'Yes! Shall I book?'),
      turn(BEN, 2, 9.3, 'Already did. Table by the window.'),
      turn(ANNA, 1, 18, 'They wrote to me that it is 12:45 now. Fine with you?'),
      turn(BEN, 0, 7.4, 'Fine. See you there.'),
    ],
  },
  {
    key: 'review',
    subject: 'Review of the search service, Wednesday',
    among: [PRIYA, BEN, TOMAS],
    turns: [
      turn(
        PRIYA,
        9,
        12,
        'Please bring your notes, the invitation is attached. I would like to leave with a decision on the index format.\n\nPriya',
        {
          attachments: [
            {
              filename: 'invite.ics',
              contentType: 'text/calendar; method=REQUEST; charset=utf-8',
              content: writeInvitation({
                uid: 'review-1@northwind.example',
                title: 'Review of the search service',
                place: 'Room 3',
                start: new Date(Date.UTC(2030, 0, 9, 13)),
                organiser: PRIYA.address,
                guest: BEN.address,
              }),
            },
          ],
        },
      ),
      turn(
        TOMAS,
        9,
        13.5,
        'Moje poznámky: fronta je krátká, index je velký. In English: the queue is short, the index is large. More on Wednesday.\n\nTomáš',
      ),
      turn(
        BEN,
        8,
        8.8,
        'Measurements from last night:\n\n  10k documents   38 ms\n 100k documents   61 ms\n   1M documents  240 ms\n\nSo the tail is the problem, not the median.\n\nBen',
        {
          attachments: [
            {
              filename: 'measurements.txt',
              contentType: 'text/plain; charset=utf-8',
              content: '10k 38\n100k 61\n1M 240\n',
            },
          ],
        },
      ),
      turn(PRIYA, 7, 10.1, 'Then we shard by account. Decided, minutes follow.\n\nPriya'),
    ],
  },
  {
    key: 'kyoto',
    subject: '京都の写真 / Pictures from Kyoto',
    among: [HARUTO, ANNA],
    turns: [
      turn(
        HARUTO,
        20,
        3.2,
        'アンナさん、\n\nお元気ですか。先週の京都の写真を送ります。紅葉がとてもきれいでした。\n\n陽翔',
        {
          attachments: [
            {
              filename: '紅葉.png',
              contentType: 'image/png',
              content: drawPicture(360, 240, [150, 40, 30], [240, 190, 80]),
            },
            {
              filename: '鴨川.png',
              contentType: 'image/png',
              content: drawPicture(360, 240, [30, 80, 120], [190, 220, 230]),
            },
          ],
        },
      ),
      turn(
        ANNA,
        19,
        19.5,
        'ありがとうございます！ How beautiful. The second one is going on my wall.\n\nAnna',
      ),
      turn(
        HARUTO,
        18,
        4.1,
        'うれしいです。大きいファイルもありますので、必要でしたら言ってください。\n\n陽翔',
      ),
    ],
  },
  {
    key: 'translation',
    subject: 'Перевод каталога',
    among: [ELENA, ANNA],
    turns: [
      turn(
        ELENA,
        25,
        8,
        'Здравствуйте, Анна!\n\nПеревод первых двадцати страниц готов. Остался вопрос: «мастерская» или «ателье»?\n\nС уважением,\nЕлена',
      ),
      turn(ANNA, 24, 10, 'Dear Elena,\n\n«мастерская», please: it should sound like work.\n\nAnna'),
      turn(ELENA, 23, 9.4, 'Согласна. Завтра пришлю остальное.\n\nЕлена'),
    ],
  },
  {
    key: 'exhibition',
    subject: 'دعوة إلى المعرض',
    among: [LAYLA, ANNA, BEN],
    turns: [
      turn(
        LAYLA,
        16,
        11,
        'مرحبا آنا، مرحبا بن،\n\nيسعدني دعوتكما إلى افتتاح المعرض يوم الجمعة في الساعة السابعة مساءً.\n\nليلى',
        {
          html: '<div dir="rtl" style="font-size:16px;line-height:1.8"><p>مرحبا آنا، مرحبا بن،</p><p>يسعدني دعوتكما إلى <b>افتتاح المعرض</b> يوم الجمعة في الساعة السابعة مساءً.</p><p>ليلى</p></div>',
        },
      ),
      turn(BEN, 15, 12, 'Thank you, Layla! I will be there, with flowers.\n\nBen'),
    ],
  },
  {
    key: 'birthday',
    subject: 'Grandma turns ninety 🎂',
    among: [CLARA, ANNA],
    mailbox: 'Familj/Släktträff',
    turns: [
      turn(
        CLARA,
        40,
        18,
        'Hej Anna!\n\nMormor fyller 90 i januari. Ska vi ta den stora salen? Jag kan göra tårta 🎂\n\nClara',
      ),
      turn(ANNA, 39, 20, 'Ja! Jag bokar salen och skriver till alla kusiner.\n\nAnna'),
      turn(CLARA, 38, 7.5, 'Toppen. Lista över gäster kommer.\n\nClara'),
    ],
  },
];
