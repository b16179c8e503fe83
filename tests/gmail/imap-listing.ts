import type { GmailAccount, Mailbox } from './gmail-account.ts';
import { systemMailboxes } from './gmail-mailboxes.ts';
import { imapString, joined } from './imap-writer.ts';

interface Listed {
  path: string;
  /** Null for what only holds others: `[Gmail]`, and the parent of a label that is no label itself. */
  mailbox: Mailbox | null;
}

function listedOf(account: GmailAccount): Listed[] {
  const listed = new Map<string, Listed>();
  for (const mailbox of account.mailboxes.values()) {
    const names = mailbox.path.split('/');
    for (let depth = 1; depth < names.length; depth += 1) {
      const path = names.slice(0, depth).join('/');
      if (!listed.has(path)) listed.set(path, { path, mailbox: null });
    }
    listed.set(mailbox.path, { path: mailbox.path, mailbox });
  }
  return [...listed.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', '[^/]*');
  return new RegExp(`^${source}$`).test(path);
}

/** The lines of LIST or LSUB; with `statusItems` those of LIST-STATUS (RFC 5819) between them. */
export function listLines(
  account: GmailAccount,
  command: 'LIST' | 'LSUB',
  pattern: string,
  encode: (name: string) => string,
  statusItems: readonly string[],
): Buffer[] {
  const all = listedOf(account);
  return all
    .filter(({ path, mailbox }) => matches(pattern, path) && (command === 'LIST' || mailbox?.isSubscribed))
    .flatMap(({ path, mailbox }) => {
      const hasChildren = all.some((other) => other.path.startsWith(`${path}/`));
      const attribute = systemMailboxes.find((system) => system.path === path)?.attribute ?? null;
      const attributes = [
        hasChildren ? '\\HasChildren' : '\\HasNoChildren',
        ...(mailbox === null ? ['\\Noselect'] : []),
        ...(attribute === null ? [] : [attribute]),
        ...(mailbox?.isSubscribed === true && command === 'LIST' ? ['\\Subscribed'] : []),
      ];
      const line = joined([`* ${command} (${attributes.join(' ')}) "/" `, imapString(encode(path))]);
      const hasStatus = mailbox !== null && statusItems.length > 0;
      return hasStatus ? [line, statusLine(mailbox, encode, statusItems)] : [line];
    });
}

const statusValues: Record<string, (mailbox: Mailbox) => number> = {
  MESSAGES: ({ entries }) => entries.length,
  RECENT: () => 0,
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ entries }) => entries.filter(({ message }) => !message.flags.has('\\Seen')).length,
  HIGHESTMODSEQ: ({ highestModseq }) => highestModseq,
};

export function statusLine(
  mailbox: Mailbox,
  encode: (name: string) => string,
  items: readonly string[],
): Buffer {
  const values = items.flatMap((item) => {
    const value = statusValues[item.toUpperCase()];
    return value === undefined ? [] : [`${item.toUpperCase()} ${value(mailbox)}`];
  });
  return joined(['* STATUS ', imapString(encode(mailbox.path)), ` (${values.join(' ')})`]);
}
