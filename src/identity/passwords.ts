import { hash, verify } from '@node-rs/argon2';
import { IdentityError } from './identity-errors.ts';

export const passwordLength = { min: 10, max: 256 } as const;

/** Argon2id by OWASP's password storage cheat sheet: 19 MiB, 2 passes, 1 lane (the library's algorithm is argon2id). */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const;

// One password, however a keyboard composes its accents (NIST SP 800-63B, 5.1.1.2).
const canonical = (password: string) => password.normalize('NFKC');

/** @throws IdentityError password_too_short or password_too_long */
export function checkPassword(password: string): void {
  const { length } = [...canonical(password)];
  if (length < passwordLength.min) throw new IdentityError('password_too_short');
  if (length > passwordLength.max) throw new IdentityError('password_too_long');
}

/**
 * Checks a new password and hashes it.
 * @returns the hash in the PHC string format
 * @throws IdentityError where it is too short or too long
 */
export async function hashPassword(password: string): Promise<string> {
  checkPassword(password);
  return hash(canonical(password), parameters);
}

let decoy: Promise<string> | null = null;

/**
 * Whether a password is the one of the hash. Without a hash (nobody has that address) it works as long and says no, so
 * that the time of a sign-in does not tell who has an account.
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this password', parameters);
  const compared = passwordHash ?? (await decoy);
  // A longer one is never right; cut, so that nobody makes us hash megabytes.
  const isRight = await verify(compared, canonical(password.slice(0, passwordLength.max * 4)));
  return isRight && passwordHash !== null;
}
