import type { Queryable } from '#db/client.ts';
import { type SecurityEventKind, securityEvents } from '#db/schema/sessions.ts';
import type { Device } from './device.ts';

interface SecurityEvent {
  kind: SecurityEventKind;
  /** Whom it is about; null where nobody has the address that was typed. */
  userId: string | null;
  actorId?: string | null;
  sessionId?: string | null;
  device: Pick<Device, 'ipAddress' | 'userAgent'> | null;
  detail?: Record<string, string | number | boolean | null>;
}

/** Writes a security event down, as part of what it is about. */
export async function recordSecurityEvent(
  db: Queryable,
  { kind, userId, actorId = userId, sessionId = null, device, detail = {} }: SecurityEvent,
): Promise<void> {
  await db.insert(securityEvents).values({
    ...{ kind, userId, actorId, sessionId, detail },
    ipAddress: device?.ipAddress ?? null,
    userAgent: device?.userAgent ?? '',
  });
}
