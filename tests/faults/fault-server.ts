import { connect, createServer, type Socket } from 'node:net';
import { type Fragment, ImapLines } from './imap-lines.ts';

export interface SentCommand {
  /** Which connection sent it, counted from 1. */
  connection: number;
  /** Which of all commands it is, counted from 1. */
  nth: number;
  /** In capitals, with `UID` before it where it stands there. */
  name: string;
  /** The whole line without its tag. */
  line: string;
}

/**
 * What becomes of a command: the connection is dropped before the server has it or when the server has carried it
 * out, or says nothing any more from then on; or these words are the tagged answer (`NO [LIMIT] Too many`); or the server has
 * it only when something else is done.
 */
export type Fate = 'drop' | 'drop-answer' | 'silence' | { answer: string } | { after: Promise<unknown> };

export interface FaultServer {
  port: number;
  /** All commands that were sent, in their order. */
  readonly commands: readonly SentCommand[];
  /** Decides what becomes of a command; null: the server behind answers. */
  onCommand: ((command: SentCommand) => Fate | null) | null;
  /** Said to new connections instead of the server's greeting, whereupon they are closed; null: the server's. */
  greeting: string | null;
  /** New connections are accepted and hear nothing. */
  isDumb: boolean;
  /** Milliseconds between two bytes of what the server says; null: as it comes. */
  trickle: number | null;
  /** How many connections have been made so far. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Drops one open connection, any. */
  dropOne(): void;
  /** One open connection, any, hears nothing from now on, and nothing that it says arrives; it stays open. */
  freezeOne(): void;
  /** Forgets the commands that were sent. */
  forget(): void;
  /** From now on all open connections hear nothing and nothing that they say arrives; they stay open. */
  freezeAll(): void;
  dropAll(): void;
  stop(): Promise<void>;
}

/** A server on loopback that answers as a real IMAP server behind it does, but where a test decides otherwise. */
export async function startFaultServer(imapPort: number): Promise<FaultServer> {
  const connections = new Set<Connection>();
  const commands: SentCommand[] = [];
  let accepted = 0;
  // Without Nagle's wait: what comes in pieces would go on only when the last piece is acknowledged, 40 ms later.
  const listener = createServer({ noDelay: true }, (client) => {
    accepted += 1;
    client.on('error', () => undefined);
    if (server.greeting !== null) {
      client.end(server.greeting);
      return;
    }
    const upstream = connect({ host: '127.0.0.1', port: imapPort, noDelay: true });
    const connection = new Connection(server, accepted, client, upstream, (sent) => {
      const command = { ...sent, nth: commands.length + 1 };
      commands.push(command);
      return server.onCommand?.(command) ?? null;
    });
    if (server.isDumb) connection.freeze();
    connections.add(connection);
    client.on('close', () => connections.delete(connection));
  });
  const server: FaultServer = {
    port: 0,
    commands,
    onCommand: null,
    greeting: null,
    isDumb: false,
    trickle: null,
    get accepted() {
      return accepted;
    },
    get open() {
      return connections.size;
    },
    dropOne: () => any(connections)?.drop(),
    freezeOne: () => any(connections)?.freeze(),
    forget() {
      commands.length = 0;
    },
    freezeAll() {
      for (const connection of connections) connection.freeze();
    },
    dropAll() {
      for (const connection of connections) connection.drop();
    },
    async stop() {
      server.dropAll();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (typeof address === 'object' && address !== null) server.port = address.port;
  return server;
}

function any(connections: ReadonlySet<Connection>): Connection | undefined {
  return [...connections][Math.floor(Math.random() * connections.size)];
}

class Connection {
  readonly #server: FaultServer;
  readonly #number: number;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #decide: (sent: Omit<SentCommand, 'nth'>) => Fate | null;
  readonly #asked = new ImapLines();
  readonly #said = new ImapLines();
  #isFrozen = false;
  #lastTag: string | null = null;
  #spoken: Promise<void> = Promise.resolve();
  /** What was asked behind a command that waits, waits too. */
  #asking: Promise<void> | null = null;

  constructor(
    server: FaultServer,
    number: number,
    client: Socket,
    upstream: Socket,
    decide: (sent: Omit<SentCommand, 'nth'>) => Fate | null,
  ) {
    this.#server = server;
    this.#number = number;
    this.#client = client;
    this.#upstream = upstream;
    this.#decide = decide;
    upstream.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => void this.#spoken.then(() => client.destroySoon()));
    client.on('data', (chunk) => {
      for (const fragment of this.#asked.push(chunk)) this.#fromClient(fragment);
    });
    upstream.on('data', (chunk) => {
      for (const fragment of this.#said.push(chunk)) this.#fromServer(fragment);
    });
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  drop(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #fromClient({ kind, bytes, isContinued }: Fragment): void {
    if (this.#isFrozen) return;
    const [, tag, line] = /^(\S+) (.+?)\r?\n$/.exec(bytes.toString('latin1')) ?? [];
    if (kind === 'line' && !isContinued && tag !== undefined && line !== undefined) {
      const [name = ''] = /^(UID )?[A-Z]+/i.exec(line) ?? [];
      const fate = this.#decide({ connection: this.#number, name: name.toUpperCase(), line });
      if (fate === 'drop-answer') this.#lastTag = tag;
      else if (typeof fate === 'object' && fate !== null && 'after' in fate) {
        this.#asking = Promise.all([this.#asking, fate.after]).then(() => undefined);
      } else if (fate !== null) {
        this.#meet(fate, tag);
        return;
      }
    }
    if (this.#asking === null) this.#upstream.write(bytes);
    else this.#asking = this.#asking.then(() => void this.#upstream.write(bytes));
  }

  /** What becomes of a command that the server does not get. */
  #meet(fate: Exclude<Fate, 'drop-answer' | { after: Promise<unknown> }>, tag: string): void {
    if (fate === 'drop') this.drop();
    else if (fate === 'silence') this.freeze();
    else this.#say(Buffer.from(`${tag} ${fate.answer}\r\n`));
  }

  #fromServer({ bytes, isContinued }: Fragment): void {
    if (this.#isFrozen) return;
    if (this.#lastTag !== null && !isContinued && bytes.toString('latin1').startsWith(`${this.#lastTag} `)) {
      this.drop();
      return;
    }
    this.#say(bytes);
  }

  #say(bytes: Buffer): void {
    const { trickle } = this.#server;
    if (trickle === null) {
      this.#spoken = this.#spoken.then(() => void this.#client.write(bytes));
      return;
    }
    this.#spoken = this.#spoken.then(() => this.#trickle(bytes, trickle));
  }

  /** Byte by byte; where a busy machine wakes us late, those that are due by then at once. */
  async #trickle(bytes: Buffer, interval: number): Promise<void> {
    const begun = performance.now();
    let sent = 0;
    while (sent < bytes.length && !this.#client.destroyed) {
      await new Promise<void>((resolve) => setTimeout(resolve, interval));
      const due = Math.max(sent + 1, Math.floor((performance.now() - begun) / interval));
      this.#client.write(bytes.subarray(sent, due));
      sent = due;
    }
  }
}
