import type { SubmissionView } from '#api/views.ts';

type Standing = Pick<SubmissionView, 'status' | 'refused' | 'deferred' | 'problem'>;

/** It has left, and not to everybody: the person has not said yet that they know. */
export function isPartlyRefused({ status, refused }: Pick<Standing, 'status' | 'refused'>): boolean {
  return status === 'sent' && refused.length > 0;
}

/** It has left, and not all that was asked for with it came true: a delivery report, say. */
export function isShortOfAsked({ status, problem }: Pick<Standing, 'status' | 'problem'>): boolean {
  return status === 'sent' && problem !== null;
}

/** It has left, and there is something to know of it until the person says that they do. */
export function isToDismiss(submission: Standing): boolean {
  return isPartlyRefused(submission) || isShortOfAsked(submission);
}

/** It has left, and some recipients are still to get it: they are tried again. */
export function isDeferred({ status, deferred }: Standing): boolean {
  return status === 'sent' && deferred.length > 0;
}

/** Something about it asks for the person. */
export function isTrouble(submission: Standing): boolean {
  const { status } = submission;
  return status === 'failed' || status === 'unconfirmed' || isPartlyRefused(submission);
}

/** It belongs in the outbox: on its way, in trouble, or with something to know of it. */
export function isOpen(submission: Standing): boolean {
  const { status } = submission;
  return (status !== 'sent' && status !== 'canceled') || isToDismiss(submission) || isDeferred(submission);
}

/** It has not left yet, and nothing speaks against it. */
export function isUnderWay({ status }: Pick<Standing, 'status'>): boolean {
  return status === 'scheduled' || status === 'queued' || status === 'sending';
}

/** How it stands, as the sentences about it name it. */
export function standingOf(
  submission: Standing,
): SubmissionView['status'] | 'partlyRefused' | 'deferred' | 'short' {
  if (isPartlyRefused(submission)) return 'partlyRefused';
  if (isDeferred(submission)) return 'deferred';
  return isShortOfAsked(submission) ? 'short' : submission.status;
}
