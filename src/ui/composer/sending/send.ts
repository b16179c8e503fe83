import type { DraftView, SubmissionView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { changeSubmissions } from '#ui/api/change-submissions.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { openDraft } from './open.ts';

const shortestToast = 1500;

/** Takes a message back before it leaves, and opens it again. */
export async function takeBack(submission: SubmissionView): Promise<void> {
  const { accountId } = submission;
  try {
    const { draftId } = await api.submissions.cancel.mutate({ accountId, submissionId: submission.id });
    changeSubmissions([{ ...submission, status: 'canceled' }]);
    await openDraft(accountId, draftId);
    showToast({ id: 'undo', title: words.t('composer.taken'), duration: 3000 });
  } catch (error) {
    sayProblem(words.t('done.undoFailed'), error);
  }
}

/** Hands a saved draft to the outbox. `key` is the same for each try of one sending, so that none sends twice. */
export async function send(draft: DraftView, version: number, key: string): Promise<SubmissionView> {
  const submission = await api.submissions.send.mutate({
    accountId: draft.accountId,
    draftId: draft.id,
    version,
    idempotencyKey: key,
  });
  changeSubmissions([submission]);
  void queryClient.invalidateQueries({ queryKey: keys.drafts });
  showToast({
    id: `sending-${submission.id}`,
    title: words.t('composer.sentToast', { subject: submission.subject || words.t('composer.noSubject') }),
    duration: Math.max(shortestToast, submission.sendAt - Date.now()),
    action: { label: words.t('composer.undo'), run: () => void takeBack(submission) },
  });
  return submission;
}
