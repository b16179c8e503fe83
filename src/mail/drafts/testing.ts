import type { DraftContent } from './save.ts';

/** What a composer saves, in plain-text mode and to nobody but for what is given. */
export function draftContent(identityId: string, more: Partial<DraftContent> = {}): DraftContent {
  return {
    identityId,
    to: [],
    cc: [],
    bcc: [],
    subject: 'Lunch',
    text: 'At noon?',
    html: null,
    requestReceipt: false,
    requestDsn: false,
    requireTls: false,
    ...more,
  };
}
