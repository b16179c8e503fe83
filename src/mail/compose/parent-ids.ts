import type { DraftRelation, ParentIds } from '#db/schema.ts';
import type { EmailRow } from '../emails/reading.ts';

/**
 * What names a message's parent (RFC 5322 §3.6.4). A forwarded mail is named, so that it and what was forwarded stand
 * together, without being answered; what is sent anew has no parent.
 */
export function parentIdsOf(
  relation: DraftRelation | null,
  parent: Pick<EmailRow, 'messageId' | 'references' | 'inReplyTo'>,
): ParentIds {
  const own = parent.messageId === null ? [] : [parent.messageId];
  if (relation === 'reply') {
    const ancestors = parent.references.length > 0 ? parent.references : parent.inReplyTo.slice(0, 1);
    return { inReplyTo: parent.messageId, references: [...ancestors, ...own] };
  }
  return { inReplyTo: null, references: relation === 'forward' ? own : [] };
}
