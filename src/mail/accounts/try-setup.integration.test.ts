import { execFileSync } from 'node:child_process';
import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  accountMembers,
  accountSetups,
  accounts,
  credentials,
  identities,
  type ServerSettings,
  users,
} from '#db/schema.ts';
import { testDatabase } from '#db/testing.ts';
import { createLog } from '#platform/log.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { startDovecot } from '../../../tests/setup/dovecot.ts';
import { testRing } from '../outbox/testing.ts';
import { scriptedSmtp } from '../smtp/testing.ts';
import type { DiscoveryParts } from './discover.ts';
import { createSetup, removeExpiredSetups, setupView } from './setups.ts';
import { accountSecrets } from './status.ts';
import { type TrySetupDeps, trySetup } from './try-setup.ts';

const { port: imapPort, password, stop } = await startDovecot();
afterAll(stop);

const db = await testDatabase();
const smtp = await scriptedSmtp({}, password);
const now = new Date('2026-03-01T12:00:00Z');

function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const subject = [
      '-subj',
      '/CN=localhost/O=Home',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-days',
      '2',
    ];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'pipe',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const certificate = makeCertificate();
const { fingerprint256 } = new X509Certificate(certificate.cert);
const secureSmtp = await scriptedSmtp(certificate, password);

const nothing: DiscoveryParts = {
  names: { resolveSrv: async () => [], resolveMx: async () => [] },
  fetchText: async () => null,
  probe: async () => 'nothing',
};
const deps: TrySetupDeps = {
  db,
  ring: testRing,
  policy: createAddressPolicy(['127.0.0.0/8']),
  limits: { connectTimeout: 1500, commandTimeout: 5000, smtpTimeout: 5000 },
  log: createLog('test', 'silent'),
  now: () => now,
  discovery: nothing,
};

async function listen(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const at = (port: number, more: Partial<ServerSettings> = {}): ServerSettings => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  user: '',
  pinnedFingerprint: null,
  ...more,
});

async function newUser(): Promise<string> {
  const id = randomUUID();
  await db.insert(users).values({ id, email: `${id}@people.example`, name: 'Ada', passwordHash: 'none' });
  return id;
}

interface Typed {
  ownerId?: string;
  address?: string;
  password?: string;
  name?: string;
  imap?: ServerSettings | null;
  smtp?: ServerSettings | null;
}

/** Types something into the form, has it tried, and looks at what the form shows. */
async function attempt(typed: Typed = {}, more: Partial<TrySetupDeps> = {}) {
  const ownerId = typed.ownerId ?? (await newUser());
  const setupId = await createSetup(
    db,
    testRing,
    {
      ownerId,
      address: typed.address ?? `ada-${randomUUID()}@example.org`,
      password: typed.password ?? password,
      name: typed.name ?? '',
      imap: typed.imap === undefined ? at(imapPort) : typed.imap,
      smtp: typed.smtp === undefined ? at(smtp.port) : typed.smtp,
    },
    now,
  );
  const outcome = await trySetup({ ...deps, ...more }, setupId);
  const view = await setupView(db, ownerId, setupId);
  const [row] = await db.select().from(accountSetups).where(eq(accountSetups.id, setupId));
  return { ownerId, setupId, outcome, view: view!, row: row! };
}

/** What the owner has in the database, secrets included. */
async function belongings(ownerId: string) {
  const members = await db.select().from(accountMembers).where(eq(accountMembers.userId, ownerId));
  const secrets = await db.select().from(credentials).where(eq(credentials.ownerId, ownerId));
  return { accounts: members.length, secrets: secrets.length };
}

async function expectRefusal(typed: Typed, code: string, more: Partial<TrySetupDeps> = {}) {
  const result = await attempt(typed, more);
  expect(result.outcome).toEqual({ status: 'failed', ownerId: result.ownerId, code });
  expect(result.view).toMatchObject({ status: 'failed', accountId: null, problem: { code } });
  expect(result.row.sealed).toBeNull();
  expect(await belongings(result.ownerId)).toEqual({ accounts: 0, secrets: 0 });
  expect(JSON.stringify(result.row.problem)).not.toContain(typed.password ?? password);
  return result.view.problem!;
}

beforeEach(() => {
  smtp.script = {};
  smtp.signIns.length = 0;
});

