import { Refused } from './gmail-account.ts';
import type { Asked, Command } from './imap-commands.ts';
import { listLines, statusLine } from './imap-listing.ts';
import { itemsOf, type Token, textOf, upperOf } from './imap-reader.ts';
import type { ImapSession } from './imap-session.ts';
import { decodeName } from './mailbox-names.ts';
import { SelectedMailbox } from './selected-mailbox.ts';

/** The mailbox name that a client gave. */
export function nameOf(session: ImapSession, token: Token | undefined): string {
  const text = textOf(token);
  return session.isUtf8 ? text : decodeName(text);
}

function open(session: ImapSession, { tokens: [name, parameters] }: Asked, isReadOnly: boolean): string {
  session.selected = null;
  const mailbox = session.account.mailbox(nameOf(session, name));
  if (mailbox === undefined) throw new Refused('[NONEXISTENT] Unknown Mailbox');
  if (itemsOf(parameters).some((item) => upperOf(item) === 'CONDSTORE')) session.hasCondstore = true;
  session.selected = new SelectedMailbox(mailbox, isReadOnly);
  const flags = '\\Answered \\Flagged \\Draft \\Deleted \\Seen $NotPhishing $Phishing';
  session.send(`* FLAGS (${flags})`);
  session.send(`* OK [PERMANENTFLAGS (${isReadOnly ? '' : `${flags} \\*`})] Flags permitted.`);
  session.send(`* OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs valid.`);
  session.send(`* ${mailbox.entries.length} EXISTS`);
  session.send('* 0 RECENT');
  session.send(`* OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID.`);
  session.send(`* OK [HIGHESTMODSEQ ${mailbox.highestModseq}]`);
  return `OK [READ-${isReadOnly ? 'ONLY' : 'WRITE'}] ${mailbox.path} selected. (Success)`;
}

function close(session: ImapSession): string {
  session.selected = null;
  return 'OK Returned to authenticated state. (Success)';
}

function list(session: ImapSession, { tokens }: Asked, command: 'LIST' | 'LSUB'): string {
  const [reference, pattern, ...options] = tokens;
  const words = options.flatMap((token) => (token.type === 'list' ? token.items : []));
  const statusAt = words.findIndex((token) => upperOf(token) === 'STATUS');
  const statusItems = statusAt === -1 ? [] : itemsOf(words[statusAt + 1]).map(upperOf);
  const wanted = textOf(reference) + nameOf(session, pattern);
  for (const line of listLines(session.account, command, wanted, session.encode, statusItems))
    session.send(line);
  return 'OK Success';
}

function subscribe(session: ImapSession, { tokens: [name] }: Asked, isSubscribed: boolean): string {
  const mailbox = session.account.mailbox(nameOf(session, name));
  if (mailbox === undefined) throw new Refused('[NONEXISTENT] Unknown Mailbox');
  mailbox.isSubscribed = isSubscribed;
  return 'OK Success';
}

export const mailboxCommands: Record<string, Command> = {
  SELECT: { needs: 'login', run: (session, asked) => open(session, asked, false) },
  EXAMINE: { needs: 'login', run: (session, asked) => open(session, asked, true) },
  // With Gmail's default what is marked \Deleted goes at once: CLOSE has nothing to expunge.
  CLOSE: { needs: 'mailbox', run: close },
  UNSELECT: { needs: 'mailbox', run: close },
  CHECK: { needs: 'mailbox', run: () => 'OK Success' },
  LIST: { needs: 'login', run: (session, asked) => list(session, asked, 'LIST') },
  LSUB: { needs: 'login', run: (session, asked) => list(session, asked, 'LSUB') },
  STATUS: {
    needs: 'login',
    run(session, { tokens: [name, items] }) {
      const mailbox = session.account.mailbox(nameOf(session, name));
      if (mailbox === undefined) throw new Refused('[NONEXISTENT] Unknown Mailbox');
      session.send(statusLine(mailbox, session.encode, itemsOf(items).map(upperOf)));
      return 'OK Success';
    },
  },
  CREATE: {
    needs: 'login',
    run(session, { tokens: [name] }) {
      session.account.create(nameOf(session, name).replace(/\/$/, ''));
      return 'OK Success';
    },
  },
  DELETE: {
    needs: 'login',
    run(session, { tokens: [name] }) {
      session.account.remove(nameOf(session, name));
      return 'OK Success';
    },
  },
  RENAME: {
    needs: 'login',
    run(session, { tokens: [from, to] }) {
      session.account.rename(nameOf(session, from), nameOf(session, to));
      return 'OK Success';
    },
  },
  SUBSCRIBE: { needs: 'login', run: (session, asked) => subscribe(session, asked, true) },
  UNSUBSCRIBE: { needs: 'login', run: (session, asked) => subscribe(session, asked, false) },
};
