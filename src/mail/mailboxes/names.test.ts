import { describe, expect, it } from 'vitest';
import { checkedName, fullName, renamed } from './names.ts';

describe('a name that somebody typed', () => {
  it('is taken as it is in any script, in one normal form', () => {
    expect(checkedName('  Rechnungen 2026 ', '/')).toBe('Rechnungen 2026');
    expect(checkedName('請求書', '/')).toBe('請求書');
    expect(checkedName('Cafe\u0301', '/')).toBe('Café');
    expect(checkedName('a.b', '/')).toBe('a.b');
  });

  it.each([
    ['', 'mailbox_name_empty'],
    ['   ', 'mailbox_name_empty'],
    ['x'.repeat(181), 'mailbox_name_long'],
    ['ü'.repeat(91), 'mailbox_name_long'],
    ['a/b', 'mailbox_name_invalid'],
    ['a\r\nA1 DELETE INBOX', 'mailbox_name_invalid'],
    ['a\0b', 'mailbox_name_invalid'],
    ['a\u2028b', 'mailbox_name_invalid'],
    ['all%', 'mailbox_name_invalid'],
    ['*', 'mailbox_name_invalid'],
    ['..', 'mailbox_name_invalid'],
    ['#news', 'mailbox_name_invalid'],
    ['~root', 'mailbox_name_invalid'],
  ])('is refused where a server would misread it: %j', (typed, code) => {
    expect(() => checkedName(typed, '/')).toThrow(expect.objectContaining({ code }));
  });

  it("does not hold the server's own delimiter", () => {
    expect(() => checkedName('a.b', '.')).toThrow(expect.objectContaining({ code: 'mailbox_name_invalid' }));
  });
});

describe('a renamed mailbox', () => {
  const rename = { from: 'Work', to: 'Old/Work', delimiter: '/' };

  it('takes along what lies in it, and nothing that only begins alike', () => {
    expect(renamed('Work', rename)).toBe('Old/Work');
    expect(renamed('Work/2026/May', rename)).toBe('Old/Work/2026/May');
    expect(renamed('Workshop', rename)).toBe('Workshop');
  });

  it('has nothing in it where the server knows no hierarchy', () => {
    expect(renamed('Work/2026', { ...rename, delimiter: null })).toBe('Work/2026');
    expect(fullName('Work', 'May', null)).toBe('May');
    expect(fullName('Work', 'May', '.')).toBe('Work.May');
  });
});
