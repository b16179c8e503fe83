import { once } from 'node:events';
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { guardedFetch } from '#platform/network/guarded-fetch.ts';
import { type DiscoveryParts, discoverServers, userNameOf } from './discover.ts';
import { readAutoconfig } from './discover-autoconfig.ts';
import { createProbe, isGreeting } from './discover-guesses.ts';
import type { MxRecord, SrvRecord } from './discover-records.ts';

const policy = createAddressPolicy(['127.0.0.0/8']);

const server = (type: string, more: Record<string, string> = {}) => {
  const fields = {
    hostname: 'mx.hosting.example',
    port: '993',
    socketType: 'SSL',
    username: '%EMAILLOCALPART%',
    authentication: 'password-cleartext',
    ...more,
  };
  const tag = type === 'smtp' ? 'outgoingServer' : 'incomingServer';
  const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<${tag} type="${type}">\n${inner.join('\n')}\n</${tag}>`;
};
const file = (...servers: string[]) => `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment with <tags> & such -->
<clientConfig version="1.1">
  <emailProvider id="hosting.example">
    <displayName>Hosting &amp; more</displayName>
    ${servers.join('\n')}
  </emailProvider>
</clientConfig>`;

let pages: Record<string, string> = {};
const asked: string[] = [];
const web = createServer((request, response) => {
  const url = `https://${request.headers['x-host']}${request.url}`;
  asked.push(url);
  const page = pages[url];
  response.writeHead(page === undefined ? 404 : 200).end(page);
});

beforeAll(async () => {
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
});
afterAll(() => {
  web.close();
});

interface World {
  srv?: Record<string, SrvRecord[]>;
  mx?: MxRecord[];
  pages?: Record<string, string>;
  /** Guessed places that answer, as host:port. */
  open?: string[];
  outcome?: 'speaks' | 'bad_certificate' | 'refused';
}

/** A network of which the web is real, on loopback, and the names are not. */
function world({ srv = {}, mx = [], open = [], outcome = 'speaks', ...rest }: World): DiscoveryParts {
  pages = rest.pages ?? {};
  asked.length = 0;
  const { port } = web.address() as AddressInfo;
  return {
    names: {
      resolveSrv: async (name) => srv[name] ?? Promise.reject(new Error('ENOTFOUND')),
      resolveMx: async () => mx,
    },
    async fetchText(url, signal) {
      const { host, pathname, search } = new URL(url);
      const answer = await guardedFetch(`http://127.0.0.1:${port}${pathname}${search}`, {
        policy,
        signal,
        headers: { 'x-host': host },
      });
      return answer.status === 200 ? answer.body.toString('utf8') : null;
    },
    probe: async (_protocol, { host, port: guessed }) =>
      open.includes(`${host}:${guessed}`) ? outcome : 'nothing',
  };
}
const srv = (name: string, port: number, priority = 0, weight = 0) => ({ name, port, priority, weight });
const placesOf = (servers: readonly { host: string; port: number; source: string }[]) =>
  servers.map(({ host, port, source }) => `${source} ${host}:${port}`);

