import { and, asc, eq, isNull } from 'drizzle-orm';
import { validate as isUuid } from 'uuid';
import type { Queryable } from '#db/client.ts';
import { type UserRole, users } from '#db/schema/users.ts';
import { normaliseEmail } from './email-address.ts';

/** A user as others may see them: nothing here is secret. */
export interface User {
  id: string;
  email: string;
  name: string;
  role: UserRole;
  createdAt: Date;
  disabledAt: Date | null;
}

const visible = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  createdAt: users.createdAt,
  disabledAt: users.disabledAt,
};

/** The user of this id, disabled ones too; null where there is none. */
export async function findUserById(db: Queryable, id: string): Promise<User | null> {
  if (!isUuid(id)) return null;
  const [user] = await db.select(visible).from(users).where(eq(users.id, id));
  return user ?? null;
}

/** Everybody, in the order in which they came. */
export async function listUsers(db: Queryable): Promise<User[]> {
  return db.select(visible).from(users).orderBy(asc(users.createdAt), asc(users.id));
}

/** Whether anybody can look after this installation. */
export async function hasAdmin(db: Queryable): Promise<boolean> {
  const found = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.disabledAt)))
    .limit(1);
  return found.length > 0;
}

/** The user who signs in with this address, disabled ones too; null where there is none. @throws IdentityError email_invalid */
export async function findUserByEmail(db: Queryable, email: string): Promise<User | null> {
  const [row] = await db
    .select(visible)
    .from(users)
    .where(eq(users.email, normaliseEmail(email)));
  return row ?? null;
}
