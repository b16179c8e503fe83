import tls from 'node:tls';
import { Agent, type buildConnector, type Dispatcher, request } from 'undici';
import type { AddressPolicy } from './address-policy.ts';
import { canonicalHost, dial, type Resolver, unreachableReason } from './dialler.ts';
import { HostNotFound, RefusedAddress, Unreachable } from './network-errors.ts';

export interface GuardedRequest {
  policy: AddressPolicy;
  method?: 'GET' | 'HEAD';
  headers?: Readonly<Record<string, string>>;
  /** The most bytes of body that are read; 1 MB unless given. */
  maxBytes?: number;
  /** For everything, redirects included, in ms; 10 s unless given. */
  timeout?: number;
  signal?: AbortSignal;
  resolver?: Resolver;
}

export interface GuardedResponse {
  status: number;
  /** Where the last redirect led. */
  url: string;
  contentType: string | null;
  body: Buffer;
}

/** The server answered with something that is not taken: too much, a redirect too many, or one to another scheme. */
export class UnusableResponse extends Error {
  override name = 'UnusableResponse';
  readonly code = 'unusable_response';
}

const maxRedirects = 3;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

async function openSocket(
  target: buildConnector.Options,
  { policy, signal, resolver }: GuardedRequest & { signal: AbortSignal },
) {
  const isSecure = target.protocol === 'https:';
  const port = Number(target.port) || (isSecure ? 443 : 80);
  const host = canonicalHost(target.hostname);
  const socket = await dial({ host, port, policy, signal, ...(resolver === undefined ? {} : { resolver }) });
  if (!isSecure) return socket;
  const { promise, resolve, reject } = Promise.withResolvers<tls.TLSSocket>();
  const secured = tls.connect({ socket, host, ALPNProtocols: ['http/1.1'] }, () => resolve(secured));
  const onAbort = () => secured.destroy(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  secured.once('error', reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    secured.off('error', reject);
  }
}

/** A connector that dials each address, redirected ones too, through the guarded dialler. */
function guardedConnector(options: GuardedRequest & { signal: AbortSignal }): buildConnector.connector {
  return (target, callback) => {
    openSocket(target, options).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

async function readBounded(body: Dispatcher.ResponseData['body'], limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > limit) throw new UnusableResponse(`The answer is larger than ${limit} bytes.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | null {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function checkedUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UnusableResponse('Only http and https addresses are fetched.');
  }
  if (base?.protocol === 'https:' && url.protocol !== 'https:') {
    throw new UnusableResponse('The server redirects to an unencrypted address.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UnusableResponse('An address with a user name or password in it is not fetched.');
  }
  return url;
}

async function follow(
  start: URL,
  agent: Agent,
  options: GuardedRequest & { signal: AbortSignal },
): Promise<GuardedResponse> {
  const { method = 'GET', headers = {}, maxBytes = 1_048_576, signal } = options;
  let url = start;
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const response = await request(url, {
      dispatcher: agent,
      method,
      // Compressed answers are not asked for: a small one can stand for gigabytes.
      headers: { 'user-agent': 'Mailroom', 'accept-encoding': 'identity', ...headers },
      signal,
    });
    const location = headerOf(response, 'location');
    if (redirectStatuses.has(response.statusCode) && location !== null) {
      // undici tells a body that is thrown away unread of its own abort, which without a listener ends the process.
      response.body.on('error', () => undefined).destroy();
      url = checkedUrl(location, url);
      continue;
    }
    const body = await readBounded(response.body, maxBytes);
    return {
      status: response.statusCode,
      url: url.href,
      contentType: headerOf(response, 'content-type'),
      body,
    };
  }
  throw new UnusableResponse(`The server redirects more than ${maxRedirects} times.`);
}

/** The error of ours that undici may have wrapped. */
function ownCause(error: unknown): Error | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (
      each instanceof RefusedAddress ||
      each instanceof HostNotFound ||
      each instanceof Unreachable ||
      each instanceof UnusableResponse
    ) {
      return each;
    }
  }
  return null;
}

/**
 * Fetches an address that somebody typed or that a stranger's server named: the one way by which Mailroom does so.
 * Each connection, after each redirect too (3 at most), goes through the guarded dialler; no cookies, no credentials, no
 * referrer. A status of 400 or more is an answer, not an error.
 * @throws HostNotFound, RefusedAddress, Unreachable, UnusableResponse, or the signal's reason
 */
export async function guardedFetch(address: string, options: GuardedRequest): Promise<GuardedResponse> {
  const { timeout = 10_000, signal } = options;
  const start = checkedUrl(address);
  const deadline = AbortSignal.timeout(timeout);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const bounded = { ...options, signal: either };
  // An agent a call: no connection outlives the check that it passed.
  const agent = new Agent({
    connect: guardedConnector(bounded),
    headersTimeout: timeout,
    bodyTimeout: timeout,
  });
  try {
    return await follow(start, agent, bounded);
  } catch (error) {
    signal?.throwIfAborted();
    const own = ownCause(error);
    if (own !== null) throw own;
    const port = Number(start.port) || (start.protocol === 'https:' ? 443 : 80);
    const reason = deadline.aborted ? 'timeout' : unreachableReason(error);
    throw new Unreachable(start.hostname, port, reason, { cause: error });
  } finally {
    await agent.destroy();
  }
}
