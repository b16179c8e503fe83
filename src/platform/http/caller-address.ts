import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** Set on every request by this process itself, whatever the request says. */
const peerHeader = 'x-mailroom-peer';

/** Notes on each request of this process's servers whom it was sent by: frameworks do not hand the socket on. */
export function notePeers(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[peerHeader] = request.socket.remoteAddress ?? '';
  });
}

function plain(address: string | undefined): string | null {
  const trimmed = (address ?? '').trim().replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(trimmed) === 0 ? null : trimmed;
}

/**
 * The address that a request comes from; null where it is not known.
 * @param trustedProxies how many proxies of the operator's stand before this process: each has added whom it was sent
 *   by to X-Forwarded-For, and what stands before those is anybody's word
 */
export function callerAddress(headers: Pick<Headers, 'get'>, trustedProxies: number): string | null {
  if (trustedProxies === 0) return plain(headers.get(peerHeader) ?? undefined);
  const hops = (headers.get('x-forwarded-for') ?? '').split(',');
  return plain(hops.at(-trustedProxies));
}
