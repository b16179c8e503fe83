import { connect, createServer, type Socket } from 'node:net';

/** What went through since it was last set to nothing. */
export interface Traffic {
  /** Commands by name, `UID FETCH` and its like with both words. */
  commands: Map<string, number>;
  /** How often a client spoke after it had heard something: what waits for the network. */
  roundTrips: number;
  bytesToServer: number;
  bytesToClient: number;
  /** Answers about single messages (`* n FETCH`). */
  fetchLines: number;
  connections: number;
}

export interface CountingProxy {
  port: number;
  /** What went through since the last call. */
  take(): Traffic;
  /** Milliseconds since something went through. */
  quietFor(): number;
  stop(): Promise<void>;
}

function nothing(): Traffic {
  return {
    commands: new Map(),
    roundTrips: 0,
    bytesToServer: 0,
    bytesToClient: 0,
    fetchLines: 0,
    connections: 0,
  };
}

/** Splits what comes in pieces into lines. */
function lineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

/** A TCP proxy on loopback before an IMAP server, that counts what is said. */
export async function startCountingProxy(imapPort: number): Promise<CountingProxy> {
  const sockets = new Set<Socket>();
  let traffic = nothing();
  let lastAt = performance.now();
  const server = createServer((client) => {
    const upstream = connect(imapPort, '127.0.0.1');
    traffic.connections += 1;
    let hasHeard = true;
    const readCommand = lineReader((line) => {
      const name = /^\S+ ((?:UID )?[A-Z]+)/i.exec(line)?.[1]?.toUpperCase();
      if (name !== undefined) traffic.commands.set(name, (traffic.commands.get(name) ?? 0) + 1);
    });
    const readAnswer = lineReader((line) => {
      if (/^\* \d+ FETCH/.test(line)) traffic.fetchLines += 1;
    });
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      lastAt = performance.now();
      traffic.bytesToServer += chunk.length;
      if (hasHeard) traffic.roundTrips += 1;
      hasHeard = false;
      readCommand(chunk);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk: Buffer) => {
      lastAt = performance.now();
      traffic.bytesToClient += chunk.length;
      hasHeard = true;
      readAnswer(chunk);
      client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The proxy has no port.');
  return {
    port: address.port,
    take() {
      const taken = traffic;
      traffic = nothing();
      return taken;
    },
    quietFor: () => performance.now() - lastAt,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
