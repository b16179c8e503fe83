import { type Colour, drawPicture } from './sample-attachments.ts';
import type { SampleMessage } from './sample-message.ts';
import type { Person } from './sample-people.ts';

type Newsletter = {
  key: string;
  from: Person;
  name: string;
  accent: string;
  picture: [Colour, Colour];
  every: number;
  issues: readonly [title: string, lead: string][];
};

const NEWSLETTERS: readonly Newsletter[] = [
  {
    key: 'timber',
    from: { name: 'Timber & Light', address: 'letters@timber-light.example' },
    name: 'Timber & Light',
    accent: '#8a4b1f',
    picture: [
      [94, 52, 24],
      [236, 196, 140],
    ],
    every: 7,
    issues: [
      [
        'A library that breathes',
        'Larch shingles, moving louvres and no air conditioning: how a small town built its reading room.',
      ],
      [
        'Joints without glue',
        'Three carpenters show the corner that has held for four hundred years, and why it does.',
      ],
      ['The colour of north light', 'Painters have always known it. Now two engineers have measured it.'],
      ['Rooms for making', 'Workshops are coming back into the house. Seven plans that make place for them.'],
      [
        'What the roof remembers',
        'Rings in the rafters told the age of a barn, and of the storm that mended it.',
      ],
      ['Ten small windows', 'Where to put them, how deep to set them, and when to leave them out.'],
    ],
  },
  {
    key: 'bitstream',
    from: { name: 'Bitstream Weekly', address: 'weekly@bitstream.example' },
    name: 'Bitstream Weekly',
    accent: '#2456c9',
    picture: [
      [18, 38, 110],
      [120, 210, 250],
    ],
    every: 7,
    issues: [
      ['Queues are clocks', 'Why the length of a queue tells you less than the age of its oldest item.'],
      [
        'A protocol from 1986',
        'It is older than the web, speaks in tagged lines, and still brings your mail each morning.',
      ],
      ['Small indexes win', 'Partial indexes, covering indexes, and the one that you should drop today.'],
      ['Read your own logs', 'An hour with last week’s errors is worth a month of dashboards.'],
      [
        'Backups that come back',
        'A backup is a rumour until it is restored. A drill for a Friday afternoon.',
      ],
    ],
  },
  {
    key: 'garden',
    from: { name: 'Trädgårdsbrevet', address: 'brev@tradgard.example' },
    name: 'Trädgårdsbrevet',
    accent: '#2f7a3d',
    picture: [
      [20, 80, 40],
      [214, 230, 150],
    ],
    every: 14,
    issues: [
      ['Vitlök i november', 'Sätt klyftorna fem centimeter djupt, täck med löv och glöm dem till våren.'],
      ['Höstlöv är guld', 'Lägg dem där jorden är bar. Daggmaskarna gör resten.'],
      ['Beskär inte nu', 'Äppelträden vill vila. Vänta till slutet av vintern.'],
    ],
  },
];

/** All newsletters as one reader gets them: HTML with styles, colours and a picture within. */
export function newslettersFor(reader: Person): SampleMessage[] {
  return NEWSLETTERS.flatMap((letter) =>
    letter.issues.map(([title, lead], index): SampleMessage => {
      const picture = drawPicture(560, 160, letter.picture[0], letter.picture[1]);
      return {
        key: `${letter.key}-${index}-${reader.address}`,
        from: letter.from,
        to: [reader],
        subject: `${letter.name}: ${title}`,
        daysAgo: 1 + index * letter.every,
        hour: 5.5,
        text: `${title}\n\n${lead}\n\nRead on: https://${letter.from.address.split('@')[1]}/letters/${index + 1}\n`,
        html: page(letter, title, lead, index),
        attachments: [
          {
            filename: 'header.png',
            contentType: 'image/png',
            content: picture,
            cid: `header-${letter.key}@demo`,
          },
        ],
        headers: {
          'List-Id': `<${letter.from.address.replace('@', '.')}>`,
          'List-Unsubscribe': `<mailto:${letter.from.address}?subject=unsubscribe>`,
        },
      };
    }),
  );
}

function page({ key, name, accent, from }: Newsletter, title: string, lead: string, index: number): string {
  const site = `https://${from.address.split('@')[1]}`;
  return `<!doctype html>
<html><head><meta charset="utf-8"><style>
  body { margin: 0; background: #f4f1ec; font-family: Georgia, serif; color: #2b2622; }
  .sheet { max-width: 560px; margin: 0 auto; background: #ffffff; }
  .band { background: ${accent}; color: #ffffff; padding: 14px 28px; font-size: 13px; letter-spacing: .12em; text-transform: uppercase; }
  .text { padding: 8px 28px 28px; line-height: 1.6; }
  .button { display: inline-block; background: ${accent}; color: #fff; padding: 10px 20px; border-radius: 4px; text-decoration: none; }
  .foot { padding: 16px 28px; font-size: 12px; color: #8b8178; border-top: 1px solid #eee6dc; }
</style></head><body><div class="sheet">
  <div class="band">${name} &middot; No. ${120 - index}</div>
  <img src="cid:header-${key}@demo" alt="" width="560" height="160" style="display:block;width:100%;height:auto">
  <div class="text">
    <h1 style="color:${accent};font-weight:normal">${title}</h1>
    <p style="font-size:17px">${lead}</p>
    <table width="100%" cellpadding="8" style="background:#faf7f2;border-left:4px solid ${accent}"><tr>
      <td style="font-style:italic">“${lead.split(/[.:]/)[0]}.”</td></tr></table>
    <p><a class="button" href="${site}/letters/${index + 1}">Read on</a></p>
  </div>
  <div class="foot">You get this because you asked for it. <a href="${site}/unsubscribe" style="color:#8b8178">Unsubscribe</a>
    <img src="${site}/open.gif?issue=${index + 1}" width="1" height="1" alt=""></div>
</div></body></html>`;
}
