import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { drafts, type FiledDraft } from '#db/schema.ts';
import { removeFiled } from '../../../drafts/filed.ts';
import { filedMessage } from '../../../drafts/filed-message.ts';
import { findDraft } from '../../../drafts/reading.ts';
import { mailboxOfRole } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { openMailbox } from '../open-mailbox.ts';
import { expunge } from './expunge.ts';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';

/**
 * Files the newest version of a draft in the server's drafts, then removes the version before it there. It is looked
 * for first: an earlier attempt may have come through.
 */
export async function fileDraft(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  { draftId }: Kind<'file_draft'>,
): Promise<number> {
  const { db, accountId, blobs } = parts;
  const draft = await findDraft(db, accountId, draftId);
  const home = await mailboxOfRole(db, accountId, 'drafts');
  if (draft === null || home === null) return finish(parts, row, async () => undefined);
  const message = await filedMessage(db, draft, ({ blobHash }) =>
    blobHash === null ? Promise.resolve(null) : blobs.get(accountId, blobHash),
  );
  const target = await mailbox(parts, home.id);
  return parts.locks.run([target.id], async () => {
    const selected = await openMailbox(client, target.remoteId, parts.commandTimeout, 'change');
    const uidValidity = Number(selected.uidValidity);
    const uid = await place(parts, client, target, message);
    const before = draft.filed;
    const isReplaced =
      before !== null && before.mailboxId === target.id && before.uidValidity === uidValidity;
    if (isReplaced && before.uid !== uid) await expunge(parts, client, String(before.uid), 1);
    return finish(parts, row, async (tx, state) => {
      const filed: FiledDraft = {
        version: draft.version,
        at: message.at,
        mailboxId: target.id,
        uidValidity,
        uid,
      };
      const kept = await tx
        .update(drafts)
        .set({ filed })
        .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId)))
        .returning({ discardedAt: drafts.discardedAt });
      // Sent or thrown away while it was on its way there.
      if (kept[0] === undefined || kept[0].discardedAt !== null)
        await removeFiled(tx, accountId, filed, state);
    });
  });
}

/** The UID of the message in the selected mailbox, where it is appended unless it lies there already. */
async function place(
  parts: OperationParts,
  client: ImapFlow,
  target: { remoteId: string; name: string },
  { raw, messageId, at }: { raw: Buffer; messageId: string; at: number },
): Promise<number> {
  const header = { 'message-id': `<${messageId}>` };
  const find = async () => {
    const found = await bounded(parts, client, client.search({ header }, { uid: true }), 'SEARCH');
    return Array.isArray(found) ? found.at(-1) : undefined;
  };
  const earlier = await find();
  if (earlier !== undefined) return earlier;
  const appended = await bounded(
    parts,
    client,
    client.append(target.remoteId, raw, ['\\Draft', '\\Seen'], new Date(at)),
    'APPEND',
    { bytes: raw.length },
  );
  if (appended === false) throw new MailProblem('append_refused', target.name);
  // A server without UIDPLUS does not say where it put it.
  const uid = appended?.uid ?? (await find());
  if (uid === undefined) throw new MailProblem('append_refused', target.name);
  return uid;
}
