import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { ImapFlow } from 'imapflow';
import nodemailer from 'nodemailer';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address-policy.ts';
import { BadCertificate } from './certificate.ts';
import {
  imapTransport,
  inspectCertificate,
  type MailSocketTarget,
  openMailSocket,
  smtpConnection,
} from './mail-socket.ts';
import { StartTlsRefused, Unreachable } from './network-errors.ts';

const policy = createAddressPolicy(['127.0.0.0/8']);
const resolver = async () => [{ address: '127.0.0.1', family: 4 }];
let ours: { cert: string; key: string };
let other: { cert: string; key: string };
const open: { close(): void }[] = [];

function makeCertificate(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-days', '2'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'pipe',
    });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const fingerprintOf = (pem: string) =>
  new (process.getBuiltinModule('node:crypto').X509Certificate)(pem).fingerprint256;

/** A server that answers line by line and keeps all it was sent, marked by whether it came encrypted. */
async function startServer(
  options: { tls: { cert: string; key: string }; isImplicit: boolean; greeting: string },
  answer: (line: string) => string,
) {
  const heard: string[] = [];
  const converse = (socket: Socket, mark: string) => {
    socket.on('error', () => undefined);
    let buffered = '';
    const onData = (chunk: Buffer) => {
      buffered += chunk.toString('latin1');
      for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        heard.push(`${mark} ${line}`);
        const reply = answer(line);
        if (/STARTTLS$/.test(line) && /^(T1 OK|220)/.test(reply)) {
          socket.off('data', onData);
          socket.write(reply);
          const secured = new tls.TLSSocket(socket, { isServer: true, ...options.tls });
          converse(secured, 'tls');
          return;
        }
        socket.write(reply);
      }
    };
    socket.on('data', onData);
  };
  const greet = (socket: Socket) => {
    converse(socket, options.isImplicit ? 'tls' : 'plain');
    socket.write(options.greeting);
  };
  const server = options.isImplicit ? tls.createServer(options.tls, greet) : net.createServer(greet);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return { port: (server.address() as net.AddressInfo).port, heard };
}

const imapAnswer = (line: string) => {
  const [tag, command] = line.split(' ');
  if (command === 'CAPABILITY') return `* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`;
  if (command === 'LIST') return `* LIST () "/" ""\r\n${tag} OK done\r\n`;
  return `${tag} OK done\r\n`;
};
const smtpAnswer = (line: string) => {
  if (line.startsWith('EHLO')) return '250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n';
  if (line.startsWith('AUTH')) return '235 in\r\n';
  return '220 go on\r\n';
};

const startImaps = () => startServer({ tls: ours, isImplicit: true, greeting: '* OK ready\r\n' }, imapAnswer);
const startImap = () => startServer({ tls: ours, isImplicit: false, greeting: '* OK ready\r\n' }, imapAnswer);
const startSmtp = () => startServer({ tls: ours, isImplicit: false, greeting: '220 ready\r\n' }, smtpAnswer);

const target = (port: number, more: Partial<MailSocketTarget> = {}): MailSocketTarget => ({
  host: 'mail.example',
  port,
  policy,
  resolver,
  security: 'tls',
  protocol: 'imap',
  timeout: 3000,
  ...more,
});
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => new Error('it succeeded'),
    (error: Error) => error,
  );

beforeAll(() => {
  ours = makeCertificate('mail.example');
  other = makeCertificate('mail.example');
});
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

describe('a certificate that nobody vouches for', () => {
  it('ends the connection before a word is said, and is shown', async () => {
    const { port, heard } = await startImaps();
    const error = await failure(openMailSocket(target(port)));
    expect(error).toBeInstanceOf(BadCertificate);
    expect((error as BadCertificate).certificate).toMatchObject({
      subject: 'CN=mail.example',
      issuer: 'CN=mail.example',
      fingerprint256: fingerprintOf(ours.cert),
      problem: 'self_signed',
    });
    expect(heard).toEqual([]);
  });

  it('can be looked at', async () => {
    const { port, heard } = await startImaps();
    const summary = await inspectCertificate(target(port));
    expect(summary.fingerprint256).toBe(fingerprintOf(ours.cert));
    expect(summary.validTo.getTime()).toBeGreaterThan(Date.now());
    expect(heard).toEqual([]);
  });

  it('is accepted where it is the pinned one', async () => {
    const { port, heard } = await startImaps();
    const pinnedFingerprint = fingerprintOf(ours.cert).toLowerCase();
    const socket = await openMailSocket(target(port, { pinnedFingerprint }));
    const client = new ImapFlow({
      host: 'mail.example',
      port,
      secure: true,
      auth: { user: 'anna', pass: 'secret-word' },
      transport: imapTransport(socket),
      logger: false,
    });
    await client.connect();
    await client.logout();
    expect(heard.some((line) => /LOGIN/.test(line) && line.includes('secret-word'))).toBe(true);
    expect(heard.every((line) => line.startsWith('tls '))).toBe(true);
  });

  it('is refused where another is pinned, and no credential reaches the server', async () => {
    const { port, heard } = await startImaps();
    const pinnedFingerprint = fingerprintOf(other.cert);
    const error = await failure(openMailSocket(target(port, { pinnedFingerprint })));
    expect((error as BadCertificate).certificate.problem).toBe('not_pinned');
    expect(heard).toEqual([]);
  });

  it('is refused where the pin is malformed', async () => {
    const { port } = await startImaps();
    for (const pinnedFingerprint of ['', 'AB:CD']) {
      expect(await failure(openMailSocket(target(port, { pinnedFingerprint })))).toBeInstanceOf(
        BadCertificate,
      );
    }
  });
});

