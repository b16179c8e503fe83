import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from './address-policy.ts';

const strict = createAddressPolicy([]);

describe('the address policy', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    'allows the public %s',
    (address) => expect(strict.allows(address)).toBe(true),
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['unique local', 'fd00:ec2::254'],
    ['site-local', 'fec0::1'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['benchmarking', '198.18.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['protocol assignments', '192.0.0.170'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['mapped metadata', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible loopback', '::127.0.0.1'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['NAT64 of a private address', '64:ff9b::10.0.0.1'],
    ['local NAT64', '64:ff9b:1::808:808'],
    ['6to4 of loopback', '2002:7f00:1::'],
    ['6to4 of a public address', '2002:808:808::'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['segment routing', '5f00::1'],
    ['outside what is given out', '4000::1'],
    ['with a zone', 'fe80::1%eth0'],
    ['no address', 'localhost'],
    ['decimal form', '2130706433'],
    ['octal form', '0177.0.0.1'],
    ['nothing', ''],
  ])('refuses %s: %s', (_kind, address) => expect(strict.allows(address)).toBe(false));

  it('allows the ranges of the setting, in each form that stands for them, and no more', () => {
    const policy = createAddressPolicy(['192.168.7.0/24', '127.0.0.1', 'fd12::/16']);
    expect(policy.allows('192.168.7.9')).toBe(true);
    expect(policy.allows('::ffff:192.168.7.9')).toBe(true);
    expect(policy.allows('127.0.0.1')).toBe(true);
    expect(policy.allows('fd12::5')).toBe(true);
    expect(policy.allows('192.168.8.9')).toBe(false);
    expect(policy.allows('127.0.0.2')).toBe(false);
    expect(policy.allows('fd13::5')).toBe(false);
  });

  it.each(['192.168.0.0/33', 'intranet', '10.0.0.0/8/8', '10.0.0.0/'])(
    'refuses the setting %s at start-up',
    (range) => expect(() => createAddressPolicy([range])).toThrow(/ALLOW_PRIVATE_ADDRESSES/),
  );
});
