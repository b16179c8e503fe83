import type { SubmissionView } from '#api/views.ts';
import { undo } from '#ui/actions/act.ts';
import { pushUndo, takeUndo, type Undoable } from '#ui/actions/undo-stack.ts';
import { sentStore } from '#ui/api/change-submissions.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { isUnderWay } from '#ui/api/submission-trouble.ts';
import { wholeTime } from '#ui/kit/time.ts';
import { hideToast, showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { takeBack } from './take-back.ts';

const sentTime = 4000;
const scheduledTime = 8000;
/** Longer than a server usually takes; what takes longer stands in the outbox. */
const sendingTime = 12_000;

const toastOf = ({ id }: SubmissionView) => `sending-${id}`;
const subjectOf = ({ subject }: SubmissionView) => subject || words.t('composer.noSubject');

/** Those that this page has said something of, while it is not known what has become of them. */
const announced = new Map<string, ReturnType<typeof setTimeout> | undefined>();

/** What takes a message back: by its button or by key, and once. */
function undoableOf(submission: SubmissionView): Undoable {
  return {
    // What it says next takes the toast's place.
    toastId: null,
    run: async () => {
      clearTimeout(announced.get(submission.id));
      announced.delete(submission.id);
      await takeBack(submission);
    },
  };
}

function sayScheduled(submission: SubmissionView): void {
  const entry = undoableOf(submission);
  pushUndo(entry);
  showToast({
    id: toastOf(submission),
    title: words.t('composer.scheduledToast', {
      subject: subjectOf(submission),
      time: wholeTime(submission.sendAt),
    }),
    duration: scheduledTime,
    action: { label: words.t('composer.undo'), shownKey: 'z', run: () => void undo(entry) },
  });
}

function sayLeaving(submission: SubmissionView): void {
  showToast({
    id: toastOf(submission),
    title: words.t('composer.sendingToast', { subject: subjectOf(submission) }),
    duration: sendingTime,
  });
}

function sayLeft(submission: SubmissionView): void {
  showToast({
    id: toastOf(submission),
    title: words.t('composer.sentToast', { subject: subjectOf(submission) }),
    duration: sentTime,
  });
}

/** Says that a message is on its way, and offers to take it back for as long as it can be; the server keeps the time. */
export function announceSending(submission: SubmissionView): void {
  if (announced.has(submission.id)) return;
  // The answer to a repeated request: it may have left meanwhile, and trouble is said elsewhere.
  if (submission.status === 'sent') sayLeft(submission);
  if (!isUnderWay(submission)) return;
  if (submission.timeZone !== null) {
    sayScheduled(submission);
    return;
  }
  const left = submission.sendAt - Date.now();
  if (left <= 0) {
    announced.set(submission.id, undefined);
    sayLeaving(submission);
    return;
  }
  const entry = undoableOf(submission);
  pushUndo(entry);
  showToast({
    id: toastOf(submission),
    title: words.t('composer.sendingToast', { subject: subjectOf(submission) }),
    duration: left + sendingTime,
    action: { label: words.t('composer.undo'), shownKey: 'z', run: () => void undo(entry) },
  });
  announced.set(
    submission.id,
    setTimeout(() => {
      takeUndo(entry);
      sayLeaving(submission);
    }, left),
  );
}

/** Says "Sent" of what has left, where this page has said that it is on its way. */
function saySent(submission: SubmissionView | null): void {
  if (submission === null || !announced.has(submission.id)) return;
  clearTimeout(announced.get(submission.id));
  announced.delete(submission.id);
  if (submission.status !== 'sent') {
    hideToast(toastOf(submission));
    return;
  }
  sayLeft(submission);
}

function announceKnown(): void {
  const known = queryClient.getQueryData<SubmissionView[]>(keys.submissions) ?? [];
  for (const submission of known) {
    if (submission.waiting?.for === 'undo' && submission.waiting.until > Date.now())
      announceSending(submission);
  }
}

/** Keeps the toasts true: also for what was sent before the page was loaded, or in another tab. Returns what ends it. */
export function followSubmissions(): () => void {
  announceKnown();
  const forgetSent = sentStore.subscribe(() => saySent(sentStore.get()));
  const forgetKnown = queryClient.getQueryCache().subscribe(({ query, type }) => {
    if (type === 'updated' && query.queryKey[0] === keys.submissions[0]) announceKnown();
  });
  return () => {
    forgetSent();
    forgetKnown();
  };
}
