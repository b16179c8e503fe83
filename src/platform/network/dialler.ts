import { lookup } from 'node:dns/promises';
import net from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import { HostNotFound, RefusedAddress, Unreachable, type UnreachableReason } from './network-errors.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Finds the addresses of a host name; injected by tests. */
export type Resolver = (host: string) => Promise<ResolvedAddress[]>;

const systemResolver: Resolver = (host) => lookup(host, { all: true, order: 'verbatim' });

export interface DialTarget {
  /** As somebody typed it. */
  host: string;
  port: number;
  policy: AddressPolicy;
  /** For the whole of resolving and connecting, in ms; 10 s unless given. */
  timeout?: number;
  signal?: AbortSignal;
  resolver?: Resolver;
}

const defaultTimeout = 10_000;

/**
 * A typed host in one canonical form: lower case, IDN as punycode, no trailing dot, and each way of writing an IPv4
 * address (decimal, octal, hexadecimal, short) as four decimal numbers, since the system's resolver takes them all.
 * @throws HostNotFound where it is no host
 */
export function canonicalHost(typed: string): string {
  const host = typed.trim().replace(/^\[(.*)\]$/, '$1');
  if (net.isIP(host) !== 0 && !host.includes('%')) return host.toLowerCase();
  if (!/^[\p{L}\p{M}\p{N}._-]{1,253}$/u.test(host)) throw new HostNotFound(typed);
  const name = URL.parse(`http://${host}/`)?.hostname.replace(/\.$/, '');
  if (name === undefined || name === '') throw new HostNotFound(typed);
  return name;
}

async function resolveAll(host: string, resolver: Resolver): Promise<ResolvedAddress[]> {
  const family = net.isIP(host);
  if (family !== 0) return [{ address: host, family }];
  try {
    return await resolver(host);
  } catch (error) {
    throw new HostNotFound(host, { cause: error });
  }
}

/** The promise, or the signal's reason as soon as that is aborted: a resolver cannot be interrupted. */
async function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * The addresses of a typed host that the policy allows, in the resolver's order; never empty.
 * @throws HostNotFound, RefusedAddress, or the signal's reason
 */
export async function resolveAllowed(
  typed: string,
  policy: AddressPolicy,
  { signal, resolver = systemResolver }: { signal?: AbortSignal; resolver?: Resolver } = {},
): Promise<ResolvedAddress[]> {
  const host = canonicalHost(typed);
  const resolving = resolveAll(host, resolver);
  const found = await (signal === undefined ? resolving : unlessAborted(resolving, signal));
  if (found.length === 0) throw new HostNotFound(host);
  const allowed = found.filter(({ address }) => policy.allows(address));
  if (allowed.length === 0) throw new RefusedAddress();
  return allowed;
}

function codesOf(error: unknown): string[] {
  if (error instanceof AggregateError) return error.errors.flatMap(codesOf);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? [error.code] : [];
}

/** Why a socket failed, in the words of `Unreachable`. */
export function unreachableReason(error: unknown): UnreachableReason {
  const codes = codesOf(error);
  if (codes.length > 0 && codes.every((code) => code === 'ECONNREFUSED')) return 'refused';
  return codes.includes('ETIMEDOUT') ? 'timeout' : 'broken';
}

function connect(addresses: ResolvedAddress[], port: number, signal: AbortSignal): Promise<net.Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<net.Socket>();
  const socket = net.connect({
    // The name is looked up here alone, and the answer is what was checked: a second answer cannot slip in between.
    host: 'checked.invalid',
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 1000,
    lookup: (_name, _options, answer) => answer(null, addresses),
  });
  const onAbort = () => socket.destroy(signal.reason);
  const release = () => {
    signal.removeEventListener('abort', onAbort);
    socket.off('error', onError).off('connect', onConnect);
  };
  const onError = (error: Error) => {
    release();
    reject(error);
  };
  const onConnect = () => {
    release();
    resolve(socket);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  socket.once('error', onError).once('connect', onConnect);
  return promise;
}

/**
 * Connects to a host that somebody typed: the one way by which Mailroom reaches such a host. It resolves the name once,
 * connects to an address that was checked, and checks once more where the socket ended up.
 * @returns a connected socket that nobody listens to yet; the caller adds an 'error' listener at once and destroys it in the end
 * @throws HostNotFound, RefusedAddress, Unreachable, or the signal's reason
 */
export async function dial(target: DialTarget): Promise<net.Socket> {
  const { host, port, policy, timeout = defaultTimeout, signal, resolver } = target;
  const deadline = AbortSignal.timeout(timeout);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  try {
    const options = resolver === undefined ? { signal: either } : { signal: either, resolver };
    const addresses = await resolveAllowed(host, policy, options);
    either.throwIfAborted();
    const socket = await connect(addresses, port, either);
    if (socket.remoteAddress === undefined || !policy.allows(socket.remoteAddress)) {
      socket.destroy();
      throw socket.remoteAddress === undefined ? new Unreachable(host, port, 'broken') : new RefusedAddress();
    }
    return socket;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof HostNotFound || error instanceof RefusedAddress || error instanceof Unreachable) {
      throw error;
    }
    const reason = deadline.aborted ? 'timeout' : unreachableReason(error);
    throw new Unreachable(host, port, reason, { cause: error });
  }
}