describe('STARTTLS', () => {
  it('carries an IMAP session, all of it encrypted', async () => {
    const { port, heard } = await startImap();
    const pinnedFingerprint = fingerprintOf(ours.cert);
    const socket = await openMailSocket(target(port, { security: 'starttls', pinnedFingerprint }));
    const client = new ImapFlow({
      host: 'mail.example',
      port,
      secure: true,
      auth: { user: 'anna', pass: 'secret-word' },
      transport: imapTransport(socket),
      logger: false,
    });
    await client.connect();
    await client.logout();
    expect(heard.filter((line) => line.startsWith('plain '))).toEqual(['plain T1 STARTTLS']);
    expect(heard.some((line) => line.startsWith('tls ') && line.includes('secret-word'))).toBe(true);
  });

  it('carries an SMTP session, all of it encrypted', async () => {
    const { port, heard } = await startSmtp();
    const pinnedFingerprint = fingerprintOf(ours.cert);
    const socket = await openMailSocket(
      target(port, { security: 'starttls', protocol: 'smtp', pinnedFingerprint }),
    );
    const transport = nodemailer.createTransport({
      host: 'mail.example',
      port,
      auth: { user: 'anna', pass: 'secret-word' },
      ...smtpConnection(socket),
    });
    expect(await transport.verify()).toBe(true);
    expect(heard.filter((line) => line.startsWith('plain '))).toEqual([
      'plain EHLO [127.0.0.1]',
      'plain STARTTLS',
    ]);
    expect(heard.some((line) => line.startsWith('tls AUTH PLAIN'))).toBe(true);
  });

  it('shows the certificate of a server that it is not sent to', async () => {
    const { port } = await startSmtp();
    const error = await failure(openMailSocket(target(port, { security: 'starttls', protocol: 'smtp' })));
    expect((error as BadCertificate).certificate.fingerprint256).toBe(fingerprintOf(ours.cert));
  });

  it.each([
    ['imap' as const, '* OK hello\r\n', (line: string) => line.replace(/^(\S+) .*/, '$1 NO none here\r\n')],
    ['imap' as const, '* PREAUTH hello\r\n', imapAnswer],
    ['smtp' as const, '220 hello\r\n', () => '250 nothing\r\n'],
    ['smtp' as const, '554 go away\r\n', smtpAnswer],
  ])('is said to be missing by %s with greeting %j', async (protocol, greeting, answer) => {
    const { port } = await startServer({ tls: ours, isImplicit: false, greeting }, answer);
    const error = await failure(openMailSocket(target(port, { security: 'starttls', protocol })));
    expect(error).toBeInstanceOf(StartTlsRefused);
  });

  it('refuses bytes that were slipped in behind the answer', async () => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write('T1 OK go\r\n* CAPABILITY EVIL\r\n'));
      socket.write('* OK ready\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(server);
    const { port } = server.address() as net.AddressInfo;
    const error = await failure(openMailSocket(target(port, { security: 'starttls' })));
    expect(error).toBeInstanceOf(Unreachable);
  });
});

describe('a server that does not go along', () => {
  it('costs one time-out where it never answers', async () => {
    const silent = net.createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    open.push(silent);
    const { port } = silent.address() as net.AddressInfo;
    for (const security of ['tls', 'starttls'] as const) {
      const error = await failure(openMailSocket(target(port, { security, timeout: 200 })));
      expect(error, security).toMatchObject({ name: 'Unreachable', reason: 'timeout' });
    }
  });

  it('is unreachable where it speaks no TLS', async () => {
    const { port } = await startImap();
    expect(await failure(openMailSocket(target(port)))).toMatchObject({
      name: 'Unreachable',
      reason: 'broken',
    });
  });

  it('ends with the signal’s reason when it is called off', async () => {
    const silent = net.createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    open.push(silent);
    const { port } = silent.address() as net.AddressInfo;
    const controller = new AbortController();
    silent.once('connection', () => controller.abort(new Error('called off')));
    const error = await failure(openMailSocket(target(port, { signal: controller.signal })));
    expect(error.message).toBe('called off');
  });
});
