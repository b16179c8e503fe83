import { changeSubmissions } from '#ui/api/change-submissions.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { announceSending } from './undo-toasts.ts';

/** When a message is to leave, and what is done once it has left. */
export interface SendOptions {
  /** Milliseconds since 1970; null: as soon as it can't be taken back any more. */
  sendAt: number | null;
  archives: boolean;
}

export const atOnce: SendOptions = { sendAt: null, archives: false };

export function ownTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Hands a saved draft to the outbox. `key` is the same for each try of one sending, so that none sends twice. */
export async function send(
  draft: { accountId: string; id: string; version: number },
  options: SendOptions,
  key: string,
): Promise<void> {
  const submission = await api.submissions.send.mutate({
    accountId: draft.accountId,
    draftId: draft.id,
    version: draft.version,
    idempotencyKey: key,
    timeZone: ownTimeZone(),
    later: options.sendAt === null ? null : { sendAt: options.sendAt, timeZone: ownTimeZone() },
    archiveAfterSending: options.archives,
  });
  changeSubmissions([submission]);
  void queryClient.invalidateQueries({ queryKey: keys.drafts });
  announceSending(submission);
}