describe('the servers of an address', () => {
  it('of a known provider come from the table, and nobody is asked', async () => {
    const silent: DiscoveryParts = {
      names: {
        resolveSrv: () => Promise.reject(new Error('asked')),
        resolveMx: () => Promise.reject(new Error('asked')),
      },
      fetchText: () => Promise.reject(new Error('asked')),
      probe: () => Promise.reject(new Error('asked')),
    };
    const found = await discoverServers(silent, 'ada@GMX.net');
    expect(placesOf(found.imap)).toEqual(['provider imap.gmx.net:993']);
    expect(found.provider?.name).toBe('GMX');
  });

  it('are those that SRV records name, TLS first, by priority and weight', async () => {
    const parts = world({
      srv: {
        '_imaps._tcp.example.org': [
          srv('b.example.org.', 993, 10),
          srv('a.example.org', 993, 5, 1),
          srv('heavy.example.org', 993, 5, 9),
        ],
        '_imap._tcp.example.org': [srv('a.example.org', 143)],
        '_submission._tcp.example.org': [srv('out.example.org', 587)],
      },
    });
    const found = await discoverServers(parts, 'ada@example.org');
    expect(placesOf(found.imap)).toEqual([
      'srv heavy.example.org:993',
      'srv a.example.org:993',
      'srv b.example.org:993',
      'srv a.example.org:143',
    ]);
    expect(found.smtp).toEqual([
      { host: 'out.example.org', port: 587, security: 'starttls', user: null, source: 'srv' },
    ]);
  });

  it('are not taken from a record that says "not offered"', async () => {
    const parts = world({
      srv: { '_imaps._tcp.example.org': [srv('.', 0)], '_imap._tcp.example.org': [srv('', 143)] },
    });
    expect((await discoverServers(parts, 'ada@example.org')).imap).toEqual([]);
  });

  it('are those of the autoconfig file, with the user name filled in', async () => {
    const parts = world({
      pages: {
        'https://example.org/.well-known/autoconfig/mail/config-v1.1.xml': file(
          server('pop3'),
          server('imap'),
          server('smtp', { port: '587', socketType: 'STARTTLS', username: '%EMAILADDRESS%' }),
        ),
      },
    });
    const found = await discoverServers(parts, 'ada+x@example.org');
    expect(found.imap).toEqual([
      { host: 'mx.hosting.example', port: 993, security: 'tls', user: 'ada+x', source: 'autoconfig' },
    ]);
    expect(found.smtp).toMatchObject([{ port: 587, security: 'starttls', user: 'ada+x@example.org' }]);
    expect(asked.toSorted()[0]).toBe(
      'https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=ada%2Bx%40example.org',
    );
  });

  it('in another domain, named by an unsigned record, come after what the domain itself serves over https', async () => {
    const parts = world({
      srv: {
        '_imaps._tcp.example.org': [srv('imap.attacker.example', 993), srv('imap.example.org', 993)],
        '_submissions._tcp.example.org': [srv('notexample.org', 465)],
      },
      pages: {
        'https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=ada%40example.org': file(
          server('imap'),
          server('smtp', { port: '465' }),
        ),
      },
    });
    const found = await discoverServers(parts, 'ada@example.org');
    expect(placesOf(found.imap)).toEqual([
      'srv imap.example.org:993',
      'autoconfig mx.hosting.example:993',
      'srv imap.attacker.example:993',
    ]);
    expect(placesOf(found.smtp)).toEqual(['autoconfig mx.hosting.example:465', 'srv notexample.org:465']);
  });

  it.each([
    ['aspmx.l.google.com', 'Gmail', 'imap.gmail.com', 'gmail_app_password'],
    ['example-org.mail.protection.outlook.com', 'Outlook', 'outlook.office365.com', 'microsoft_sign_in'],
  ])('are its provider’s where %s takes the mail', async (exchange, name, host, notice) => {
    const found = await discoverServers(world({ mx: [{ exchange, priority: 1 }] }), 'ada@example.org');
    expect(found.provider).toMatchObject({ name, notice });
    expect(found.imap).toMatchObject([{ host, source: 'mx', user: 'ada@example.org' }]);
  });

  it('are not a provider’s whose name the exchanger only ends with', async () => {
    const parts = world({ mx: [{ exchange: 'mx.notgoogle.com', priority: 1 }] });
    expect((await discoverServers(parts, 'ada@example.org')).provider).toBeNull();
  });

  it('are guessed last, those that speak before those with a certificate to look at', async () => {
    const parts = world({ open: ['mail.example.org:993', 'mail.example.org:587', 'smtp.example.org:465'] });
    const found = await discoverServers(parts, 'ada@example.org');
    expect(placesOf(found.imap)).toEqual(['guess mail.example.org:993']);
    expect(placesOf(found.smtp)).toEqual(['guess smtp.example.org:465', 'guess mail.example.org:587']);
    const doubtful = world({ open: ['mail.example.org:993'], outcome: 'bad_certificate' });
    expect(placesOf((await discoverServers(doubtful, 'ada@example.org')).imap)).toEqual([
      'guess mail.example.org:993',
    ]);
  });

  it('in a private network alone are said to be there', async () => {
    const parts = world({ open: ['mail.example.org:993'], outcome: 'refused' });
    expect(await discoverServers(parts, 'ada@example.org')).toMatchObject({ imap: [], isRefused: true });
  });

  it('are none where nobody knows any', async () => {
    const found = await discoverServers(world({}), 'ada@example.org');
    expect(found).toEqual({ imap: [], smtp: [], provider: null, isRefused: false });
  });

  it('are looked for no longer than the caller waits, whoever hangs', async () => {
    const never = () => new Promise<never>(() => undefined);
    const parts: DiscoveryParts = {
      names: { resolveSrv: never, resolveMx: never },
      fetchText: never,
      probe: never,
    };
    const started = performance.now();
    const found = await discoverServers(parts, 'ada@example.org', AbortSignal.timeout(50));
    expect(found.imap).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('an autoconfig file', () => {
  const domain = 'example.org';

  it('gives encrypted servers for passwords alone', () => {
    const source = file(
      server('imap', { socketType: 'plain' }),
      server('imap', { authentication: 'OAuth2' }),
      server('imap', { port: '99999' }),
      server('imap', { hostname: '' }),
      server('imap', { hostname: 'imap.%EMAILDOMAIN%' }),
    );
    expect(readAutoconfig(source, domain).imap).toMatchObject([{ host: 'imap.example.org' }]);
  });

  it('may name several ways to sign in, of which one takes passwords', () => {
    const source = file(
      server('imap').replace('<authentication>', '<authentication>OAuth2</authentication><authentication>'),
    );
    expect(readAutoconfig(source, domain).imap).toHaveLength(1);
  });

  it.each([
    [
      'declares entities',
      file(server('imap')).replace('<clientConfig', '<!DOCTYPE x [<!ENTITY a "b">]><clientConfig'),
    ],
    ['is a web page', '<!doctype html><html><body>Not <b>found</html>'],
    ['is cut', file(server('imap')).slice(0, -20)],
    ['closes what it did not open', `</a>${file(server('imap'))}`],
    ['is nested deeply', file(`${'<a>'.repeat(50)}${'</a>'.repeat(50)}${server('imap')}`)],
    ['is large', file(`${server('imap')}${' '.repeat(70_000)}`)],
    ['has very many elements', file(`${'<a/>'.repeat(600)}${server('imap')}`)],
    ['is empty', ''],
  ])('that %s gives nothing', (_what, source) => {
    expect(readAutoconfig(source, domain)).toEqual({ imap: [], smtp: [] });
  });

  it('made to be slow is read at once', () => {
    const started = performance.now();
    readAutoconfig(`<a ${'b="c" '.repeat(10_000)}`, domain);
    readAutoconfig(`<!--${'-'.repeat(60_000)}`, domain);
    readAutoconfig('<'.repeat(60_000), domain);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

it('placeholders are filled in once: what an address holds is not read again', () => {
  expect(userNameOf('%EMAILLOCALPART%.%EMAILDOMAIN%', 'a@b.example')).toBe('a.b.example');
  expect(userNameOf('%EMAILLOCALPART%', '%EMAILDOMAIN%@b.example')).toBe('%EMAILDOMAIN%');
  expect(userNameOf('fixed%X%', 'a@b.example')).toBe('fixed%X%');
});

describe('a guessed place', () => {
  const probe = createProbe(policy, 300);
  const guess = (port: number) =>
    probe('imap', { host: '127.0.0.1', port, security: 'none', user: null }, new AbortController().signal);

  it.each([
    ['greets as IMAP does', '* OK ready\r\n', 'speaks'],
    ['greets as SMTP does', '220 ready\r\n', 'nothing'],
    ['says nothing', '', 'nothing'],
  ])('that %s', async (_what, greeting, outcome) => {
    const listener = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(greeting);
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    expect(await guess((listener.address() as AddressInfo).port)).toBe(outcome);
    listener.close();
  });

  it('where nobody is, and one in a private network', async () => {
    expect(await guess(1)).toBe('nothing');
    const strict = createProbe(createAddressPolicy([]), 300);
    const place = { host: '127.0.0.1', port: 993, security: 'tls' as const, user: null };
    expect(await strict('imap', place, new AbortController().signal)).toBe('refused');
  });

  it('is of the protocol by its first words', () => {
    expect(isGreeting('imap', '* PREAUTH hello')).toBe(true);
    expect(isGreeting('imap', 'HTTP/1.1 400 Bad Request')).toBe(false);
    expect(isGreeting('smtp', '220-mx.example ESMTP')).toBe(true);
    expect(isGreeting('smtp', '* OK ready')).toBe(false);
  });
});
