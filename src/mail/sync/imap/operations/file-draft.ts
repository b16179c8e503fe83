import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { drafts, type FiledDraft } from '#db/schema.ts';
import { removeFiled } from '../../../drafts/filed.ts';
import { draftOfMessageId, type FiledMessage, filedMessage } from '../../../drafts/filed-message.ts';
import { findDraft } from '../../../drafts/reading.ts';
import { mailboxOfRole } from '../../../mailboxes/reading.ts';
import { MailProblem } from '../../../problem.ts';
import { openMailbox } from '../open-mailbox.ts';
import { expunge } from './expunge.ts';
import { search } from './missing.ts';
import { bounded, finish, type Kind, mailbox, type OperationParts, type PendingRow } from './parts.ts';

/**
 * Files the newest version of a draft in the server's drafts, then removes the others there: earlier attempts, of an
 * older version too, may have come through unheard. Of a draft that was sent or thrown away all are removed.
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
  if (home === null) return finish(parts, row, async () => undefined);
  const target = await mailbox(parts, home.id);
  if (draft === null) {
    return parts.locks.run([target.id], async () => {
      await openMailbox(client, target.remoteId, parts.commandTimeout, 'change');
      await expungeAll(parts, client, await ownCopies(parts, client, draftId));
      return finish(parts, row, async () => undefined);
    });
  }
  const message = await filedMessage(db, draft, ({ blobHash }) =>
    blobHash === null ? Promise.resolve(null) : blobs.get(accountId, blobHash),
  );
  return parts.locks.run([target.id], async () => {
    const selected = await openMailbox(client, target.remoteId, parts.commandTimeout, 'change');
    const uidValidity = Number(selected.uidValidity);
    const uid = await place(parts, client, target, message);
    const before = draft.filed;
    const isReplaced =
      before !== null && before.mailboxId === target.id && before.uidValidity === uidValidity;
    const own = await ownCopies(parts, client, draftId);
    const all = new Set([...own, ...(isReplaced ? [before.uid] : [])]);
    await expungeAll(
      parts,
      client,
      [...all].filter((other) => other !== uid),
    );
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
        await removeFiled(tx, accountId, draftId, filed, state);
    });
  });
}

/** UIDs of all that was filed of the draft in the selected mailbox: its Message-IDs begin alike, see `filedMessage`. */
async function ownCopies(parts: OperationParts, client: ImapFlow, draftId: string): Promise<number[]> {
  const found = await search(parts, client, { header: { 'message-id': `<${draftId}.` } });
  if (found.length === 0) return [];
  // A server may search by words, and what it finds is expunged: each is looked at.
  const envelopes = client.fetchAll(found.join(','), { envelope: true }, { uid: true });
  const messages = await bounded(parts, client, envelopes, 'FETCH', { messages: found.length });
  return messages
    .filter(({ envelope }) => {
      const messageId = envelope?.messageId?.trim().replace(/^<|>$/g, '');
      return messageId !== undefined && draftOfMessageId(messageId) === draftId;
    })
    .map(({ uid }) => uid);
}

async function expungeAll(parts: OperationParts, client: ImapFlow, uids: readonly number[]): Promise<void> {
  if (uids.length > 0) await expunge(parts, client, uids.join(','), uids.length);
}

/** The UID of the message in the selected mailbox, where it is appended unless it lies there already. */
async function place(
  parts: OperationParts,
  client: ImapFlow,
  target: { remoteId: string; name: string },
  { raw, messageId, at }: FiledMessage,
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
