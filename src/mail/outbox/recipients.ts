import addresses from 'email-addresses';
import type { StoredAddress } from '#db/schema.ts';
import { MailProblem } from '../problem.ts';

const mostRecipients = 500;
const longestAddress = 320;

/** Whether it is one plain addr-spec: no quoting, no comment, no control character, no second reading. */
export function isPlainAddress(address: string): boolean {
  if (address.length > longestAddress || /[\p{C}\s"<>(),;:\\[\]＠]/u.test(address)) return false;
  if (address.split('@').length !== 2) return false;
  const parsed = addresses.parseOneAddress({ input: address, rfc6532: true });
  return parsed !== null && parsed.type === 'mailbox' && parsed.address === address;
}

/**
 * Every address a message goes to, each once.
 * @throws MailProblem `no_recipients`, `too_many_recipients`, `bad_address` with the address
 */
export function envelopeRecipients(people: readonly StoredAddress[]): string[] {
  const bad = people.find((person) => !isPlainAddress(person.address));
  if (bad !== undefined) throw new MailProblem('bad_address', bad.address);
  const unique = new Map(people.map((person) => [person.address.toLowerCase(), person.address]));
  if (unique.size === 0) throw new MailProblem('no_recipients');
  if (unique.size > mostRecipients) throw new MailProblem('too_many_recipients', String(mostRecipients));
  return [...unique.values()];
}

/** A display name or subject as one line: nothing in it can begin a header field. */
export function oneLine(words: string): string {
  return words.replace(/\p{Cc}+/gu, ' ').trim();
}
