import { asc, desc, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { identities, signatures } from '#db/schema.ts';
import { MailProblem } from '../problem.ts';
import type { IdentityView } from '../views.ts';

export type IdentityRow = typeof identities.$inferSelect;

/**
 * An account's identities in their order; `first` is the one that a new message is from.
 * @throws MailProblem `no_identity`
 */
export async function identitiesOf(
  db: Queryable,
  accountId: string,
): Promise<{ first: IdentityRow; rows: IdentityRow[] }> {
  const rows = await db
    .select()
    .from(identities)
    .where(eq(identities.accountId, accountId))
    .orderBy(desc(identities.isDefault), asc(identities.position), asc(identities.id));
  const [first] = rows;
  if (first === undefined) throw new MailProblem('no_identity');
  return { first, rows };
}

/**
 * The identity that somebody chose to write as; the account's first where it was removed since.
 * @throws MailProblem `no_identity`
 */
export async function identityOrFirst(
  db: Queryable,
  accountId: string,
  identityId: string,
): Promise<IdentityRow> {
  const { first, rows } = await identitiesOf(db, accountId);
  return rows.find(({ id }) => id === identityId) ?? first;
}

/** The identities of these accounts with their signatures, each account's default one first. */
export async function identityViews(
  db: Queryable,
  accountIds: readonly string[],
): Promise<(IdentityView & { accountId: string })[]> {
  if (accountIds.length === 0) return [];
  const [rows, signed] = await Promise.all([
    db
      .select()
      .from(identities)
      .where(inArray(identities.accountId, [...accountIds]))
      .orderBy(desc(identities.isDefault), asc(identities.position), asc(identities.id)),
    db
      .select()
      .from(signatures)
      .where(inArray(signatures.accountId, [...accountIds]))
      .orderBy(asc(signatures.position)),
  ]);
  const firstOf = new Map(rows.toReversed().map((row) => [row.accountId, row.id]));
  return rows.map(({ position: _position, ...row }) => ({
    ...row,
    isDefault: firstOf.get(row.accountId) === row.id,
    signatures: signed
      .filter((signature) => signature.accountId === row.accountId && signature.identityId === row.id)
      .map(({ id, name, html, text }) => ({ id, name, html, text })),
  }));
}
