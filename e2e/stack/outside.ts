import { createServer } from 'node:net';
import { stack } from './stack.ts';

export interface Outside {
  /** For a browser's context: all that is not the program itself goes this way. */
  proxy: { server: string; bypass: string };
  /** The first line of whatever was sent this way. */
  asked: string[];
  close: () => void;
}

/** Chromium asks it about every form, on its own account. */
const browsersOwn = 'content-autofill.googleapis.com';

/** A proxy that lets nothing out and remembers who wanted to: what has left the browser, not what it has planned. */
export async function watchOutside(): Promise<Outside> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      const [line = ''] = bytes.toString('latin1').split('\r\n');
      if (!line.includes(browsersOwn)) asked.push(line);
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    proxy: { server: `http://127.0.0.1:${address.port}`, bypass: new URL(stack().address).host },
    asked,
    close: () => server.close(),
  };
}
