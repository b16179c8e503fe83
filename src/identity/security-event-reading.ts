import { and, desc, eq, lt } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { type SecurityEventKind, securityEvents } from '#db/schema/sessions.ts';
import { users } from '#db/schema/users.ts';

/** A security event as it is shown: to whom it is about, and to admins. */
export interface SecurityEventView {
  id: string;
  kind: SecurityEventKind;
  at: Date;
  ipAddress: string | null;
  userAgent: string;
  /** The address of whom it is about; null where nobody has the one that was typed. */
  email: string | null;
}

/** The most that one page holds. */
const pageLength = 50;

/**
 * Security events, the newest first.
 * @param userId those about one person; null for all
 * @param before the id of the last one that is known
 */
export async function listSecurityEvents(
  db: Queryable,
  userId: string | null,
  before: string | null,
): Promise<{ events: SecurityEventView[]; hasMore: boolean }> {
  const rows = await db
    .select({
      id: securityEvents.id,
      kind: securityEvents.kind,
      at: securityEvents.at,
      ipAddress: securityEvents.ipAddress,
      userAgent: securityEvents.userAgent,
      email: users.email,
    })
    .from(securityEvents)
    .leftJoin(users, eq(users.id, securityEvents.userId))
    .where(
      and(
        userId === null ? undefined : eq(securityEvents.userId, userId),
        // Their ids rise with time (RFC 9562 §5.7).
        before === null ? undefined : lt(securityEvents.id, before),
      ),
    )
    .orderBy(desc(securityEvents.id))
    .limit(pageLength + 1);
  return { events: rows.slice(0, pageLength), hasMore: rows.length > pageLength };
}
