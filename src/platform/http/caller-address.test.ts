import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { callerAddress, notePeers } from './caller-address.ts';

notePeers();

it('the caller is who has sent it, whatever the request says, where no proxy is trusted', async () => {
  const seen: (string | null)[] = [];
  const server = http.createServer(({ headers }, response) => {
    seen.push(callerAddress(new Headers(headers as Record<string, string>), 0));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const forged = { 'x-forwarded-for': '203.0.113.9', 'x-mailroom-peer': '203.0.113.9' };
  await fetch(`http://127.0.0.1:${port}/`, { headers: forged });
  server.close();
  expect(seen).toEqual(['127.0.0.1']);
});

it.each([
  ['203.0.113.9', 1, '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9', 1, '203.0.113.9'],
  ['198.51.100.1, 203.0.113.9, 10.0.0.1', 2, '203.0.113.9'],
  ['::ffff:203.0.113.9', 1, '203.0.113.9'],
  ['2001:db8::1', 1, '2001:db8::1'],
  ['203.0.113.9', 2, null],
  ['nobody', 1, null],
  ['', 1, null],
])('of %j with %i trusted proxies it is %j', (forwarded, trusted, address) => {
  expect(callerAddress(new Headers({ 'x-forwarded-for': forwarded }), trusted)).toBe(address);
});
