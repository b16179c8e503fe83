import type { SubmissionView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { changeSubmissions } from '#ui/api/change-submissions.ts';
import { api } from '#ui/api/client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { contentOf } from '../draft-content.ts';
import { openComposer } from '../open.ts';

/** Opens what has not left, or came to nothing, as the draft that it was. */
export async function editSubmission(submission: SubmissionView): Promise<void> {
  const { accountId, id: submissionId } = submission;
  const draft = await api.submissions.edit.mutate({ accountId, submissionId });
  changeSubmissions([{ ...submission, status: 'canceled' }]);
  openComposer(
    { shape: 'docked', focus: 'text', isNew: false, answeredId: null },
    { draft, beginning: contentOf(draft), isWritten: false },
  );
}

/** Takes a message back before it leaves, and opens it again. */
export async function takeBack(submission: SubmissionView): Promise<void> {
  try {
    await editSubmission(submission);
    showToast({ id: `sending-${submission.id}`, title: words.t('composer.taken'), duration: 3000 });
  } catch (error) {
    sayProblem(words.t('done.undoFailed'), error);
  }
}
