import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A random token of 256 bits, safe in a URL's path (base64url, 43 characters). */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** SHA-256 of a token in hexadecimal: what is stored in its place. Only for random tokens, never for passwords. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('hex');
}

/** Compares two secrets in a time that depends on neither. */
export function isSameSecret(left: string, right: string): boolean {
  // Hashed first, because timingSafeEqual takes equal lengths alone.
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(left), digest(right));
}
