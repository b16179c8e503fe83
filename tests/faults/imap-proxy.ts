import { connect, createServer, type Socket } from 'node:net';
import { type CapabilityMask, capabilityMasks, type Offer } from './capability-mask.ts';
import { type Fragment, ImapLines } from './imap-lines.ts';

/**
 * What may become of a command: the connection is dropped before the server has it (`drop`) or when the server has
 * carried it out (`drop-answer`); it is answered without the server (`BAD`, `NO`); or the connection falls silent.
 */
export type CommandFault = 'drop' | 'drop-answer' | 'BAD' | 'NO' | 'silence';

export interface ImapProxy {
  port: number;
  /** From the moment that the server begins to send the source of this UID, its connection says nothing any more. */
  stallUid: number | null;
  /** How often that happened. */
  stalls: number;
  /** How many bytes of the server's a new connection lasts before it is dropped; null: for ever. */
  dropAfter: (() => number) | null;
  /** Asked of each command, given in capitals with `UID` before it where it stands there: what becomes of it. */
  onCommand: ((name: string) => CommandFault | null) | null;
  /** Whether new connections are greeted with a BYE that says so (RFC 9051 §7.1.5); null: they are not. */
  bye: string | null;
  /** New connections are closed as soon as they are made. */
  isAway: boolean;
  /** How many milliseconds each piece of the server's words is held back; null: not at all. */
  delay: (() => number) | null;
  /** Connections that are open now. */
  open(): number;
  /** Ends all connections that are open now. */
  dropAll(): void;
  stop(): Promise<void>;
}

/** A TCP proxy on loopback before an IMAP server, that does what networks and servers do to people. */
export async function startImapProxy(imapPort: number, offer: Offer = 'qresync'): Promise<ImapProxy> {
  const connections = new Set<ProxiedConnection>();
  // Without Nagle's wait: what comes in pieces would go on only when the last piece is acknowledged, 40 ms later.
  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined);
    if (proxy.isAway) {
      client.destroy();
      return;
    }
    if (proxy.bye !== null) {
      client.end(`* BYE ${proxy.bye}\r\n`);
      return;
    }
    const connection = new ProxiedConnection(
      proxy,
      capabilityMasks[offer],
      client,
      connect({ host: '127.0.0.1', port: imapPort, noDelay: true }),
    );
    connections.add(connection);
    client.on('close', () => connections.delete(connection));
  });
  const proxy: ImapProxy = {
    port: 0,
    stallUid: null,
    stalls: 0,
    dropAfter: null,
    onCommand: null,
    bye: null,
    isAway: false,
    delay: null,
    open: () => connections.size,
    dropAll() {
      for (const connection of connections) connection.drop();
    },
    async stop() {
      proxy.dropAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address !== null) proxy.port = address.port;
  return proxy;
}

/** One connection through the proxy, and what has become of it. */
class ProxiedConnection {
  readonly #proxy: ImapProxy;
  readonly #mask: CapabilityMask;
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #said = new ImapLines();
  readonly #asked = new ImapLines();
  #left: number;
  #isSilent = false;
  /** The rest of a command that was answered without the server. */
  #isSwallowing = false;
  /** The command whose answer the connection does not survive. */
  #lastTag: string | null = null;
  #tag = '';
  #held: Promise<void> = Promise.resolve();

  constructor(proxy: ImapProxy, mask: CapabilityMask, client: Socket, upstream: Socket) {
    this.#proxy = proxy;
    this.#mask = mask;
    this.#client = client;
    this.#upstream = upstream;
    this.#left = proxy.dropAfter === null ? Number.POSITIVE_INFINITY : proxy.dropAfter();
    upstream.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    // What the server said last still arrives.
    upstream.on('close', () => void this.#held.then(() => client.destroySoon()));
    client.on('data', (chunk) => {
      for (const fragment of this.#asked.push(chunk)) this.#fromClient(fragment);
    });
    upstream.on('data', (chunk) => {
      for (const fragment of this.#said.push(chunk)) this.#fromServer(fragment);
    });
  }

  drop(): void {
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #fromClient(fragment: Fragment): void {
    if (fragment.kind === 'line' && !fragment.isContinued) {
      this.#isSwallowing = false;
      const [, tag, command] = /^(\S+) (.+?)\r?\n$/.exec(fragment.bytes.toString('latin1')) ?? [];
      if (tag !== undefined && command !== undefined && this.#isKept(tag, command, fragment)) return;
    }
    if (!this.#isSwallowing) this.#upstream.write(fragment.bytes);
  }

  /** Decides on a command. @returns whether the server does not get it */
  #isKept(tag: string, command: string, fragment: Fragment): boolean {
    this.#tag = tag;
    const [name = ''] = /^(UID )?[A-Z]+/i.exec(command) ?? [];
    const fault = this.#mask.knows(command) ? (this.#proxy.onCommand?.(name.toUpperCase()) ?? null) : 'BAD';
    switch (fault) {
      case null:
        return false;
      case 'drop':
        this.drop();
        return true;
      case 'drop-answer':
        this.#lastTag = tag;
        return false;
      case 'silence':
        this.#isSilent = true;
        return false;
      case 'BAD':
      case 'NO':
        this.#isSwallowing = fragment.hasUnaskedLiteral;
        if (!fragment.hasUnaskedLiteral) this.#asked.abandon();
        // [UNAVAILABLE] (RFC 5530): not what was asked is wrong, nor who asks, but the moment.
        this.#say(Buffer.from(`${tag} ${fault}${fault === 'NO' ? ' [UNAVAILABLE]' : ''} Not now\r\n`));
        return true;
    }
  }

  #fromServer({ kind, bytes, isContinued }: Fragment): void {
    if (this.#isSilent) return;
    if (kind === 'literal' || isContinued) {
      this.#say(bytes);
      return;
    }
    const line = bytes.toString('latin1');
    if (line.startsWith(`${this.#tag} `)) this.#asked.abandon();
    if (this.#lastTag !== null && line.startsWith(`${this.#lastTag} `)) {
      this.drop();
      return;
    }
    if (this.#isStalled(line)) {
      this.#isSilent = true;
      this.#proxy.stalls += 1;
      return;
    }
    const answer = this.#mask.answer(line);
    if (answer !== null) this.#say(Buffer.from(answer, 'latin1'));
  }

  #isStalled(line: string): boolean {
    const { stallUid } = this.#proxy;
    return (
      stallUid !== null && new RegExp(`^\\* \\d+ FETCH \\(UID ${stallUid} [^\\r\\n]*BODY\\[\\]`).test(line)
    );
  }

  #say(bytes: Buffer): void {
    const { delay } = this.#proxy;
    if (delay === null) {
      void this.#held.then(() => this.#write(bytes));
      return;
    }
    const wait = delay();
    this.#held = this.#held
      .then(() => new Promise<void>((resolve) => setTimeout(resolve, wait)))
      .then(() => this.#write(bytes));
  }

  #write(bytes: Buffer): void {
    if (this.#left <= 0) return;
    this.#client.write(bytes.subarray(0, this.#left));
    this.#left -= bytes.length;
    if (this.#left > 0) return;
    this.#client.destroySoon();
    this.#upstream.destroy();
  }
}
