import type { NamedServer } from './discover-autoconfig.ts';
import { type Provider, providers } from './providers.ts';

export interface SrvRecord {
  name: string;
  port: number;
  priority: number;
  weight: number;
}

export interface MxRecord {
  exchange: string;
  priority: number;
}

/** The name service; each rejects where there are no such records. `node:dns/promises` has this shape. */
export interface Names {
  resolveSrv(name: string): Promise<SrvRecord[]>;
  resolveMx(name: string): Promise<MxRecord[]>;
}

/** RFC 6186 §3 and RFC 8314 §5.1. */
const services = {
  imap: [
    ['_imaps._tcp', 'tls'],
    ['_imap._tcp', 'starttls'],
  ],
  smtp: [
    ['_submissions._tcp', 'tls'],
    ['_submission._tcp', 'starttls'],
  ],
} as const;

async function serversOf(names: Names, domain: string, kind: keyof typeof services): Promise<NamedServer[]> {
  const found = await Promise.all(
    services[kind].map(async ([service, security]) => {
      const records = await names.resolveSrv(`${service}.${domain}`).catch(() => []);
      return (
        records
          // RFC 2782: a target of "." says that the service is not offered.
          .filter(({ name, port }) => name !== '' && name !== '.' && port > 0)
          .toSorted((one, other) => one.priority - other.priority || other.weight - one.weight)
          .map(({ name, port }) => ({ host: name.replace(/\.$/, ''), port, security, user: null }))
      );
    }),
  );
  return found.flat();
}

/** The servers that a domain's SRV records name, TLS from the first byte before STARTTLS. Never throws. */
export async function serversBySrv(
  names: Names,
  domain: string,
): Promise<{ imap: NamedServer[]; smtp: NamedServer[] }> {
  const [imap, smtp] = await Promise.all([
    serversOf(names, domain, 'imap'),
    serversOf(names, domain, 'smtp'),
  ]);
  return { imap, smtp };
}

/** Whose mail exchangers they are: what people's own domains at these providers have in common. */
const exchangers: readonly (readonly [suffix: string, provider: string])[] = [
  ['.google.com', 'Gmail'],
  ['.googlemail.com', 'Gmail'],
  ['.protection.outlook.com', 'Outlook'],
  ['.mx.microsoft', 'Outlook'],
  ['.messagingengine.com', 'Fastmail'],
  ['.mail.icloud.com', 'iCloud'],
  ['.migadu.com', 'Migadu'],
  ['.mailbox.org', 'mailbox.org'],
];

/** The provider that takes a domain's mail, or null. Never throws. */
export async function providerByMx(names: Names, domain: string): Promise<Provider | null> {
  const records = await names.resolveMx(domain).catch(() => []);
  for (const { exchange } of records.toSorted((one, other) => one.priority - other.priority)) {
    const host = `.${exchange.toLowerCase().replace(/\.$/, '')}`;
    const known = exchangers.find(([suffix]) => host.endsWith(suffix))?.[1];
    const provider = providers.find(({ name }) => name === known);
    if (provider !== undefined) return provider;
  }
  return null;
}
