import dns from 'node:dns/promises';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { guardedFetch } from '#platform/network/guarded-fetch.ts';
import { type NamedServer, readAutoconfig } from './discover-autoconfig.ts';
import { createProbe, guessedServers, type MailProtocol, type Probe } from './discover-guesses.ts';
import { type Names, providerByMx, serversBySrv } from './discover-records.ts';
import { type Provider, providerOfAddress, providerOfHost } from './providers.ts';

type DiscoverySource = 'provider' | 'srv' | 'autoconfig' | 'mx' | 'guess';

/** A server that may be the address's, and who says so. */
export interface Candidate {
  host: string;
  port: number;
  security: NamedServer['security'];
  /** The user name to sign in with, or null where nobody says: the whole address first, then its local part. */
  user: string | null;
  source: DiscoverySource;
}

/** Where an address's mail is; the likeliest first. */
export interface Discovery {
  imap: Candidate[];
  smtp: Candidate[];
  /** Whose servers they are, where they are known. */
  provider: Provider | null;
  /** Something was found in a private network alone, where Mailroom does not look. */
  isRefused: boolean;
}

export interface DiscoveryParts {
  names: Names;
  /** The text at an https address, or null where there is none. It may reject. */
  fetchText(url: string, signal: AbortSignal): Promise<string | null>;
  probe: Probe;
}

/** Milliseconds for all of it; what has not answered by then is left out. */
const longest = 8000;
const longestLookUp = 5000;
const longestProbe = 4000;

/** The real name service, guarded fetch and guarded dialler. */
export function discoveryParts(policy: AddressPolicy): DiscoveryParts {
  return {
    names: new dns.Resolver({ timeout: 2000, tries: 2 }),
    async fetchText(url, signal) {
      const answer = await guardedFetch(url, { policy, signal, maxBytes: 65_536, timeout: longestLookUp });
      return answer.status === 200 ? answer.body.toString('utf8') : null;
    },
    probe: createProbe(policy, longestProbe),
  };
}

/**
 * Finds the servers of an address: a table of providers; RFC 6186 SRV records; the domain's autoconfig file; its mail
 * exchanger; then places where such servers mostly are. All at once, within 8 s. It never throws: what could not be
 * asked says nothing.
 */
export async function discoverServers(
  parts: DiscoveryParts,
  address: string,
  outer?: AbortSignal,
): Promise<Discovery> {
  const known = providerOfAddress(address);
  if (known !== null) return fromProvider(known, 'provider', address);
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const stop = new AbortController();
  const limits = [stop.signal, AbortSignal.timeout(longest), ...(outer === undefined ? [] : [outer])];
  const signal = AbortSignal.any(limits);
  const lookUpSignal = AbortSignal.any([signal, AbortSignal.timeout(longestLookUp)]);
  const lookUps = Promise.all([
    orElse(serversBySrv(parts.names, domain), { imap: [], smtp: [] }, lookUpSignal),
    autoconfigOf(parts, address, domain, lookUpSignal),
    orElse(providerByMx(parts.names, domain), null, lookUpSignal),
  ]);
  const guesses = Promise.all([
    probeAll(parts.probe, 'imap', domain, signal),
    probeAll(parts.probe, 'smtp', domain, signal),
  ]);
  try {
    const [srv, autoconfig, exchanger] = await lookUps;
    const named = (kind: MailProtocol) => {
      const { near, far } = bySameDomain(srv[kind], domain);
      const served = exchanger === null ? [] : [exchanger[kind]];
      return [
        ...near.map(toCandidate('srv', address)),
        ...autoconfig[kind].map(toCandidate('autoconfig', address)),
        ...far.map(toCandidate('srv', address)),
        ...served.map((server) => ({ ...server, user: address, source: 'mx' as const })),
      ];
    };
    const found = { imap: named('imap'), smtp: named('smtp') };
    if (found.imap.length > 0 && found.smtp.length > 0) {
      return { ...found, provider: exchanger ?? providerOfFirst(found.imap), isRefused: false };
    }
    const [imap, smtp] = await guesses;
    const withGuesses = (kind: readonly Candidate[], guess: Guessed) =>
      kind.length > 0 ? [...kind] : guess.servers.map(toCandidate('guess', address));
    const all = { imap: withGuesses(found.imap, imap), smtp: withGuesses(found.smtp, smtp) };
    return {
      ...all,
      provider: exchanger ?? providerOfFirst(all.imap),
      isRefused: (all.imap.length === 0 && imap.isRefused) || (all.smtp.length === 0 && smtp.isRefused),
    };
  } finally {
    stop.abort();
  }
}

