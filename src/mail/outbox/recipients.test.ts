import { describe, expect, it } from 'vitest';
import { envelopeRecipients, isPlainAddress, oneLine } from './recipients.ts';

describe('an address', () => {
  it.each([
    'ada@example.org',
    'ada.lovelace+lunch@mail.example.org',
    "o'brien@example.org",
    'jörg@example.org',
    'info@bücher.example',
  ])('%s is taken as it stands', (address) => {
    expect(isPlainAddress(address)).toBe(true);
  });

  it.each([
    ['a quoted local part that reads as another address', '"e@attacker.com"@victim.com'],
    ['a full-width at sign', 'a＠evil.com@victim.com'],
    ['a full-width at sign alone', 'a＠evil.com'],
    ['a small at sign', 'a﹫evil.com'],
    ['two at signs', 'a@b@c.example'],
    ['CRLF and a command', 'a@b.example>\r\nRCPT TO:<x@evil.example'],
    ['a bare LF', 'a@b.example\nBcc: x@evil.example'],
    ['a bare CR', 'a@b.example\rx'],
    ['a NUL', 'a@b.example\0'],
    ['a Unicode line separator', 'a@b.example\u2028'],
    ['a right-to-left override', 'a\u202e@b.example'],
    ['a zero-width space', 'a\u200b@b.example'],
    ['a comment', 'a(x)@b.example'],
    ['a display name', 'Ada <a@b.example>'],
    ['a list', 'a@b.example,c@d.example'],
    ['a group', 'friends:a@b.example;'],
    ['a source route', '@relay.example:a@b.example'],
    ['an ESMTP parameter', 'a@b.example> SIZE=1'],
    ['a literal', 'a@[127.0.0.1]'],
    ['a backslash', 'a\\@b.example'],
    ['space around it', ' a@b.example'],
    ['no local part', '@b.example'],
    ['no domain', 'a@'],
    ['nothing', ''],
    ['more than an address can have', `${'a'.repeat(320)}@b.example`],
  ])('with %s is refused', (_what, address) => {
    expect(isPlainAddress(address)).toBe(false);
    expect(() => envelopeRecipients([{ name: '', address }])).toThrow(
      expect.objectContaining({ code: 'bad_address' }),
    );
  });
});

describe('the recipients of a message', () => {
  const people = (...addresses: string[]) => addresses.map((address) => ({ name: 'X', address }));

  it('are each named once, however they are written', () => {
    expect(envelopeRecipients(people('a@b.example', 'c@d.example', 'A@B.example'))).toHaveLength(2);
  });

  it('cannot be nobody, nor too many', () => {
    expect(() => envelopeRecipients([])).toThrow(expect.objectContaining({ code: 'no_recipients' }));
    const crowd = people(...Array.from({ length: 501 }, (_none, index) => `p${index}@b.example`));
    expect(() => envelopeRecipients(crowd)).toThrow(expect.objectContaining({ code: 'too_many_recipients' }));
  });
});

it('a name or subject is one line, whatever it held', () => {
  expect(oneLine(' Lunch\r\nBcc: x@evil.example\0\u0085end\u2028 ')).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(oneLine('Grüße 你好 👋')).toBe('Grüße 你好 👋');
});