describe('settings that both servers take', () => {
  it('become an account with its owner, its identity and its secret; the typed one is gone', async () => {
    const { ownerId, outcome, view, row } = await attempt({ address: 'Ada@Example.org', name: 'Ada L.' });
    expect(view).toMatchObject({ status: 'done', problem: null });
    expect(outcome).toEqual({ status: 'done', ownerId, accountId: view.accountId });
    expect(row.sealed).toBeNull();
    const accountId = view.accountId!;
    const [account] = await db.select().from(accounts).where(eq(accounts.id, accountId));
    expect(account).toMatchObject({
      address: 'Ada@Example.org',
      status: 'connecting',
      color: 'blue',
      position: 0,
      imap: { port: imapPort, user: 'Ada@Example.org' },
      smtp: { port: smtp.port, user: 'Ada@Example.org' },
    });
    const names = await db.select().from(identities).where(eq(identities.accountId, accountId));
    expect(names).toMatchObject([{ name: 'Ada L.', email: 'Ada@Example.org' }]);
    expect((await accountSecrets(db, testRing, accountId)).password).toBe(password);
    expect(await belongings(ownerId)).toEqual({ accounts: 1, secrets: 1 });
  });

  it('are tried once, however often the job runs', async () => {
    const { ownerId, setupId } = await attempt();
    expect(await trySetup(deps, setupId)).toEqual({ status: 'not_waiting' });
    expect(await belongings(ownerId)).toEqual({ accounts: 1, secrets: 1 });
  });

  it('are tried by one of two jobs that run at once', async () => {
    const ownerId = await newUser();
    const request = {
      ownerId,
      address: 'two@example.org',
      password,
      name: '',
      imap: at(imapPort),
      smtp: at(smtp.port),
    };
    const setupId = await createSetup(db, testRing, request, now);
    const outcomes = await Promise.all([trySetup(deps, setupId), trySetup(deps, setupId)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['done', 'not_waiting']);
    expect(await belongings(ownerId)).toEqual({ accounts: 1, secrets: 1 });
  });

  it('are not tried once they have expired', async () => {
    const ownerId = await newUser();
    const request = { ownerId, address: 'late@example.org', password, name: '', imap: null, smtp: null };
    const setupId = await createSetup(db, testRing, request, new Date(now.getTime() - 11 * 60_000));
    expect(await trySetup(deps, setupId)).toEqual({ status: 'not_waiting' });
    expect(await trySetup(deps, randomUUID())).toEqual({ status: 'not_waiting' });
  });

  it('whose trial died with its process are told to have timed out, and the password is gone', async () => {
    const ownerId = await newUser();
    const request = { ownerId, address: 'dead@example.org', password, name: '', imap: at(1), smtp: at(1) };
    const setupId = await createSetup(db, testRing, request, now);
    await db.update(accountSetups).set({ status: 'trying' }).where(eq(accountSetups.id, setupId));
    const expired = new Date(now.getTime() + 11 * 60_000);
    await removeExpiredSetups(db, expired);
    const view = await setupView(db, ownerId, setupId);
    expect(view).toMatchObject({ status: 'failed', problem: { code: 'timeout', tried: { imap: at(1) } } });
    const [row] = await db.select().from(accountSetups).where(eq(accountSetups.id, setupId));
    expect(row!.sealed).toBeNull();
    await removeExpiredSetups(db, new Date(expired.getTime() + 11 * 60_000));
    expect(await setupView(db, ownerId, setupId)).toBeNull();
  });

  it('get the next colour and place; the same address again is refused, however it is written', async () => {
    const { ownerId } = await attempt({ address: 'first@example.org' });
    const second = await attempt({ ownerId, address: 'second@example.org' });
    const [account] = await db.select().from(accounts).where(eq(accounts.id, second.view.accountId!));
    expect(account).toMatchObject({ color: 'green', position: 1 });
    const again = await attempt({ ownerId, address: 'FIRST@example.org' });
    expect(again.view.problem).toMatchObject({ code: 'already_added' });
    const twins = await Promise.all([1, 2].map(() => attempt({ ownerId, address: 'twin@example.org' })));
    expect(twins.map(({ outcome }) => outcome.status).sort()).toEqual(['done', 'failed']);
    expect(await belongings(ownerId)).toEqual({ accounts: 3, secrets: 3 });
    const stranger = await attempt({ address: 'first@example.org' });
    expect(stranger.outcome.status).toBe('done');
  });

  it('are found from the address where nothing was typed', async () => {
    const discovery: DiscoveryParts = {
      ...nothing,
      names: {
        resolveMx: async () => [],
        resolveSrv: async (name) =>
          name.startsWith('_imaps') ? [{ name: '127.0.0.1', port: secureImap, priority: 0, weight: 0 }] : [],
      },
    };
    const secureImap = await listen(tls.createServer(certificate, (socket) => socket.destroy()));
    // Nothing found by a record has a pin: the certificate is what the form shows.
    const { view } = await attempt({ imap: null }, { discovery });
    expect(view.problem).toMatchObject({ code: 'bad_certificate', server: 'imap' });
    expect(view.problem!.tried.imap).toMatchObject({ host: '127.0.0.1', port: secureImap, security: 'tls' });
  });
});

describe('how far a trial is', () => {
  it('can be seen while it runs, and where it ended afterwards', async () => {
    const seen: unknown[] = [];
    const step = async () => {
      const rows = await db.select().from(accountSetups).where(eq(accountSetups.status, 'trying'));
      seen.push(...rows.map((row) => row.step));
    };
    const discovery: DiscoveryParts = {
      ...nothing,
      probe: async () => {
        await step();
        return 'nothing';
      },
    };
    const lost = await attempt({ imap: null, smtp: null }, { discovery });
    expect(new Set(seen)).toEqual(new Set(['looking_up']));
    expect(lost.view).toMatchObject({ status: 'failed', step: 'looking_up' });
    expect((await attempt({ password: 'wrong words' })).view).toMatchObject({ step: 'imap' });
    smtp.script = { auth: 535 };
    expect((await attempt()).view).toMatchObject({ step: 'smtp' });
  });
});

describe('a user name that nobody typed', () => {
  it('is the whole address, then its local part; and the one that IMAP took comes first at SMTP', async () => {
    const seen: string[] = [];
    const port = await listen(
      net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('* OK ready\r\n');
        socket.on('data', (chunk) => {
          const [tag, command, user = ''] = chunk.toString().trim().split(' ');
          if (command === 'LOGIN') seen.push(user.replaceAll('"', ''));
          const isRefused = command === 'LOGIN' && user.includes('@');
          const offer = command === 'CAPABILITY' ? '* CAPABILITY IMAP4rev1\r\n' : '';
          socket.write(`${offer}${tag} ${isRefused ? 'NO [AUTHENTICATIONFAILED] no' : 'OK done'}\r\n`);
        });
      }),
    );
    const { view } = await attempt({ address: 'local@example.org', imap: at(port) });
    expect(seen).toEqual(['local@example.org', 'local']);
    expect(smtp.signIns).toEqual(['local']);
    const [account] = await db.select().from(accounts).where(eq(accounts.id, view.accountId!));
    expect(account).toMatchObject({ imap: { user: 'local' }, smtp: { user: 'local' } });
  });

  it('is not guessed where one was typed', async () => {
    const { view } = await attempt({
      imap: at(imapPort, { user: 'typed' }),
      smtp: at(smtp.port, { user: 'other' }),
    });
    const [account] = await db.select().from(accounts).where(eq(accounts.id, view.accountId!));
    expect(account).toMatchObject({ imap: { user: 'typed' }, smtp: { user: 'other' } });
    expect(smtp.signIns).toEqual(['other']);
  });
});

