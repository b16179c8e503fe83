import { describe, expect, it } from 'vitest';
import { isOpen, isPartlyRefused, isTrouble } from './submission-trouble.ts';

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
    const submission = { status, refused: [...list] };
    expect([isOpen(submission), isTrouble(submission)]).toEqual([open, trouble]);
    expect(isPartlyRefused(submission)).toBe(status === 'sent' && list.length > 0);
  });
});
