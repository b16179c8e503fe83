import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address-policy.ts';
import type { Resolver } from './dialler.ts';
import { type GuardedRequest, guardedFetch } from './guarded-fetch.ts';

/** The test's server counts as public; nothing else on loopback does. */
const policy = createAddressPolicy(['127.0.0.2']);
const addresses: Record<string, string> = { 'public.example': '127.0.0.2', 'internal.example': '127.0.0.1' };
const resolver: Resolver = async (host) => {
  const address = addresses[host];
  if (address === undefined) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
  return [{ address, family: 4 }];
};

let server: http.Server;
let canary: http.Server;
let port: number;
let canaryPort: number;
let canaryHits = 0;
const seen: http.IncomingMessage[] = [];

const routes: Record<string, (response: http.ServerResponse, request: http.IncomingMessage) => void> = {
  '/plain': (response) => response.setHeader('content-type', 'text/xml').end('<a/>'),
  '/missing': (response) => response.writeHead(404).end('no'),
  '/hop1': (response) => response.writeHead(302, { location: '/hop2', 'set-cookie': 'a=b' }).end(),
  '/hop2': (response) => response.writeHead(307, { location: '/hop3' }).end(),
  '/hop3': (response) => response.writeHead(301, { location: '/plain' }).end(),
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/metadata': (response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
  '/inward': (response) =>
    response.writeHead(302, { location: `http://internal.example:${canaryPort}/` }).end(),
  '/decimal': (response) => response.writeHead(302, { location: `http://2130706433:${canaryPort}/` }).end(),
  '/mapped': (response) =>
    response.writeHead(302, { location: `http://[::ffff:7f00:1]:${canaryPort}/` }).end(),
  '/file': (response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/large': (response) => response.end(Buffer.alloc(50_000)),
  '/endless': (response, request) => {
    const write = () => {
      while (!request.socket.destroyed && response.write(Buffer.alloc(10_000)));
    };
    response.on('drain', write);
    write();
  },
  '/silent': () => undefined,
  '/trickle': (response) => response.write('x'),
};

const listen = async (app: http.Server, host: string) => {
  app.listen(0, host);
  await once(app, 'listening');
  return (app.address() as net.AddressInfo).port;
};
const fetchPath = (path: string, more: Partial<GuardedRequest> = {}) =>
  guardedFetch(`http://public.example:${port}${path}`, { policy, resolver, ...more });

beforeAll(async () => {
  server = http.createServer((request, response) => {
    seen.push(request);
    routes[request.url ?? '']?.(response, request);
  });
  canary = http.createServer((_request, response) => response.end('secret'));
  canary.on('connection', () => {
    canaryHits += 1;
  });
  port = await listen(server, '127.0.0.2');
  canaryPort = await listen(canary, '127.0.0.1');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  canary.close();
});

describe('the guarded fetch', () => {
  it('fetches', async () => {
    const response = await fetchPath('/plain');
    expect(response).toEqual({
      status: 200,
      url: `http://public.example:${port}/plain`,
      contentType: 'text/xml',
      body: Buffer.from('<a/>'),
    });
  });

  it('hands an error status over as an answer', async () => {
    expect((await fetchPath('/missing')).status).toBe(404);
  });

  it('follows three redirects, without the cookies it was given', async () => {
    seen.length = 0;
    const response = await fetchPath('/hop1');
    expect(response.url).toBe(`http://public.example:${port}/plain`);
    expect(seen).toHaveLength(4);
    expect(seen.some(({ headers }) => headers.cookie !== undefined || headers.referer !== undefined)).toBe(
      false,
    );
  });

  it('stops at the fourth', async () => {
    seen.length = 0;
    await expect(fetchPath('/loop')).rejects.toMatchObject({ name: 'UnusableResponse' });
    expect(seen).toHaveLength(4);
  });

  it.each(['/metadata', '/inward', '/decimal', '/mapped'])(
    'refuses the redirect of %s inwards',
    async (path) => {
      await expect(fetchPath(path)).rejects.toMatchObject({ name: 'RefusedAddress' });
      expect(canaryHits).toBe(0);
    },
  );

  it.each([
    'http://127.0.0.1',
    'http://127.0.0.1.',
    'http://localhost.',
    'http://[::ffff:7f00:1]',
    'http://0x7f000001',
  ])('refuses %s itself', async (address) => {
    await expect(guardedFetch(`${address}:${canaryPort}/`, { policy })).rejects.toMatchObject({
      name: 'RefusedAddress',
    });
    expect(canaryHits).toBe(0);
  });

  it('keeps to http and https', async () => {
    await expect(fetchPath('/file')).rejects.toMatchObject({ name: 'UnusableResponse' });
    for (const address of ['file:///etc/passwd', 'ftp://public.example/', 'data:text/plain,x', 'x']) {
      await expect(guardedFetch(address, { policy, resolver })).rejects.toMatchObject({
        name: 'UnusableResponse',
      });
    }
  });

  it('takes no more bytes than it was allowed', async () => {
    expect((await fetchPath('/large', { maxBytes: 50_000 })).body).toHaveLength(50_000);
    await expect(fetchPath('/large', { maxBytes: 49_999 })).rejects.toMatchObject({
      name: 'UnusableResponse',
    });
    await expect(fetchPath('/endless')).rejects.toMatchObject({ name: 'UnusableResponse' });
  });

  it.each(['/silent', '/trickle'])('gives up in time on %s', async (path) => {
    await expect(fetchPath(path, { timeout: 200 })).rejects.toMatchObject({ reason: 'timeout' });
  });

  it('says that no such host exists', async () => {
    await expect(guardedFetch('http://nowhere.example/', { policy, resolver })).rejects.toMatchObject({
      name: 'HostNotFound',
    });
  });

  it('ends with the signal’s reason when it is called off', async () => {
    const controller = new AbortController();
    server.once('request', () => controller.abort(new Error('called off')));
    await expect(fetchPath('/silent', { signal: controller.signal })).rejects.toThrow('called off');
  });
});
