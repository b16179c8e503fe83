import type { InitialMailbox, StoredMessage } from 'hoodiecrow-imap';
import { formatInternalDate } from './internal-date.ts';
import { buildStorage, type Storage } from './mail-store.ts';
import { CONVERSATIONS, type Conversation } from './sample-conversations.ts';
import { LONG_THREAD } from './sample-long-thread.ts';
import { composeSample, dateOf, type SampleMessage } from './sample-message.ts';
import { newslettersFor } from './sample-newsletters.ts';
import { noticesFor } from './sample-notices.ts';
import { draftsFor, junkFor, oldCharsetsFor, trashFor } from './sample-oddities.ts';
import { DEMO_PEOPLE, type Person } from './sample-people.ts';

/** A sample mail, the mailbox it lies in (as people write its name) and the flags it has there. */
type Placed = { mailbox: string; message: SampleMessage; flags: string[] };

const SPECIAL_USES: Record<string, string | null> = {
  INBOX: null,
  Drafts: '\\Drafts',
  Sent: '\\Sent',
  Archive: '\\Archive',
  Junk: '\\Junk',
  Trash: '\\Trash',
  Projects: null,
  'Projects/Harbour house': null,
  'Projects/Search service': null,
  Familj: null,
  'Familj/Släktträff': null,
};

/** Older mail than this lies in the archive, in days. */
const INBOX_DAYS = 45;

/** The mailboxes of one demo account, as they are before anybody has touched them. Throws for a stranger's address. */
export async function makeSampleMailboxes(address: string, now: Date): Promise<Storage> {
  const owner = DEMO_PEOPLE.find((person) => person.address === address);
  if (!owner) throw new Error(`There is no sample mail for ${address}.`);
  const conversations = [...CONVERSATIONS, LONG_THREAD].filter(({ among }) => among.includes(owner));
  const placed = [
    ...conversations.flatMap((conversation) => placeConversation(conversation, owner)),
    ...[...newslettersFor(owner), ...noticesFor(owner), ...oldCharsetsFor(owner)].map(placeIncoming),
    ...junkFor(owner).map((message): Placed => ({ mailbox: 'Junk', message, flags: [] })),
    ...trashFor(owner).map((message): Placed => ({ mailbox: 'Trash', message, flags: ['\\Seen'] })),
    ...draftsFor(owner).map(
      (message): Placed => ({ mailbox: 'Drafts', message, flags: ['\\Seen', '\\Draft'] }),
    ),
  ];
  const senders = new Map(placed.map(({ message }) => [message.key, message.from]));
  const mailboxes = await Promise.all(
    Object.entries(SPECIAL_USES).map(async ([name, use], index): Promise<[string, InitialMailbox]> => {
      const content = placed
        .filter(({ mailbox }) => mailbox === name)
        .toSorted((a, b) => dateOf(a.message, now).getTime() - dateOf(b.message, now).getTime());
      const messages = await Promise.all(
        content.map(async ({ message, flags }, place): Promise<StoredMessage> => {
          const source = await composeSample(message, senders, now);
          return {
            uid: place + 1,
            flags,
            internaldate: formatInternalDate(dateOf(message, now)),
            raw: source.toString('latin1'),
            MODSEQ: place + 1,
          };
        }),
      );
      const uidvalidity = Math.floor(now.getTime() / 1000) + index;
      const mailbox = {
        messages,
        uidvalidity,
        uidnext: messages.length + 1,
        HIGHESTMODSEQ: messages.length + 1,
      };
      return [encodeMailboxPath(name), use === null ? mailbox : { ...mailbox, 'special-use': use }];
    }),
  );
  return buildStorage(mailboxes);
}

function placeConversation({ key, subject, among, mailbox, turns }: Conversation, owner: Person): Placed[] {
  return turns.map((turn, index) => {
    const isOwn = turn.from === owner;
    const isAnswered = turns[index + 1]?.from === owner;
    const message: SampleMessage = {
      ...turn,
      key: `${key}-${index}`,
      subject: index === 0 ? subject : `Re: ${subject}`,
      to: among.filter((person) => person !== turn.from),
      references: turns.slice(0, index).map((_, before) => `${key}-${before}`),
    };
    if (isOwn) return { mailbox: 'Sent', message, flags: ['\\Seen'] };
    const flags = [
      ...(turn.daysAgo > 0 ? ['\\Seen'] : []),
      ...(isAnswered ? ['\\Answered'] : []),
      ...(index === 0 && turn.daysAgo < 10 ? ['\\Flagged'] : []),
    ];
    return { mailbox: mailbox ?? placeByAge(turn.daysAgo), message, flags };
  });
}

function placeIncoming(message: SampleMessage): Placed {
  const isBuild = message.key.startsWith('build-') && message.daysAgo > 6;
  const mailbox = isBuild ? 'Projects/Search service' : placeByAge(message.daysAgo);
  return { mailbox, message, flags: message.daysAgo > 3 ? ['\\Seen'] : [] };
}

function placeByAge(daysAgo: number): string {
  return daysAgo > INBOX_DAYS ? 'Archive' : 'INBOX';
}

/** A mailbox name as it goes over the wire: modified UTF-7 (RFC 3501, 5.1.3). */
export function encodeMailboxPath(path: string): string {
  return path.replaceAll('&', '&-').replaceAll(/[^\x20-\x7e]+/g, (run) => {
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replaceAll('=', '').replaceAll('/', ',')}-`;
  });
}
