export * from './schema/accounts.ts';
export * from './schema/emails.ts';
export * from './schema/mailboxes.ts';
export * from './schema/outbox.ts';
export * from './schema/search.ts';
export * from './schema/threads.ts';
export * from './schema/users.ts';
