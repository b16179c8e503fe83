import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Which addresses Mailroom may connect to on behalf of somebody who typed a host. */
export interface AddressPolicy {
  /** Whether an IP address, in the form that a resolver or a socket gives it, may be connected to. */
  allows(address: string): boolean;
}

const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** The IPv4 address that an IPv6 one stands for, where routers take it for that (RFC 4291 mapped, RFC 6052 NAT64). */
function carriedAddress(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(nat64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  // The library calls each IPv6 address unicast that no table names, IPv4-compatible ::127.0.0.1 among them.
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast);
}

function isWithin(address: Address, [base, length]: [Address, number]): boolean {
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, length);
  return base instanceof ipaddr.IPv6 && address.match(base, length);
}

function parseRange(range: string): [Address, number] {
  const text = range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`;
  if (!ipaddr.isValidCIDR(text)) {
    throw new RangeError(`ALLOW_PRIVATE_ADDRESSES: ${range} is no range like 192.168.1.0/24.`);
  }
  return ipaddr.parseCIDR(text);
}

/**
 * The policy of this installation: public unicast addresses, and the ranges that the operator allowed.
 * @param allowedRanges CIDR ranges or single addresses (the setting ALLOW_PRIVATE_ADDRESSES)
 * @throws RangeError where one of them is no range; read it at start-up
 */
export function createAddressPolicy(allowedRanges: readonly string[]): AddressPolicy {
  const allowed = allowedRanges.map(parseRange);
  return {
    allows(text) {
      if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return false;
      const address = carriedAddress(ipaddr.parse(text));
      return isPublic(address) || allowed.some((range) => isWithin(address, range));
    },
  };
}