describe('nothing is stored but the reason', () => {
  it('where the password is wrong', async () => {
    const problem = await expectRefusal(
      { password: 'wrong words', address: 'w@example.org' },
      'wrong_password',
    );
    expect(problem).toMatchObject({ server: 'imap', certificate: null });
    expect(problem.tried.imap).toMatchObject({ host: '127.0.0.1', port: imapPort, user: 'w@example.org' });
  });

  it('where IMAP takes the password and SMTP does not', async () => {
    smtp.script = { auth: 535 };
    const problem = await expectRefusal({}, 'wrong_password');
    expect(problem.server).toBe('smtp');
    expect(smtp.signIns.length).toBeLessThanOrEqual(2);
  });

  it('where the server wants an app password', async () => {
    const port = await listen(
      net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write('* OK [CAPABILITY IMAP4rev1] ready\r\n');
        socket.on('data', (chunk) => {
          const tag = chunk.toString().split(' ')[0];
          socket.write(`${tag} NO [ALERT] Application-specific password required: https://x.example\r\n`);
        });
      }),
    );
    await expectRefusal({ imap: at(port) }, 'app_password_needed');
  });

  it('where nobody listens', async () => {
    await expectRefusal({ imap: at(1) }, 'unreachable');
    const problem = await expectRefusal({ smtp: at(1) }, 'unreachable');
    expect(problem.server).toBe('smtp');
  });

  it('where there is no such host', async () => {
    await expectRefusal({ imap: at(993, { host: 'no such host' }) }, 'host_not_found');
  });

  it.each(['none', 'tls', 'starttls'] as const)(
    'where a web server is at the port (%s)',
    async (security) => {
      const web = createServer((_request, response) => response.end('hello'));
      const port = await listen(web);
      await expectRefusal({ imap: at(port, { security }) }, 'no_imap');
      web.closeAllConnections();
    },
  );

  it('where the two servers are taken for one another', async () => {
    await expectRefusal({ imap: at(smtp.port) }, 'no_imap');
    await expectRefusal({ smtp: at(imapPort) }, 'no_smtp');
  });

  it('where the server has no TLS', async () => {
    await expectRefusal({ imap: at(imapPort, { security: 'tls' }) }, 'tls_failed');
    await expectRefusal({ imap: at(imapPort, { security: 'starttls' }) }, 'tls_failed');
  });

  it('where the address is private and the operator has not allowed it', async () => {
    const strict = { policy: createAddressPolicy([]) };
    const problem = await expectRefusal({}, 'refused_address', strict);
    expect(problem.detail).toBe('ALLOW_PRIVATE_ADDRESSES');
  });

  it('where no server is found', async () => {
    await expectRefusal({ imap: null, smtp: null }, 'settings_not_found');
  });

  it('where Microsoft takes no passwords, before anything is tried', async () => {
    await expectRefusal({ address: 'ada@outlook.com', imap: null, smtp: null }, 'microsoft_sign_in');
    const discovery: DiscoveryParts = {
      ...nothing,
      names: {
        resolveSrv: async () => [],
        resolveMx: async () => [{ exchange: 'x.mail.protection.outlook.com', priority: 0 }],
      },
    };
    await expectRefusal({ imap: null, smtp: null }, 'microsoft_sign_in', { discovery });
  });
});

