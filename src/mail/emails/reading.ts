import { and, eq } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { attachments, emailBodies, emails } from '#db/schema.ts';
import { unpackBody } from '../content/packed-text.ts';
import type { BodyView } from '../views.ts';

export type EmailRow = typeof emails.$inferSelect;
export type AttachmentRow = typeof attachments.$inferSelect;

export async function findEmail(db: Queryable, accountId: string, emailId: string): Promise<EmailRow | null> {
  const [row] = await db
    .select()
    .from(emails)
    .where(and(eq(emails.accountId, accountId), eq(emails.id, emailId)));
  return row ?? null;
}

/** The text and HTML of a mail as they came, or null while they are not here. */
export async function findBody(db: Queryable, accountId: string, emailId: string): Promise<BodyView | null> {
  const [row] = await db
    .select({ text: emailBodies.text, html: emailBodies.html })
    .from(emailBodies)
    .where(and(eq(emailBodies.accountId, accountId), eq(emailBodies.emailId, emailId)));
  return row === undefined ? null : unpackBody(row);
}

export async function findAttachment(
  db: Queryable,
  accountId: string,
  emailId: string,
  position: number,
): Promise<AttachmentRow | null> {
  const [row] = await db
    .select()
    .from(attachments)
    .where(
      and(
        eq(attachments.accountId, accountId),
        eq(attachments.emailId, emailId),
        eq(attachments.position, position),
      ),
    );
  return row ?? null;
}

/** Where a mail's attachments stand in it. */
export async function attachmentPositions(
  db: Queryable,
  accountId: string,
  emailId: string,
): Promise<number[]> {
  const rows = await db
    .select({ position: attachments.position })
    .from(attachments)
    .where(and(eq(attachments.accountId, accountId), eq(attachments.emailId, emailId)));
  return rows.map(({ position }) => position);
}
