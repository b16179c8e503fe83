import { and, eq, isNull } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxEmails, submissions } from '#db/schema.ts';
import { MailProblem } from '../../../problem.ts';
import { openMailbox } from '../open-mailbox.ts';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';

/** Files the sent message. After an attempt that may have come through, it is looked for first: it is filed once. */
export async function append(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'append'>,
) {
  const { db, accountId } = parts;
  const [submission] = await db
    .select()
    .from(submissions)
    .where(and(eq(submissions.accountId, accountId), eq(submissions.id, operation.submissionId)));
  if (submission === undefined) return finish(parts, row, async () => undefined);
  const target = await mailbox(parts, operation.mailboxId);
  return parts.locks.run([target.id], async () => {
    const selected = await openMailbox(client, target.remoteId, parts.commandTimeout, 'change');
    let place = { uid: 0, uidValidity: Number(selected.uidValidity) };
    const header = { 'message-id': `<${submission.messageId}>` };
    const found = await bounded(parts, client, client.search({ header }, { uid: true }), 'SEARCH');
    if (Array.isArray(found) && found[0] !== undefined) place.uid = found[0];
    else {
      const at = submission.sentAt ?? submission.createdAt;
      const appended = await bounded(
        parts,
        client,
        client.append(target.remoteId, submission.raw, ['\\Seen'], at),
        'APPEND',
        { bytes: submission.raw.length },
      );
      if (appended === false) throw new MailProblem('append_refused', target.name);
      place = { uid: appended?.uid ?? 0, uidValidity: Number(appended?.uidValidity ?? place.uidValidity) };
    }
    return finish(parts, row, async (tx, state) => {
      if (place.uid === 0) return;
      await tx
        .update(mailboxEmails)
        .set({ ...place, state })
        .where(
          and(
            eq(mailboxEmails.accountId, accountId),
            eq(mailboxEmails.id, operation.copyId),
            isNull(mailboxEmails.uid),
          ),
        );
    });
  });
}
