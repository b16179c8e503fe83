import { randomUUID } from 'node:crypto';
import { v7 as newId } from 'uuid';
import type { Database } from '#db/client.ts';
import { systemMessages } from '#db/schema.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { seal } from '#platform/crypto/seal.ts';
import { newMessageId } from '../compose/draft-message.ts';
import { composeMessage } from '../compose/message.ts';
import { envelopeRecipients, oneLine } from '../outbox/recipients.ts';

export interface SystemMessage {
  kind: (typeof systemMessages.$inferSelect)['kind'];
  to: string;
  subject: string;
  text: string;
  /** A repeated request with the same key writes nothing more. */
  idempotencyKey: string;
}

/** Where a message's bytes lie sealed: they may hold a link that opens an account. */
export function placeOf(id: string) {
  return { table: 'system_messages', id, owner: 'mailroom' };
}

/**
 * Writes a mail of Mailroom's own; a worker sends it. What it says is sealed, and forgotten once it has gone.
 * @returns its id, or null where it was written before
 * @throws MailProblem `bad_address`
 */
export async function writeSystemMessage(
  db: Database,
  ring: KeyRing,
  from: string,
  message: SystemMessage,
  now: Date,
): Promise<string | null> {
  const { kind, to, subject, text, idempotencyKey } = message;
  const recipient = { name: '', address: to };
  envelopeRecipients([recipient]);
  const id = newId();
  const messageId = newMessageId(randomUUID(), from);
  const raw = await composeMessage({
    messageId,
    from: { name: 'Mailroom', address: from },
    replyTo: null,
    to: [recipient],
    cc: [],
    subject: oneLine(subject),
    text,
    html: null,
    date: now,
    timeZone: null,
    inReplyTo: null,
    references: [],
    receiptTo: null,
    isAutomatic: true,
    files: [],
  });
  const written = await db
    .insert(systemMessages)
    .values({
      ...{ id, kind, idempotencyKey, messageId, envelopeFrom: from, envelopeTo: to },
      raw: seal(ring, raw.toString('latin1'), placeOf(id)),
      status: 'queued',
      nextAttemptAt: now,
    })
    .onConflictDoNothing({ target: systemMessages.idempotencyKey })
    .returning({ id: systemMessages.id });
  return written[0]?.id ?? null;
}
