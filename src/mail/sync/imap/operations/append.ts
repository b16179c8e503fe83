import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { mailboxEmails, submissions } from '#db/schema.ts';
import { MailProblem } from '../../../problem.ts';
import { flagOf } from '../keywords.ts';
import { openMailbox } from '../open-mailbox.ts';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';
import { nextTaking, settlePlace } from './settle-place.ts';

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
  const target = await mailbox(parts, await homeOf(parts, row, operation));
  return parts.locks.run([target.id], async () => {
    const selected = await openMailbox(client, target.remoteId, parts.commandTimeout, 'change');
    let place = { uid: 0, uidValidity: Number(selected.uidValidity) };
    const header = { 'message-id': `<${submission.messageId}>` };
    const find = async () => {
      const found = await bounded(parts, client, client.search({ header }, { uid: true }), 'SEARCH');
      return Array.isArray(found) ? (found[0] ?? 0) : 0;
    };
    place.uid = await find();
    if (place.uid === 0) {
      const flags = await flagsOf(parts, operation.copyId);
      const at = submission.sentAt ?? submission.createdAt;
      const appended = await bounded(
        parts,
        client,
        client.append(target.remoteId, submission.raw, flags, at),
        'APPEND',
        { bytes: submission.raw.length },
      );
      if (appended === false) throw new MailProblem('append_refused', target.name);
      // A server without UIDPLUS does not say where it put it.
      const uid = appended?.uid ?? (await find());
      place = { uid, uidValidity: Number(appended?.uidValidity ?? place.uidValidity) };
    }
    return finish(parts, row, async (tx, state) => {
      if (place.uid === 0) return;
      const location = { mailboxId: target.id, ...place };
      await settlePlace(tx, accountId, row.sequence, operation.copyId, location, state);
    });
  });
}

/** Where the message is to be filed: where a person has moved it, but for a move that is still to be told. */
async function homeOf(
  { db, accountId }: OperationParts,
  { sequence }: PendingRow,
  { copyId, mailboxId }: Kind<'append'>,
): Promise<string> {
  if ((await nextTaking(db, accountId, sequence, copyId)) !== null) return mailboxId;
  const [copy] = await db
    .select({ mailboxId: mailboxEmails.mailboxId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.id, copyId)));
  return copy?.mailboxId ?? mailboxId;
}

/** What a person has made of the message since it was sent goes with it. */
async function flagsOf({ db, accountId }: OperationParts, copyId: string): Promise<string[]> {
  const [copy] = await db
    .select({ keywords: mailboxEmails.keywords })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.id, copyId)));
  return (copy?.keywords ?? ['$seen']).map(flagOf);
}
