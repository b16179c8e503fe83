import { eq } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { users } from '#db/schema/users.ts';
import { normaliseEmail } from './email-address.ts';
import { IdentityError } from './identity-errors.ts';
import { verifyPassword } from './passwords.ts';

function emailOrNull(typed: string): string | null {
  try {
    return normaliseEmail(typed);
  } catch (error) {
    if (error instanceof IdentityError) return null;
    throw error;
  }
}

/**
 * Checks an address and a password. Null for whatever reason they are not right: an unknown address, a wrong password
 * and a disabled person look alike and take alike long.
 */
export async function signInByPassword(
  db: Queryable,
  typed: { email: string; password: string },
): Promise<{ userId: string } | null> {
  const email = emailOrNull(typed.email);
  const [row] = email === null ? [] : await db.select().from(users).where(eq(users.email, email));
  const isRight = await verifyPassword(row?.passwordHash ?? null, typed.password);
  if (!isRight || row === undefined || row.disabledAt !== null) return null;
  return { userId: row.id };
}
