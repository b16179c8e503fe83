import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { connectSmtp } from './connect.ts';
import { type Acceptance, type Envelope, sendMessage } from './send.ts';
import { type ScriptedSmtp, scriptedSmtp } from './testing.ts';

function certificate(): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-smtp-'));
  try {
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=localhost'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ours = certificate();
const { fingerprint256 } = new X509Certificate(ours.cert);
const full = await scriptedSmtp();
const bare = await scriptedSmtp({ lacks: ['SMTPUTF8', 'DSN', '8BITMIME'] });
const secure = await scriptedSmtp(ours);
const secureBare = await scriptedSmtp({ ...ours, lacks: ['REQUIRETLS'] });

afterEach(() => {
  full.script = {};
});

const raw = Buffer.from('From: a@b.example\r\nSubject: Hi\r\n\r\nHello\r\n');

async function send(smtp: ScriptedSmtp, more: Partial<Envelope>, message = raw): Promise<Acceptance> {
  const isSecure = smtp === secure || smtp === secureBare;
  smtp.received.length = 0;
  const session = await connectSmtp({
    server: {
      ...{ host: '127.0.0.1', port: smtp.port, user: 'ada' },
      security: isSecure ? 'tls' : 'none',
      pinnedFingerprint: isSecure ? fingerprint256 : null,
    },
    password: smtp.password,
    policy: createAddressPolicy(['127.0.0.0/8']),
    limits: { connectTimeout: 2000, smtpTimeout: 2000 },
  });
  const envelope = { from: 'ada@example.org', to: ['bob@example.net'], reportAs: null, requireTls: false };
  try {
    return await sendMessage(
      session,
      { envelope: { ...envelope, ...more }, raw: message },
      async () => undefined,
    );
  } finally {
    session.destroy();
  }
}

describe('a delivery report', () => {
  it('is asked for where the server gives them', async () => {
    expect(await send(full, { reportAs: 'id-1' })).toMatchObject({ report: { kind: 'asked' } });
    const [received] = full.received;
    expect(received?.parameters.mail).toMatchObject({ ENVID: 'id-1', RET: 'HDRS' });
    expect(received?.parameters.recipient).toMatchObject({ NOTIFY: 'SUCCESS,FAILURE,DELAY' });
  });

  it('is said to be wanting where it does not, and the message goes', async () => {
    expect(await send(bare, { reportAs: 'id-1' })).toMatchObject({ report: { kind: 'not_offered' } });
    expect(bare.received).toHaveLength(1);
  });

  it.each([
    ['sender', 555],
    ['sender', 501],
    ['recipient', 504],
  ] as const)(
    'is said to be refused where the %s is with it (%i), and the message goes',
    async (to, reply) => {
      full.script = { report: { to, reply } };
      const { report } = await send(full, { reportAs: 'id-1' });
      expect(report).toMatchObject({ kind: 'refused', reply: expect.stringContaining(String(reply)) });
      expect(full.received).toHaveLength(1);
      expect(full.received[0]?.parameters).toMatchObject({
        mail: expect.not.objectContaining({ RET: expect.anything() }),
        recipient: expect.not.objectContaining({ NOTIFY: expect.anything() }),
      });
    },
  );

  it('is not blamed where the server will not take the recipient at all', async () => {
    full.script = { recipients: { 'bob@example.net': 501 } };
    await expect(send(full, { reportAs: 'id-1' })).rejects.toMatchObject({ code: 'EENVELOPE' });
    expect(full.received).toEqual([]);
  });
});

describe('a message that is to be encrypted on its whole way', () => {
  it('says so to a server that promises it', async () => {
    await send(secure, { requireTls: true });
    expect(secure.received[0]?.parameters.mail).toMatchObject({ REQUIRETLS: true });
  });

  it.each([
    ['that does not', secureBare],
    ['over a connection that is not encrypted itself', full],
  ])('is not given to one %s', async (_what, smtp) => {
    await expect(send(smtp, { requireTls: true })).rejects.toMatchObject({ code: 'requiretls_not_offered' });
    expect(smtp.received).toEqual([]);
  });
});

describe('an address that is not ASCII', () => {
  it('goes as it is where the server takes Unicode', async () => {
    await send(full, { to: ['jürgen@bücher.example'] });
    expect(full.received[0]?.to).toEqual(['jürgen@bücher.example']);
    expect(full.received[0]?.parameters.mail).toMatchObject({ SMTPUTF8: true });
  });

  it('is named where the server does not, and nothing is sent', async () => {
    await expect(send(bare, { to: ['bob@example.net', 'jürgen@bücher.example'] })).rejects.toMatchObject({
      code: 'smtputf8_not_offered',
      detail: 'jürgen@bücher.example',
    });
    expect(bare.received).toEqual([]);
  });

  it('needs no such server where only its domain is not', async () => {
    await send(bare, { to: ['bob@bücher.example'] });
    expect(bare.received).toHaveLength(1);
    await send(full, { to: ['bob@bücher.example'] });
    expect(full.received[0]?.parameters.mail).not.toHaveProperty('SMTPUTF8');
  });
});

it('a message with bytes above 127 says so where the server takes them, and comes whole', async () => {
  const eightBit = Buffer.from('Subject: x\r\n\r\nGrüße\r\n');
  await send(full, {}, eightBit);
  expect(full.received[0]?.parameters.mail).toMatchObject({ BODY: '8BITMIME' });
  expect(full.received[0]?.raw.equals(eightBit)).toBe(true);
  await send(full, {});
  expect(full.received[0]?.parameters.mail).not.toHaveProperty('BODY');
});
