import { once } from 'node:events';
import type { Socket } from 'node:net';
import hoodiecrow, { type CommandHandler, type ImapServer } from 'hoodiecrow-imap';
import { repairs } from './imap-repairs.ts';
import { MailStore, type Storage } from './mail-store.ts';

/** A demo mail account; `makeSamples` is asked once, when nothing is kept in `folder` yet. */
export type ImapAccount = {
  address: string;
  password: string;
  folder: string;
  makeSamples: () => Promise<Storage>;
};

export type RunningImap = {
  /** Puts a message into an account's INBOX, and on disk. False when there is no such account. */
  deliver: (address: string, source: Buffer) => boolean;
  stop: () => Promise<void>;
};

/** At most this much of what happened is lost at a kill, in milliseconds. */
const FLUSH_DELAY_MS = 400;

// STARTTLS stays out: the certificate that comes with hoodiecrow has expired, and this is loopback only.
const PLUGINS = [
  'ENABLE',
  'ID',
  'IDLE',
  'NAMESPACE',
  'SPECIAL-USE',
  'CREATE-SPECIAL-USE',
  'UIDPLUS',
  'MOVE',
  'CONDSTORE',
  'LITERALPLUS',
  'UNSELECT',
];
const OPTIONS = { plugins: [...PLUGINS, repairs], id: { name: 'Mailroom demo mail' } };

/** An IMAP server on loopback for several accounts. Everything is held in memory and kept on disk. */
export async function startImapServer(accounts: ImapAccount[], port: number): Promise<RunningImap> {
  const mailboxes = new Map<
    string,
    { password: string; server: ImapServer; flush: () => void; soon: () => void }
  >();
  for (const account of accounts) {
    const store = new MailStore(account.folder);
    const storage = store.load() ?? (await account.makeSamples());
    const server = hoodiecrow({ ...OPTIONS, storage });
    const flush = () => store.flush(server);
    const soon = delay(flush);
    server.outputHandlers.push(soon);
    flush();
    mailboxes.set(account.address.toLowerCase(), { password: account.password, server, flush, soon });
  }

  // hoodiecrow knows one set of mailboxes only. So each account is a server of its own that never listens, and the one
  // that does hands a session over when it has signed in.
  const front = hoodiecrow({ ...OPTIONS, storage: {} });
  const login: CommandHandler = (connection, parsed, _data, done) => {
    const [name, password] = (parsed.attributes ?? []).map(textOf);
    const account = name === undefined ? undefined : mailboxes.get(name.toLowerCase());
    if (connection.state !== 'Not Authenticated' || !account || account.password !== password) {
      connection.send(
        {
          tag: parsed.tag,
          command: 'NO',
          attributes: [
            { type: 'SECTION', section: [{ type: 'ATOM', value: 'AUTHENTICATIONFAILED' }] },
            { type: 'TEXT', value: 'The address or the password is wrong' },
          ],
        },
        'LOGIN FAILED',
        parsed,
      );
      return done();
    }
    connection.server.removeListener('notify', connection._notificationCallback);
    connection.server = account.server;
    connection.server.on('notify', connection._notificationCallback);
    connection.state = 'Authenticated';
    connection.send(
      { tag: parsed.tag, command: 'OK', attributes: [{ type: 'TEXT', value: 'Welcome' }] },
      'LOGIN',
      parsed,
    );
    done();
  };
  front.setCommandHandler('LOGIN', login);

  const sockets = new Set<Socket>();
  front.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  front.server.listen({ port, host: '127.0.0.1' });
  await once(front.server, 'listening');

  return {
    deliver(address, source) {
      const account = mailboxes.get(address.toLowerCase());
      const inbox = account?.server.getMailbox('INBOX');
      if (!account || !inbox) return false;
      account.server.appendMessage(
        inbox,
        [],
        account.server.formatInternalDate(new Date()),
        source.toString('latin1'),
      );
      // Accepted means kept: whoever sent this hears 250 after this line.
      account.flush();
      return true;
    },
    async stop() {
      const closed = once(front.server, 'close');
      front.server.close();
      for (const socket of sockets)
        socket.end('* BYE The demo mail server stops\r\n', () => socket.destroy());
      await closed;
      for (const account of mailboxes.values()) account.flush();
    },
  };
}

/** Calls `work` once, a little after the first of a burst of calls. */
function delay(work: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      work();
    }, FLUSH_DELAY_MS);
  };
}

function textOf(attribute: unknown): string | undefined {
  return typeof attribute === 'object' &&
    attribute !== null &&
    'value' in attribute &&
    typeof attribute.value === 'string'
    ? attribute.value
    : undefined;
}
