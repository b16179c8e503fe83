import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { MailProblem } from '../problem.ts';
import { connectImap } from './connect.ts';
import { imapProblem } from './errors.ts';

const open: net.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server that says `greeting` and answers each command by its name; a null answer hangs up. */
async function serve(greeting: string, answers: Record<string, string | null> = {}): Promise<number> {
  const server = net.createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.write(greeting);
    socket.on('data', (chunk) => {
      const [tag = '', command = ''] = chunk.toString().trim().split(' ');
      const answer = answers[command];
      if (answer === null) socket.destroy();
      else if (answer !== '') socket.write((answer ?? '%t OK done\r\n').replaceAll('%t', tag));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return (server.address() as AddressInfo).port;
}

const capability = (words = '') => `* CAPABILITY IMAP4rev1${words}\r\n%t OK done\r\n`;

async function problemAt(port: number, signal?: AbortSignal): Promise<MailProblem> {
  try {
    const client = await connectImap({
      server: { host: '127.0.0.1', port, security: 'none', user: 'ada', pinnedFingerprint: null },
      password: 'secret words',
      policy: createAddressPolicy(['127.0.0.0/8']),
      limits: { connectTimeout: 300, commandTimeout: 200 },
      ...(signal === undefined ? {} : { signal }),
    });
    client.close();
  } catch (error) {
    expect(error).toBeInstanceOf(MailProblem);
    return error as MailProblem;
  }
  throw new Error('It connected.');
}

describe('an IMAP server that', () => {
  it.each([
    ['refuses the password', '%t NO [AUTHENTICATIONFAILED] Wrong\r\n', 'wrong_password', 'Wrong'],
    ['refuses without a code', '%t NO Login failed\r\n', 'wrong_password', 'Login failed'],
    [
      'wants an app password',
      '%t NO [ALERT] Application-specific password required\r\n',
      'wrong_password',
      'Application-specific password required',
    ],
    ['has no back end', '%t NO [UNAVAILABLE] Later\r\n', 'throttled', 'Later'],
    ['has enough connections', '%t NO [LIMIT] Too many\r\n', 'throttled', 'Too many'],
    ['wants TLS first', '%t NO [PRIVACYREQUIRED] No\r\n', 'tls_failed', 'No'],
    ['does not understand', '%t BAD What?\r\n', 'unknown', 'What?'],
    ['says goodbye meanwhile', '* BYE Too many connections\r\n', 'throttled', 'Too many connections'],
    ['never answers', '', 'timeout', null],
    ['hangs up meanwhile', null, 'unreachable', null],
  ])('%s', async (_what, answer, code, detail) => {
    const port = await serve('* OK ready\r\n', { CAPABILITY: capability(), LOGIN: answer });
    const problem = await problemAt(port);
    expect(problem.code).toBe(code);
    if (detail !== null) expect(problem.detail).toContain(detail);
    expect(`${problem.message} ${problem.detail}`).not.toContain('secret');
  });

  it('takes no password in the clear', async () => {
    const port = await serve('* OK ready\r\n', { CAPABILITY: capability(' LOGINDISABLED') });
    expect((await problemAt(port)).code).toBe('tls_failed');
  });

  it.each([
    ['speaks SMTP', '220 mail.example ESMTP\r\n', 'no_imap'],
    ['is a web server that answers at once', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'no_imap'],
    ['says nothing', '', 'no_imap'],
    ['is full', '* BYE Too many connections\r\n', 'throttled'],
  ])('%s', async (_what, greeting, code) => {
    expect((await problemAt(await serve(greeting))).code).toBe(code);
  });

  it('hangs up without a greeting', async () => {
    const server = net.createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(server);
    expect((await problemAt((server.address() as AddressInfo).port)).code).toBe('no_imap');
  });

  it('is not there', async () => {
    expect((await problemAt(1)).code).toBe('unreachable');
  });

  it('is given up when the caller says so', async () => {
    const port = await serve('* OK ready\r\n', { CAPABILITY: '' });
    expect((await problemAt(port, AbortSignal.timeout(50))).code).toBe('timeout');
  });
});

it('an error of Microsoft’s throttling is no refusal', () => {
  const error = Object.assign(new Error('Command failed'), {
    code: 'ETHROTTLE',
    responseStatus: 'BAD',
    responseText: 'Request is throttled. Suggested Backoff Time: 9 milliseconds',
    authenticationFailed: true,
  });
  expect(imapProblem(error).code).toBe('throttled');
});

it('what is no error at all is unknown, and its words are one short line', () => {
  const problem = imapProblem('a\r\nb\0'.repeat(500));
  expect(problem.code).toBe('unknown');
  expect(problem.detail).not.toMatch(/\p{C}/u);
  expect(problem.detail!.length).toBeLessThanOrEqual(300);
});
