import type { Socket } from 'node:net';

export type StartTlsProtocol = 'imap' | 'smtp';

/** What a server says before TLS is a stranger's word; more than this is no greeting. */
const plaintextLimit = 64 * 1024;

/** Reads lines from a socket one at a time, and knows whether more came than was asked for. */
class LineReader {
  private buffered = Buffer.alloc(0);
  private wake: (() => void) | null = null;
  private failure: Error | null = null;
  private readonly socket: Socket;
  private readonly onData = (chunk: Buffer) => {
    this.buffered = Buffer.concat([this.buffered, chunk]);
    if (this.buffered.length > plaintextLimit) this.failure ??= new Error('Too much before TLS');
    this.wake?.();
  };
  private readonly onError = (error: Error) => {
    this.failure ??= error;
    this.wake?.();
  };
  private readonly onClose = () => this.onError(new Error('The connection was closed before TLS'));

  constructor(socket: Socket) {
    this.socket = socket;
    socket
      .on('data', this.onData)
      .on('error', this.onError)
      .on('end', this.onClose)
      .on('close', this.onClose);
  }

  async next(): Promise<string> {
    for (;;) {
      const end = this.buffered.indexOf('\r\n');
      if (end >= 0) {
        const line = this.buffered.toString('latin1', 0, end);
        this.buffered = this.buffered.subarray(end + 2);
        return line;
      }
      if (this.failure !== null) throw this.failure;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.wake = resolve;
      await promise;
    }
  }

  /** Stops listening, for TLS to take over. @returns whether unread bytes are left */
  release(): boolean {
    this.socket.pause();
    this.socket
      .off('data', this.onData)
      .off('error', this.onError)
      .off('end', this.onClose)
      .off('close', this.onClose);
    return this.buffered.length > 0;
  }
}

async function smtpReply(lines: LineReader): Promise<{ code: string; lines: string[] }> {
  const reply: string[] = [];
  for (;;) {
    const line = await lines.next();
    reply.push(line.slice(4));
    if (line[3] !== '-') return { code: line.slice(0, 3), lines: reply };
  }
}

/** RFC 3207. */
async function askSmtp(socket: Socket, lines: LineReader): Promise<boolean> {
  if ((await smtpReply(lines)).code !== '220') return false;
  socket.write('EHLO [127.0.0.1]\r\n');
  const offer = await smtpReply(lines);
  if (offer.code !== '250') return false;
  if (!offer.lines.some((line) => line.trim().toUpperCase() === 'STARTTLS')) return false;
  socket.write('STARTTLS\r\n');
  return (await smtpReply(lines)).code === '220';
}

/** RFC 9051, section 6.2.1. A PREAUTH greeting leaves no state in which STARTTLS is valid: it counts as a refusal. */
async function askImap(socket: Socket, lines: LineReader): Promise<boolean> {
  if (!/^\* OK\b/i.test(await lines.next())) return false;
  socket.write('T1 STARTTLS\r\n');
  for (;;) {
    const line = await lines.next();
    if (/^T1 /i.test(line)) return /^T1 OK\b/i.test(line);
  }
}

/** What a client library expects to read first, and will not get from the server, which greeted before TLS. */
export const greetings: Record<StartTlsProtocol, string> = {
  // No capabilities in it: what the server said in the clear may not choose how we sign in.
  imap: '* OK Connected\r\n',
  smtp: '220 Connected\r\n',
};

/**
 * Asks a server, in the clear, to begin TLS. Nothing but STARTTLS (and EHLO) is ever sent here.
 * @returns whether the socket is ready for the handshake
 * @throws the socket's error, or an Error where bytes came after the answer (they would be taken for encrypted ones)
 */
export async function askForTls(socket: Socket, protocol: StartTlsProtocol): Promise<boolean> {
  const lines = new LineReader(socket);
  let isReady = false;
  let hasLeftover = false;
  try {
    isReady = protocol === 'imap' ? await askImap(socket, lines) : await askSmtp(socket, lines);
  } finally {
    hasLeftover = lines.release();
  }
  if (isReady && hasLeftover) throw new Error('The server sent more after it had agreed to STARTTLS');
  return isReady;
}
