import { createServer, type Socket } from 'node:net';
import { GmailAccount, type GmailMessage } from './gmail-account.ts';
import { sentMail } from './gmail-mailboxes.ts';
import { ImapSession, type Login } from './imap-session.ts';

/** A message as the account holds it, for tests to compare. */
export interface GmailMessageView {
  id: string;
  threadId: string;
  raw: Buffer;
  flags: string[];
  /** The mailboxes that hold it, with its UID in each. */
  places: Map<string, number>;
}

export interface Gmail {
  port: number;
  /** A mail arrives, with the labels (mailbox names) that filters give it; without any it is in the inbox. */
  deliver(raw: Buffer | string, labels?: readonly string[]): GmailMessageView;
  /** Gmail's SMTP has taken a mail from this account, and files the copy by itself. */
  sent(raw: Buffer | string): GmailMessageView;
  messages(): GmailMessageView[];
  /** Makes a label, nested by `/`. */
  createLabel(path: string): void;
  /** Connections that are open now. */
  open(): number;
  stop(): Promise<void>;
}

/**
 * Gmail's IMAP as it differs from every other server's: one message in many mailboxes, X-GM-EXT-1, archiving by
 * leaving the inbox, CONDSTORE without QRESYNC, expunging at once. On loopback, for one account, all in memory.
 */
export async function startGmail(login: Login): Promise<Gmail> {
  const account = new GmailAccount();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // A client that breaks off is an ordinary thing here.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    new ImapSession(socket, account, login);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  const view = (message: GmailMessage): GmailMessageView => ({
    id: message.id,
    threadId: message.threadId,
    raw: message.raw,
    flags: [...message.flags],
    places: new Map(
      [...account.mailboxes.values()].flatMap(({ path, entries }) =>
        entries.filter((entry) => entry.message === message).map(({ uid }) => [path, uid] as const),
      ),
    ),
  });
  return {
    port: address.port,
    deliver: (raw, labels = ['INBOX']) => view(account.receive(Buffer.from(raw), labels, [], new Date())),
    sent: (raw) => view(account.receive(Buffer.from(raw), [sentMail], ['\\Seen'], new Date())),
    messages: () => [...account.messages.values()].map(view),
    createLabel: (path) => account.create(path),
    open: () => sockets.size,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