describe('a certificate that nobody vouches for', () => {
  it('is shown before the password goes, and is good for this account once it is pinned', async () => {
    const imaps = await listen(
      tls.createServer(certificate, (socket) => {
        const upstream = net.connect(imapPort, '127.0.0.1');
        for (const each of [socket, upstream]) each.on('error', () => undefined);
        socket.pipe(upstream).pipe(socket);
      }),
    );
    const imap = at(imaps, { host: 'localhost', security: 'tls' });
    const smtps = at(secureSmtp.port, { host: 'localhost', security: 'tls' });
    const allowing = { policy: createAddressPolicy(['127.0.0.0/8', '::1/128']) };
    const problem = await expectRefusal({ imap, smtp: smtps }, 'bad_certificate', allowing);
    expect(problem).toMatchObject({ server: 'imap', tried: { imap: { host: 'localhost', port: imaps } } });
    expect(problem.certificate).toMatchObject({ fingerprint: fingerprint256 });
    expect(problem.certificate!.subject).toContain('CN=localhost');
    expect(problem.certificate!.issuer).toContain('O=Home');
    expect(Date.parse(problem.certificate!.validTo)).toBeGreaterThan(Date.now());
    const pin = { pinnedFingerprint: problem.certificate!.fingerprint };
    const halfPinned = await expectRefusal(
      { imap: { ...imap, ...pin }, smtp: smtps },
      'bad_certificate',
      allowing,
    );
    expect(halfPinned.server).toBe('smtp');
    const { view } = await attempt({ imap: { ...imap, ...pin }, smtp: { ...smtps, ...pin } }, allowing);
    expect(view.status).toBe('done');
    const [account] = await db.select().from(accounts).where(eq(accounts.id, view.accountId!));
    expect(account!.imap.pinnedFingerprint).toBe(fingerprint256);
  });

  it('and is not the pinned one ends the trial', async () => {
    const imaps = await listen(tls.createServer(certificate, (socket) => socket.destroy()));
    const other = 'AB:'.repeat(31).concat('AB');
    const problem = await expectRefusal(
      { imap: at(imaps, { security: 'tls', pinnedFingerprint: other }) },
      'bad_certificate',
    );
    expect(problem.certificate!.fingerprint).toBe(fingerprint256);
  });
});
