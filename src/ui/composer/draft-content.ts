import type { Address, DraftView } from '#api/views.ts';

/** What of a draft somebody can change. */
export interface DraftContent {
  identityId: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  /** In plain-text mode what was written; else a plain reading of `html`. */
  text: string;
  /** null in plain-text mode. Untrusted, as any string of HTML. */
  html: string | null;
  requestReceipt: boolean;
  requestDsn: boolean;
  requireTls: boolean;
}

export function contentOf(draft: DraftView): DraftContent {
  const { identityId, to, cc, bcc, subject, text, html, requestReceipt, requestDsn, requireTls } = draft;
  return { identityId, to, cc, bcc, subject, text, html, requestReceipt, requestDsn, requireTls };
}

/** Whether nobody has written anything in it that could be missed. */
export function isEmptyContent({ to, cc, bcc, subject, text, html }: DraftContent): boolean {
  const hasPicture = html?.includes('<img') ?? false;
  return (
    to.length + cc.length + bcc.length === 0 && subject.trim() === '' && text.trim() === '' && !hasPicture
  );
}

/** Whether both say the same to the same people, whoever it is from. */
export function hasSameWords(one: DraftContent, other: DraftContent): boolean {
  return isSameContent({ ...one, identityId: other.identityId }, other);
}

const compared = (content: DraftContent): unknown[] => {
  const { to, cc, bcc, text, html } = content;
  const people = [to, cc, bcc].map((field) => field.map(({ name, address }) => [name, address]));
  const { identityId, subject, requestReceipt, requestDsn, requireTls } = content;
  return [identityId, people, subject, html ?? text, html === null, requestReceipt, requestDsn, requireTls];
};

/** Whether both are the same draft. With HTML its plain reading does not count: it follows from it. */
export function isSameContent(one: DraftContent, other: DraftContent): boolean {
  return JSON.stringify(compared(one)) === JSON.stringify(compared(other));
}
