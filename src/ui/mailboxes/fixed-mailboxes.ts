import type { MailboxView } from '#api/views.ts';

/** Whether the server lets nobody rename, move or delete a mailbox. */
export function isFixed({ role }: MailboxView): boolean {
  return role === 'inbox' || role === 'all' || role === 'flagged';
}
