import { IdentityError } from './identity-errors.ts';

/** RFC 5321, section 4.5.3.1.3. */
const maxLength = 254;
// No quoted local parts: libraries disagree on where the quoted part ends, and so on whose address it is.
const plainAddress = /^[^\s@"\\()<>[\]:;,\p{Cc}\p{Cf}]+@[^\s@"\\()<>[\]:;,\p{Cc}\p{Cf}]+$/u;

/**
 * An address in the one form in which users are stored and looked up: NFC, lower case, no blanks around it.
 * @throws IdentityError email_invalid, also for characters that turn into others under NFKC (a full-width ＠ is no @)
 */
export function normaliseEmail(typed: string): string {
  const email = typed.trim().normalize('NFC').toLowerCase();
  const isPlain = email.length <= maxLength && plainAddress.test(email) && email.normalize('NFKC') === email;
  if (!isPlain) throw new IdentityError('email_invalid');
  return email;
}
