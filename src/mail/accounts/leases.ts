import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accounts } from '#db/schema.ts';

/** How long a lease holds without being renewed, in seconds. */
export const leaseSeconds = 15;

export interface Lease {
  accountId: string;
  /** Rises with every taking; a writer with an older one writes nothing. */
  fence: number;
}

const expiry = sql`now() + make_interval(secs => ${leaseSeconds})`;

/** Takes the leases of accounts that are to be synchronised and that nobody holds. */
export async function takeLeases(db: Database, holder: string, limit: number): Promise<Lease[]> {
  const { rows } = await db.execute<{ id: string; fence: number }>(sql`
    update accounts set lease_holder = ${holder}, lease_fence = lease_fence + 1, lease_expires_at = ${expiry}
    where id in (
      select id from accounts
      where status not in ('paused', 'needs_password') and (lease_expires_at is null or lease_expires_at < now())
      order by lease_expires_at nulls first limit ${limit} for update skip locked
    )
    returning id, lease_fence::float8 as fence`);
  return rows.map((row) => ({ accountId: row.id, fence: row.fence }));
}

/** Renews all leases of a holder and names those that it still has. */
export async function renewLeases(db: Database, holder: string): Promise<Lease[]> {
  return db
    .update(accounts)
    .set({ leaseExpiresAt: expiry })
    .where(
      and(
        eq(accounts.leaseHolder, holder),
        sql`status not in ('paused', 'needs_password')`,
        sql`lease_expires_at > now()`,
      ),
    )
    .returning({ accountId: accounts.id, fence: accounts.leaseFence });
}

/** Gives a lease back, so that another worker may take it at once; not one that was taken anew meanwhile. */
export async function releaseLease(db: Database, holder: string, { accountId, fence }: Lease): Promise<void> {
  await db
    .update(accounts)
    .set({ leaseHolder: null, leaseExpiresAt: null })
    .where(and(eq(accounts.id, accountId), eq(accounts.leaseHolder, holder), eq(accounts.leaseFence, fence)));
}

/** Frees the leases whose holder has certainly ended, so that a worker that is started again need not wait. */
export async function freeLeasesOf(db: Database, isGone: (holder: string) => boolean): Promise<void> {
  const held = await db
    .selectDistinct({ holder: accounts.leaseHolder })
    .from(accounts)
    .where(isNotNull(accounts.leaseHolder));
  const gone = held.flatMap(({ holder }) => (holder !== null && isGone(holder) ? [holder] : []));
  if (gone.length === 0) return;
  await db
    .update(accounts)
    .set({ leaseHolder: null, leaseExpiresAt: null })
    .where(inArray(accounts.leaseHolder, gone));
}
