import { describe, expect, it } from 'vitest';
import { MailProblem } from '../../problem.ts';
import { DataNotStarted } from '../../smtp/send.ts';
import { decideFailure, mostAttempts, retryDelay } from './failure.ts';

const before = { isDataStarted: false, attempt: 1 };
const after = { isDataStarted: true, attempt: 1 };
const error = (code: string, responseCode?: number) =>
  Object.assign(new Error('it failed'), {
    code,
    ...(responseCode === undefined ? {} : { responseCode, response: `${responseCode} no` }),
  });

describe('a failure before the message began to go', () => {
  it.each([
    ['no connection', error('ECONNECTION'), 'queued', 'unreachable'],
    ['silence', error('ETIMEDOUT'), 'queued', 'timeout'],
    ['a temporary reply', error('EENVELOPE', 450), 'queued', 'message_refused'],
    ['a permanent reply', error('EENVELOPE', 550), 'failed', 'message_refused'],
    ['a message larger than the server takes', error('EMESSAGE'), 'failed', 'message_refused'],
    ['a refused password', new MailProblem('wrong_password', '535'), 'failed', 'sign_in_refused'],
    ['a busy server', new MailProblem('throttled', '421'), 'queued', 'unreachable'],
    ['an unknown host', new MailProblem('host_not_found'), 'queued', 'host_not_found'],
    ['a certificate gone bad', new MailProblem('bad_certificate'), 'queued', 'bad_certificate'],
    ['a private address', new MailProblem('refused_address', 'X'), 'failed', 'refused_address'],
    [
      'a server without Unicode addresses',
      new MailProblem('smtputf8_not_offered'),
      'failed',
      'smtputf8_not_offered',
    ],
    [
      'a server that promises no encryption',
      new MailProblem('requiretls_not_offered'),
      'failed',
      'requiretls_not_offered',
    ],
    ['a database that did not take the mark', new DataNotStarted('held'), 'queued', 'unknown'],
  ] as const)('%s', (_what, failure, status, code) => {
    expect(decideFailure(failure, before)).toMatchObject({ status, code });
  });

  it('is final at the last attempt', () => {
    expect(decideFailure(error('ECONNECTION'), { ...before, attempt: mostAttempts }).status).toBe('failed');
  });

  it('waits for the slowest of the recipients where none was taken', () => {
    const refusal = (recipient: string, responseCode: number) =>
      Object.assign(error('EENVELOPE', responseCode), { recipient });
    const rejectedErrors = [refusal('a@b.example', 550), refusal('c@d.example', 450)];
    const mixed = Object.assign(error('EENVELOPE', 450), { rejectedErrors });
    expect(decideFailure(mixed, before)).toMatchObject({
      status: 'queued',
      code: 'recipient_refused',
      refused: [{ address: 'a@b.example' }, { address: 'c@d.example' }],
    });
    const final = Object.assign(error('EENVELOPE', 550), { rejectedErrors: rejectedErrors.slice(0, 1) });
    expect(decideFailure(final, before).status).toBe('failed');
  });
});

describe('a failure after the message began to go', () => {
  it.each([
    ['the connection breaks', error('ECONNECTION')],
    ['the server says nothing', error('ETIMEDOUT')],
    ['the server closes with a half reply', error('ECONNECTION', 451)],
    ['a reply that is none', error('EMESSAGE', 354)],
    ['an answer out of turn', error('EPROTOCOL', 250)],
    ['an error of ours', new TypeError('oops')],
    ['the last attempt, too', Object.assign(error('ECONNECTION'), { attempt: mostAttempts })],
  ])('is doubtful where %s', (_what, failure) => {
    expect(decideFailure(failure, after)).toMatchObject({
      status: 'unconfirmed',
      code: 'connection_lost_after_data',
    });
  });

  it('is clear where the server answers the message', () => {
    expect(decideFailure(error('EMESSAGE', 451), after).status).toBe('queued');
    expect(decideFailure(error('EMESSAGE', 554), after).status).toBe('failed');
  });
});

it('the attempts spread over about an hour, never two at one moment', () => {
  const delays = Array.from({ length: mostAttempts - 1 }, (_none, index) =>
    retryDelay(30_000, index + 1, 0.5),
  );
  expect(delays[0]).toBe(30_000);
  const sum = delays.reduce((total, delay) => total + delay, 0);
  expect(sum).toBeGreaterThan(45 * 60_000);
  expect(sum).toBeLessThan(75 * 60_000);
  expect(retryDelay(30_000, 3, 0)).toBeLessThan(retryDelay(30_000, 3, 0.99));
});
