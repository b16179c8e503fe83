import type { Database } from '#db/client.ts';
import type { Device } from '#identity/device.ts';
import { findUserById } from '#identity/reading.ts';
import type { BegunSession } from '#identity/sessions/begin-session.ts';
import { writeSystemMessage } from '#mail/system/write.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';

interface Parts {
  db: Database;
  ring: KeyRing;
  /** From whom Mailroom's own mail is; null where it sends none. */
  from: string | null;
  appUrl: string;
}

/**
 * Tells somebody by mail that they have signed in on a device that has not been theirs before. The first device of all
 * is no news.
 * @returns whether there was something to tell, and a way to
 */
export async function tellOfNewDevice(
  { db, ring, from, appUrl }: Parts,
  { sessionId, userId, isNewDevice }: BegunSession,
  { userAgent, ipAddress }: Device,
  now: Date,
): Promise<boolean> {
  const user = isNewDevice && from !== null ? await findUserById(db, userId) : null;
  if (user === null || from === null) return false;
  const text = [
    `Hello ${user.name},`,
    `somebody signed in to Mailroom at ${appUrl} as you, on a device that has not been used for it before.`,
    [
      `When: ${now.toUTCString()}`,
      `From: ${ipAddress ?? 'an address that is not known'}`,
      `With: ${userAgent === '' ? 'a program that does not say what it is' : userAgent}`,
    ].join('\n'),
    'If that was you, there is nothing to do.',
    `If it was not: open ${appUrl}, sign that device out under Settings, "Where you are signed in", and change your password.`,
  ].join('\n\n');
  const written = await writeSystemMessage(
    db,
    ring,
    from,
    {
      ...{ kind: 'notice', to: user.email, text },
      subject: 'A new device has signed in to Mailroom',
      idempotencyKey: `new-device ${sessionId}`,
    },
    now,
  );
  return written !== null;
}
