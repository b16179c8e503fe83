import { describe, expect, it } from 'vitest';
import { isCompleteAddress, readAddresses } from './addresses.ts';

describe('reading typed addresses', () => {
  it('takes several, however they are parted', () => {
    expect(readAddresses('a@x.org, b@y.org; c@z.org\nd@w.org').map(({ address }) => address)).toEqual([
      'a@x.org',
      'b@y.org',
      'c@z.org',
      'd@w.org',
    ]);
  });

  it('keeps names, quoted commas included', () => {
    expect(readAddresses('"Lee, Ann" <ann@x.org>, Bob B <bob@y.org>')).toEqual([
      { name: 'Lee, Ann', address: 'ann@x.org' },
      { name: 'Bob B', address: 'bob@y.org' },
    ]);
  });

  it('hands back what is no address, as typed', () => {
    expect(readAddresses('ann, ')).toEqual([{ name: '', address: 'ann' }]);
    expect(readAddresses('  ')).toEqual([]);
  });

  it('reads a copied mailto: link', () => {
    expect(readAddresses('mailto:a@x.org')).toEqual([{ name: '', address: 'a@x.org' }]);
  });
});

describe('a complete address', () => {
  it.each(['a@x.org', 'a.b+c@sub.x.org', 'ü@bücher.example', "o'hara@x.org"])('accepts %s', (address) => {
    expect(isCompleteAddress(address)).toBe(true);
  });
  it.each([
    '',
    'a',
    '@x.org',
    'a@',
    'a@x',
    'a@x..org',
    'a@-x.org',
    'a b@x.org',
    'a@x.org\n',
    `a@${'x'.repeat(260)}.org`,
  ])('refuses %j', (address) => {
    expect(isCompleteAddress(address)).toBe(false);
  });
});
