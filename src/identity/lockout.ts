import { and, eq, sql } from 'drizzle-orm';
import type { Database, Queryable } from '#db/client.ts';
import { sessions, signInAttempts, users } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { hashToken } from '#platform/crypto/tokens.ts';
import type { Rate } from '#platform/limits/table.ts';
import type { Device } from './device.ts';

/** Seconds for which the first lock lasts; each one after it twice as long, … */
const firstLock = 15 * 60;
/** … but no longer than a day, after which it begins anew. */
const longestLock = 24 * 60 * 60;

/** How many failures are let pass within how long. */
export interface LockoutRates {
  address: Rate;
  ip: Rate;
}

/** An attempt to sign in, counted as a failure until it has come to a good end. */
export interface Attempt {
  /** The counter of the address, or of the device, for this person. */
  own: string;
  /** The counter of where it comes from, which others may share. */
  shared: string | null;
  /** Until when nobody may sign in so; null where this one may be tried. */
  lockedUntil: Date | null;
  /** Whether this attempt began the lock: of the many that may follow nothing is written down. */
  isLockNew: boolean;
}

function addressKey(email: string): string {
  return hashToken(`address ${email}`);
}

/**
 * What is counted. On a device on which the person has signed in before they have a count of their own: strangers who
 * guess elsewhere cannot lock them out of it.
 */
async function countersOf(
  db: Queryable,
  email: string,
  device: Device,
): Promise<Pick<Attempt, 'own' | 'shared'>> {
  const known = await db
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(users.email, email), eq(sessions.deviceHash, device.hash)))
    .limit(1);
  if (known.length > 0) return { own: hashToken(`device ${device.hash} ${email}`), shared: null };
  const { ipAddress } = device;
  return { own: addressKey(email), shared: ipAddress === null ? null : hashToken(`ip ${ipAddress}`) };
}

/** Counts an attempt before the password is looked at: of many at once, no more than the rate are tried. */
export async function beginAttempt(
  db: Database,
  email: string,
  device: Device,
  rates: LockoutRates,
): Promise<Attempt> {
  const { own, shared } = await countersOf(db, email, device);
  const counted = [{ key: own, rate: rates.address }];
  if (shared !== null) counted.push({ key: shared, rate: rates.ip });
  return inTransaction(db, async (tx) => {
    let lockedUntil: Date | null = null;
    let isLockNew = false;
    for (const { key, rate } of counted) {
      const lock = await count(tx, key, rate);
      if (lock === null) continue;
      if (lockedUntil === null || lock.until > lockedUntil) lockedUntil = lock.until;
      isLockNew ||= lock.isNew;
    }
    return { own, shared, lockedUntil, isLockNew };
  });
}

async function count(
  tx: Queryable,
  key: string,
  rate: Rate,
): Promise<{ until: Date; isNew: boolean } | null> {
  const isLocked = sql`a.locked_until > now()`;
  const isFresh = sql`a.window_began_at > now() - make_interval(secs => ${rate.seconds})`;
  const isFull = sql`(${isFresh} and a.attempts >= ${rate.count})`;
  const forgiven = sql`a.updated_at < now() - make_interval(secs => ${longestLock})`;
  const locksBefore = sql`case when ${forgiven} then 0 else a.locks end`;
  const lockSeconds = sql`least(${longestLock}, ${firstLock} * power(2, ${locksBefore}))`;
  const { rows } = await tx.execute<{ until: Date | string | null; is_new: boolean }>(sql`
    insert into sign_in_attempts as a (key, attempts, window_began_at, updated_at) values (${key}, 1, now(), now())
    on conflict (key) do update set
      attempts = case when ${isLocked} then a.attempts when ${isFull} then 0 when ${isFresh} then a.attempts + 1 else 1 end,
      window_began_at = case when ${isLocked} or (${isFresh} and not ${isFull}) then a.window_began_at else now() end,
      locked_until = case
        when ${isLocked} then a.locked_until
        when ${isFull} then now() + make_interval(secs => ${lockSeconds}) end,
      locks = case when ${isLocked} then a.locks when ${isFull} then ${locksBefore} + 1 else ${locksBefore} end,
      updated_at = case when ${isLocked} then a.updated_at else now() end
    returning locked_until as until, updated_at = now() as is_new`);
  const [{ until, is_new: isNew } = { until: null, is_new: false }] = rows;
  return until === null ? null : { until: new Date(until), isNew };
}

/** The person is who they say: what was counted against them is forgotten, and this attempt counts against nobody. */
export async function endAttemptWell(db: Queryable, { own, shared }: Attempt): Promise<void> {
  await db.delete(signInAttempts).where(eq(signInAttempts.key, own));
  if (shared === null) return;
  await db
    .update(signInAttempts)
    .set({ attempts: sql`greatest(0, ${signInAttempts.attempts} - 1)` })
    .where(eq(signInAttempts.key, shared));
}

/** Lets somebody sign in again whom failures have locked out. */
export async function unlockAddress(db: Queryable, email: string): Promise<void> {
  await db.delete(signInAttempts).where(eq(signInAttempts.key, addressKey(email)));
}

/** Takes away what nobody is counted by any more. */
export async function forgetOldAttempts(db: Queryable): Promise<void> {
  await db
    .delete(signInAttempts)
    .where(sql`${signInAttempts.updatedAt} < now() - make_interval(secs => ${2 * longestLock})`);
}
