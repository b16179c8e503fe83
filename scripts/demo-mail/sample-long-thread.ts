import type { Conversation, Turn } from './sample-conversations.ts';
import { ANNA, BEN, MIRA, PRIYA, TOMAS } from './sample-people.ts';

const LINES = [
  'I would start with the oldest boxes, they hold the drawings nobody has scanned.',
  'Agreed, but let us label as we go; last time we scanned four hundred sheets and could not find one.',
  'A label per sheet is slow. One per box, and the scanner numbers the sheets?',
  'The scanner restarts at 0001 for every batch. Ask me how I know.',
  'Then box number first: 07-0001. It even sorts.',
  'It sorts until box 100. Do we have a hundred boxes?',
  'We have forty-one, I counted on Monday.',
  'Forty-two. One was under the stairs.',
  'Two digits it is. Who has the key to the archive?',
  'I do, and I am in from eight.',
  'First box done: 212 sheets, 50 minutes, one paper jam.',
  'At that pace we are through before the spring. Well done.',
  'Box 02 is all on tracing paper. It curls. Any ideas?',
  'Leave it under a glass plate over night, then it lies flat.',
  'The glass plate works wonderfully.',
  'Who would have thought. Boxes 02 to 05 are in.',
  'I found the original sketch of the lighthouse! It is signed.',
  'Frame it. No, wait: scan it, then frame it.',
  'Scanned, framed, hung in the corridor.',
  'Progress today: 9 of 42 boxes. I made a small table of it and will keep it up to date.',
];

const WRITERS = [MIRA, ANNA, BEN, PRIYA, TOMAS];

/** A conversation of twenty mails among five people, each quoting the one before. */
export const LONG_THREAD: Conversation = {
  key: 'archive-boxes',
  subject: 'Scanning the archive',
  among: WRITERS,
  turns: LINES.map((line, index): Turn => {
    const from = WRITERS[index % WRITERS.length] ?? MIRA;
    const before = LINES[index - 1];
    const quoted =
      before === undefined ? '' : `\n\n${WRITERS[(index - 1) % WRITERS.length]?.name} wrote:\n> ${before}`;
    return {
      from,
      daysAgo: 30 - Math.floor(index / 2),
      hour: 8 + (index % 2) * 5,
      text: `${line}\n\n${from.name.split(' ')[0]}${quoted}`,
    };
  }),
};
