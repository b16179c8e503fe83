import type { DraftView, SubmissionView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { changeSubmissions } from '#ui/api/change-submissions.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { contentOf } from '../draft-content.ts';
import { composersStore, openComposer, openDraft } from '../open.ts';

const isOpen = (draftId: string) => composersStore.get().some(({ draft }) => draft?.id === draftId);

/** Opens what has not left, or came to nothing, as the draft that it was. */
export async function editSubmission(submission: SubmissionView): Promise<void> {
  const { accountId, id: submissionId } = submission;
  const draft = await api.submissions.edit.mutate({ accountId, submissionId });
  changeSubmissions([{ ...submission, status: 'canceled' }]);
  // A window that is still open on it, since the answer to its sending was lost, goes on from the restored version.
  queryClient.setQueryData<DraftView[]>(
    keys.drafts,
    (known) => known && [draft, ...known.filter(({ id }) => id !== draft.id)],
  );
  if (isOpen(draft.id)) {
    await openDraft(accountId, draft.id);
    return;
  }
  openComposer(
    { shape: 'docked', focus: 'text', isNew: false, answeredId: null },
    { draft, beginning: contentOf(draft), isWritten: false },
  );
}

/** Takes a message back before it leaves, and opens it again. */
export async function takeBack(submission: SubmissionView): Promise<void> {
  try {
    await editSubmission(submission);
    // A name of its own: the toast whose button was pressed is still on its way out, and would take this one along.
    showToast({ id: `taken-${submission.id}`, title: words.t('composer.taken'), duration: 3000 });
  } catch (error) {
    sayProblem(words.t('done.undoFailed'), error);
  }
}
