import type { SubmissionView } from '#api/views.ts';

type Standing = Pick<SubmissionView, 'status' | 'refused'>;

/** It has left, and not to everybody: the person has not said yet that they know. */
export function isPartlyRefused({ status, refused }: Standing): boolean {
  return status === 'sent' && refused.length > 0;
}

/** Something about it asks for the person. */
export function isTrouble(submission: Standing): boolean {
  const { status } = submission;
  return status === 'failed' || status === 'unconfirmed' || isPartlyRefused(submission);
}

/** It belongs in the outbox: on its way, or in trouble. */
export function isOpen(submission: Standing): boolean {
  const { status } = submission;
  return (status !== 'sent' && status !== 'canceled') || isPartlyRefused(submission);
}

/** It has not left yet, and nothing speaks against it. */
export function isUnderWay({ status }: Standing): boolean {
  return status === 'scheduled' || status === 'queued' || status === 'sending';
}
