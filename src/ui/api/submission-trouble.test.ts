import { describe, expect, it } from 'vitest';
import {
  isDeferred,
  isOpen,
  isPartlyRefused,
  isShortOfAsked,
  isToDismiss,
  isTrouble,
} from './submission-trouble.ts';

const refused = [{ address: 'eve@example.net', reply: '550 No such user' }];

describe('a submission', () => {
  it.each([
    ['scheduled', [], true, false],
    ['queued', [], true, false],
    ['sending', [], true, false],
    ['sent', [], false, false],
    ['sent', refused, true, true],
    ['failed', [], true, true],
    ['failed', refused, true, true],
    ['unconfirmed', [], true, true],
    ['canceled', [], false, false],
    ['canceled', refused, false, false],
  ] as const)('that is %s, with %j refused, is open: %s, trouble: %s', (status, list, open, trouble) => {
    const submission = { status, refused: [...list], deferred: [], problem: null };
    expect([isOpen(submission), isTrouble(submission)]).toEqual([open, trouble]);
    expect(isPartlyRefused(submission)).toBe(status === 'sent' && list.length > 0);
  });

  it('that was sent without the report that was asked for is in no trouble, and is open until it is dismissed', () => {
    const problem = { code: 'dsn_not_offered', detail: null, at: 1 };
    const sent = { status: 'sent' as const, refused: [], deferred: [], problem };
    expect([isShortOfAsked(sent), isToDismiss(sent), isOpen(sent), isTrouble(sent)]).toEqual([
      ...[true, true, true, false],
    ]);
    const dismissed = { ...sent, problem: null };
    expect([isToDismiss(dismissed), isOpen(dismissed)]).toEqual([false, false]);
    expect(isShortOfAsked({ ...sent, status: 'failed' })).toBe(false);
  });

  it('that some are still to get is open, and nobody has to do anything', () => {
    const sent = { status: 'sent' as const, refused: [], deferred: refused, problem: null };
    expect([isDeferred(sent), isOpen(sent), isToDismiss(sent), isTrouble(sent)]).toEqual([
      ...[true, true, false, false],
    ]);
  });
});