function fromProvider(provider: Provider, source: 'provider', address: string): Discovery {
  const candidate = (server: Provider['imap']): Candidate => ({ ...server, user: address, source });
  return {
    imap: [candidate(provider.imap)],
    smtp: [candidate(provider.smtp)],
    provider,
    isRefused: false,
  };
}

function providerOfFirst([first]: readonly Candidate[]): Provider | null {
  return first === undefined ? null : providerOfHost(first.host);
}

/**
 * SRV records are not signed mostly: RFC 6186 §6 trusts a target within the address's own domain alone. Another one
 * comes after the file that the domain itself serves over https.
 */
function bySameDomain(servers: readonly NamedServer[], domain: string) {
  const isNear = ({ host }: NamedServer) => `.${host.toLowerCase()}`.endsWith(`.${domain}`);
  return { near: servers.filter(isNear), far: servers.filter((server) => !isNear(server)) };
}

/** Fills in a user name's placeholders (as autoconfig files have them). */
export function userNameOf(template: string, address: string): string {
  const at = address.lastIndexOf('@');
  const values = new Map([
    ['%EMAILADDRESS%', address],
    ['%EMAILLOCALPART%', address.slice(0, at)],
    ['%EMAILDOMAIN%', address.slice(at + 1)],
  ]);
  return template.replace(/%[A-Z]+%/g, (name) => values.get(name) ?? name);
}

function toCandidate(source: DiscoverySource, address: string) {
  return ({ host, port, security, user }: NamedServer): Candidate => ({
    host,
    port,
    security,
    user: user === null ? null : userNameOf(user, address),
    source,
  });
}

/** What a promise gives, or something else where it rejects or has not come by the signal. */
async function orElse<Value>(promise: Promise<Value>, other: Value, signal: AbortSignal): Promise<Value> {
  if (signal.aborted) return other;
  const { promise: late, resolve } = Promise.withResolvers<Value>();
  const onAbort = () => resolve(other);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise.catch(() => other), late]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function autoconfigOf(parts: DiscoveryParts, address: string, domain: string, signal: AbortSignal) {
  const urls = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${encodeURIComponent(address)}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  ];
  const files = await Promise.all(urls.map((url) => orElse(parts.fetchText(url, signal), null, signal)));
  const read = files.filter((file) => file !== null).map((file) => readAutoconfig(file, domain));
  return { imap: read.flatMap(({ imap }) => imap), smtp: read.flatMap(({ smtp }) => smtp) };
}

interface Guessed {
  servers: NamedServer[];
  isRefused: boolean;
}

async function probeAll(
  probe: Probe,
  protocol: MailProtocol,
  domain: string,
  signal: AbortSignal,
): Promise<Guessed> {
  const servers = guessedServers(protocol, domain);
  const outcomes = await Promise.all(
    servers.map((server) => orElse(probe(protocol, server, signal), 'nothing' as const, signal)),
  );
  const withOutcome = (wanted: string) => servers.filter((_server, index) => outcomes[index] === wanted);
  return {
    servers: [...withOutcome('speaks'), ...withOutcome('bad_certificate')],
    isRefused: outcomes.includes('refused'),
  };
}
