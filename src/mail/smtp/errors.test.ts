import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { MailProblem } from '../problem.ts';
import { connectSmtp } from './connect.ts';

const open: net.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const heard: string[] = [];

/** A server that says `greeting` and answers each command by its name; a null answer hangs up. */
async function serve(greeting: string, answers: Record<string, string | null> = {}): Promise<number> {
  heard.length = 0;
  const server = net.createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.write(greeting);
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      const command = chunk.toString().trim().split(' ')[0] ?? '';
      const answer = answers[command];
      if (answer === null) socket.destroy();
      else if (answer !== '') socket.write(answer ?? '250 done\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}

const ready = '220 ready\r\n';
const EHLO = '250-test\r\n250 AUTH PLAIN\r\n';

async function connectAt(port: number, signal?: AbortSignal) {
  return connectSmtp({
    server: { host: '127.0.0.1', port, security: 'none', user: 'ada', pinnedFingerprint: null },
    password: 'secret words',
    policy: createAddressPolicy(['127.0.0.0/8']),
    limits: { connectTimeout: 300, smtpTimeout: 400 },
    ...(signal === undefined ? {} : { signal }),
  });
}

async function problemAt(port: number, signal?: AbortSignal): Promise<MailProblem> {
  try {
    (await connectAt(port, signal)).destroy();
  } catch (error) {
    expect(error).toBeInstanceOf(MailProblem);
    return error as MailProblem;
  }
  throw new Error('It connected.');
}

describe('an SMTP server that', () => {
  it.each([
    ['refuses the password', '535 5.7.8 Wrong\r\n', 'wrong_password', '535 5.7.8 Wrong'],
    [
      'wants an app password',
      '534-5.7.9 Application-specific\r\n534 5.7.9 password required\r\n',
      'wrong_password',
      'Application-specific',
    ],
    ['wants TLS first', '538 5.7.11 Encrypt\r\n', 'tls_failed', 'Encrypt'],
    ['cannot check just now', '454 4.7.0 Later\r\n', 'throttled', 'Later'],
    ['never answers', '', 'timeout', null],
    ['hangs up meanwhile', null, 'unreachable', null],
  ])('%s', async (_what, answer, code, detail) => {
    const problem = await problemAt(await serve(ready, { EHLO, AUTH: answer }));
    expect(problem.code).toBe(code);
    if (detail !== null) expect(problem.detail).toContain(detail);
    expect(`${problem.message} ${problem.detail}`).not.toContain('secret');
  });

  it.each([
    ['speaks IMAP', '* OK ready\r\n', 'no_smtp'],
    ['is a web server that answers at once', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'no_smtp'],
    ['says nothing', '', 'no_smtp'],
    ['does not serve us', '554 Go away\r\n', 'no_smtp'],
    ['is too busy', '421 Later\r\n', 'throttled'],
  ])('%s', async (_what, greeting, code) => {
    expect((await problemAt(await serve(greeting))).code).toBe(code);
  });

  it('offers no sign-in is not sent the password', async () => {
    expect((await problemAt(await serve(ready, { EHLO: '250 test\r\n' }))).code).toBe('no_smtp');
    expect(heard.join('')).not.toContain('AUTH');
  });

  it('is given up when the caller says so', async () => {
    const port = await serve(ready, { EHLO: '' });
    expect((await problemAt(port, AbortSignal.timeout(50))).code).toBe('timeout');
  });

  it('is not told the name of this machine', async () => {
    const session = await connectAt(await serve(ready, { EHLO, AUTH: '235 in\r\n' }));
    session.destroy();
    expect(heard[0]).toBe('EHLO [127.0.0.1]\r\n');
  });
});
