import { useMutation } from '@tanstack/react-query';
import type { SubmissionView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { changeSubmissions } from '#ui/api/change-submissions.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { words } from '#ui/messages/words.ts';
import { contentOf } from '../draft-content.ts';
import { discardDraft } from '../draft-moves.ts';
import { ownTimeZone } from '../sending/send.ts';
import { editSubmission } from '../sending/take-back.ts';

type Call = (time: number) => Promise<unknown>;

const asOne = (id: { accountId: string; submissionId: string }) => ({
  sendNow: () => api.submissions.sendNow.mutate(id),
  retry: () => api.submissions.retry.mutate(id),
  reschedule: (sendAt: number) =>
    api.submissions.reschedule.mutate({ ...id, later: { sendAt, timeZone: ownTimeZone() } }),
});

/** Throws a message away: it is a draft again, and that is discarded, so that Undo brings it back. */
async function throwAway(submission: SubmissionView): Promise<void> {
  const { accountId, id: submissionId } = submission;
  const draft = await api.submissions.edit.mutate({ accountId, submissionId });
  changeSubmissions([{ ...submission, status: 'canceled' }]);
  await discardDraft(draft, contentOf(draft));
}

/** What can be done with a message that has not left, or not to everybody. */
export function useOutboxActions(submission: SubmissionView) {
  const id = { accountId: submission.accountId, submissionId: submission.id };
  const run = useMutation({
    mutationFn: ({ call, time }: { call: Call; time: number }) => call(time),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.submissions }),
    onError: (error: unknown) => sayProblem(words.t('done.failed'), error),
  });
  const does = (call: Call) => (time: number) => run.mutate({ call, time });
  const calls = asOne(id);
  const edit = does(() => editSubmission(submission));
  const discard = does(() => throwAway(submission));
  const dismiss = does(async () => {
    await api.submissions.dismiss.mutate(id);
    changeSubmissions([{ ...submission, refused: [], problem: null }]);
  });
  const confirm = does(async () => {
    await api.submissions.confirm.mutate(id);
    changeSubmissions([{ ...submission, status: 'sent', problem: null }]);
  });
  return {
    isRunning: run.isPending,
    confirm: () => confirm(0),
    edit: () => edit(0),
    discard: () => discard(0),
    dismiss: () => dismiss(0),
    sendNow: () => does(calls.sendNow)(0),
    retry: () => does(calls.retry)(0),
    reschedule: does(calls.reschedule),
  };
}
