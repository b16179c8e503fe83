import { connect, createServer, type Socket } from 'node:net';

export interface ImapProxy {
  port: number;
  /** From the moment that the server begins to send the source of this UID, its connection says nothing any more. */
  stallUid: number | null;
  /** How often that happened. */
  stalls: number;
  /** How many bytes of the server's a connection lasts before it is dropped; null: for ever. */
  dropAfter: (() => number) | null;
  /** Connections that are open now. */
  open(): number;
  stop(): Promise<void>;
}

/** A TCP proxy on loopback before an IMAP server, that does what networks and servers do to people. */
export async function startImapProxy(imapPort: number): Promise<ImapProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(imapPort, '127.0.0.1');
    const limit = proxy.dropAfter === null ? Number.POSITIVE_INFINITY : proxy.dropAfter();
    let sent = 0;
    let isSilent = false;
    let tail = '';
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk: Buffer) => {
      if (isSilent) return;
      const text = tail + chunk.toString('latin1');
      const stalled =
        proxy.stallUid === null
          ? null
          : new RegExp(`\\* \\d+ FETCH \\(UID ${proxy.stallUid} [^\\r\\n]*BODY\\[\\]`).exec(text);
      if (stalled !== null) {
        isSilent = true;
        proxy.stalls += 1;
        // What stood before the stalled answer has been sent already, or is sent now.
        client.write(chunk.subarray(0, Math.max(0, stalled.index - tail.length)));
        return;
      }
      tail = text.slice(-200);
      sent += chunk.length;
      client.write(chunk);
      if (sent > limit) {
        client.destroy();
        upstream.destroy();
      }
    });
  });
  const proxy: ImapProxy = {
    port: 0,
    stallUid: null,
    stalls: 0,
    dropAfter: null,
    open: () => Math.ceil(sockets.size / 2),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address === 'object' && address !== null) proxy.port = address.port;
  return proxy;
}
