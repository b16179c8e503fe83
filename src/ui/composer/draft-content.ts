import type { Address, DraftView } from '#api/views.ts';

/** What of a draft somebody can change. */
export interface DraftContent {
  identityId: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  text: string;
}

export function contentOf({ identityId, to, cc, bcc, subject, text }: DraftView): DraftContent {
  return { identityId, to, cc, bcc, subject, text };
}

/** Whether nobody has written anything in it that could be missed. */
export function isEmptyContent({ to, cc, bcc, subject, text }: DraftContent): boolean {
  return to.length + cc.length + bcc.length === 0 && subject.trim() === '' && text.trim() === '';
}

/** Whether both say the same to the same people, whoever it is from. */
export function hasSameWords(one: DraftContent, other: DraftContent): boolean {
  return isSameContent({ ...one, identityId: other.identityId }, other);
}

export function isSameContent(one: DraftContent, other: DraftContent): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
