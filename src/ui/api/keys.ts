import type { Role } from '#api/views.ts';

/** Which list: all accounts by role (`accountId` null), or one mailbox. */
export interface ListSource {
  accountId: string | null;
  mailboxId: string | null;
  role: Role | null;
  list: 'conversations' | 'emails';
}

/** The keys under which the browser remembers answers. */
export const keys = {
  me: ['me'],
  accounts: ['accounts'],
  servers: (accountId: string) => ['servers', accountId],
  lists: ['list'],
  list: (source: ListSource) => ['list', source],
  threads: ['thread'],
  thread: (threadId: string) => ['thread', threadId],
  body: (emailId: string) => ['body', emailId],
  drafts: ['drafts'],
  submissions: ['submissions'],
  users: ['users'],
  sessions: ['sessions'],
  securityEvents: (whose: 'own' | 'all') => ['securityEvents', whose],
} as const;
