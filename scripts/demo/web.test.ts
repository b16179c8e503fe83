import { createServer, type Server } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { anyFreePort } from '../free-port.ts';
import { type Service, Services } from '../processes.ts';
import { untilHealthy } from './health.ts';
import { bringUpWeb } from './web.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve).closeAllConnections())),
  );
});

/** Something that answers every path with this, and says how it ended as a program of ours would. */
function listening(port: number, health: object): Service {
  const server = createServer((_request, response) => response.end(JSON.stringify(health)));
  servers.push(server);
  const ended = new Promise<string>((resolve) => {
    server.once('error', (error) => resolve(`web ended with code 1. Its last words:\n${error.message}`));
  });
  server.listen(port, '127.0.0.1');
  return { name: 'web', ended, stop: async () => undefined };
}

it('the web process moves on when its port was taken after it was chosen', async () => {
  const [taken, free] = [await anyFreePort(), await anyFreePort()];
  listening(taken, { status: 'ok' });
  const ports = [taken, free];
  const services = new Services();
  const address = await bringUpWeb(services, {
    choosePort: async () => ports.shift() ?? 0,
    start: (port, run) => listening(port, { status: 'ok', run }),
    limit: 10_000,
  });
  expect(address).toBe(`http://127.0.0.1:${free}`);
  // What has ended by itself and was replaced is no reason to stop.
  const end = await Promise.race([services.firstEnd(), Promise.resolve('runs')]);
  expect(end).toBe('runs');
});

it('another reason to end is said at once', async () => {
  const start = (): Service => ({
    name: 'web',
    ended: Promise.resolve('web ended with code 1: no database'),
    stop: async () => undefined,
  });
  const failed = bringUpWeb(new Services(), { choosePort: anyFreePort, start, limit: 10_000 });
  await expect(failed).rejects.toThrow('no database');
});

it('the health of another program, or of another run, is not believed', async () => {
  const port = await anyFreePort();
  listening(port, { status: 'ok', run: 'another' });
  const address = `http://127.0.0.1:${port}`;
  const { signal } = new AbortController();
  await expect(untilHealthy(address, 'mine', 300, signal)).rejects.toThrow('another program');
  await untilHealthy(address, 'another', 10_000, signal);
});
