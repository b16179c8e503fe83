import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Queryable } from '#db/client.ts';
import { users } from '#db/schema/users.ts';

/** What a person chose for themselves; each is absent until it is chosen. */
export const settingsSchema = z.object({
  theme: z.enum(['light', 'dark', 'system']).optional(),
  list: z.enum(['conversations', 'emails']).optional(),
  density: z.enum(['compact', 'two-line', 'snippet']).optional(),
  /** Within which a sent message can be taken back. */
  undoSeconds: z.number().int().min(0).max(60).optional(),
  /** How a new message is written. */
  composeMode: z.enum(['rich', 'plain']).optional(),
});
export type Settings = z.output<typeof settingsSchema>;

/** A user's settings; what is stored and no longer known is left out. */
export async function readSettings(db: Queryable, userId: string): Promise<Settings> {
  const [row] = await db.select({ settings: users.settings }).from(users).where(eq(users.id, userId));
  const parsed = settingsSchema.safeParse(row?.settings ?? {});
  return parsed.success ? parsed.data : {};
}

/** Saves the given settings and leaves the others as they are. */
export async function saveSettings(db: Queryable, userId: string, settings: Settings): Promise<void> {
  await db
    .update(users)
    .set({
      settings: sql`${users.settings} || ${JSON.stringify(settings)}::jsonb`,
      state: sql`${users.state} + 1`,
    })
    .where(eq(users.id, userId));
}
