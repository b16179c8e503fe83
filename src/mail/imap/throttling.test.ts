import { describe, expect, it } from 'vitest';
import { MailProblem } from '../problem.ts';
import { imapProblem } from './errors.ts';
import { concernsAccount, isConnectionLimit, suggestedPause } from './throttling.ts';

const throttled = (words: string) => new MailProblem('throttled', words);

describe('what a server says when it has had enough', () => {
  it.each([
    ['Request is throttled. Suggested Backoff Time: 9000 milliseconds', 9000],
    ['Request is throttled. Suggested Backoff Time: 30 seconds', 30_000],
    ['Request is throttled. Suggested Backoff Time: 92415', 92_415],
    ['Too many simultaneous connections', null],
  ])('%s: a pause of %s', (words, pause) => {
    expect(suggestedPause(throttled(words))).toBe(pause);
  });

  it.each([
    'Too many simultaneous connections. (Failure)',
    'Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    'User is authenticated but connection limit exceeded',
    'Too many sessions',
  ])('%s: no more connections', (words) => {
    expect(isConnectionLimit(throttled(words))).toBe(true);
    expect(concernsAccount(throttled(words))).toBe(true);
  });

  it('Account exceeded command or bandwidth limits: fewer connections would not help', () => {
    expect(isConnectionLimit(throttled('Account exceeded command or bandwidth limits.'))).toBe(false);
  });

  it.each([
    ['THROTTLED', true],
    ['LIMIT', true],
    ['OVERQUOTA', true],
    ['UNAVAILABLE', false],
    ['SERVERBUG', false],
    ['INUSE', false],
  ])('NO [%s] to one command: of the whole account is %s', (serverResponseCode, expected) => {
    const error = Object.assign(new Error('Command failed'), { serverResponseCode, responseStatus: 'NO' });
    expect(concernsAccount(imapProblem(error))).toBe(expected);
  });

  it('a mailbox that is not there is no throttling', () => {
    expect(concernsAccount(new MailProblem('unknown', 'Too many connections'))).toBe(false);
  });
});

describe('a BYE', () => {
  const bye = (reason: string, code = 'NoConnection') =>
    imapProblem(Object.assign(new Error('Connection not available'), { code, reason }));

  it.each([
    ['Too many connections', 'throttled'],
    ['Account exceeded command or bandwidth limits', 'throttled'],
    ['Disconnected for inactivity.', 'unreachable'],
    ['Server shutting down.', 'unreachable'],
  ])('in a session that says “%s” is %s', (words, code) => {
    expect(bye(words).code).toBe(code);
    expect(bye(words).detail).toBe(words);
  });

  it('instead of a greeting is a server that wants no more of us', () => {
    expect(bye('Service not available', 'ClosedAfterConnectText').code).toBe('throttled');
  });
});
