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

export function isSameContent(one: DraftContent, other: DraftContent): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
