import { addressParser } from 'postal-mime';
import { contentLimits } from '../limits.ts';
import type { EmailAddress } from '../parsed-email.ts';
import { safeLine } from '../text/safe-text.ts';
import { recodeEncodedWords } from './encoded-words.ts';

/** Bytes of one field that are looked at: room for every address that is kept, and a bound on the parser's time. */
const fieldLengthRead = 200_000;

/** Mailboxes of an address field, groups flattened, unreadable entries kept as a name without address. */
export function readAddresses(fieldText: string): EmailAddress[] {
  const readable = recodeEncodedWords(fieldText.slice(0, fieldLengthRead));
  const addresses: EmailAddress[] = [];
  for (const { name, address } of addressParser(readable, { flatten: true })) {
    if (addresses.length >= contentLimits.addresses) break;
    const entry = {
      name: safeLine(name ?? '', contentLimits.fieldLength),
      address: bareAddress(safeLine(address ?? '', contentLimits.fieldLength)),
    };
    if (entry.name !== '' || entry.address !== '') addresses.push(entry);
  }
  return addresses;
}

/** Without the comments and the source route of old (RFC 5322 §4.4). */
function bareAddress(address: string): string {
  return address
    .replace(/\([^()]*\)/g, '')
    .replace(/^(?:@[^:@,]+,?)+:/, '')
    .replace(/\s+/g, '');
}
