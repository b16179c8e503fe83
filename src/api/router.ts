import { accountsRouter } from './routers/accounts.ts';
import { bulkRouter } from './routers/bulk.ts';
import { changesRouter } from './routers/changes.ts';
import { deadLettersRouter } from './routers/dead-letters.ts';
import { draftsRouter } from './routers/drafts.ts';
import { emailsRouter } from './routers/emails.ts';
import { identitiesRouter } from './routers/identities.ts';
import { invitationsRouter } from './routers/invitations.ts';
import { mailboxesRouter } from './routers/mailboxes.ts';
import { peopleRouter } from './routers/people.ts';
import { securityEventsRouter } from './routers/security-events.ts';
import { sessionsRouter } from './routers/sessions.ts';
import { submissionsRouter } from './routers/submissions.ts';
import { threadsRouter } from './routers/threads.ts';
import { usersRouter } from './routers/users.ts';
import { router } from './trpc.ts';

/** The whole API, a router a noun. */
export const appRouter = router({
  accounts: accountsRouter,
  bulk: bulkRouter,
  changes: changesRouter,
  deadLetters: deadLettersRouter,
  drafts: draftsRouter,
  emails: emailsRouter,
  identities: identitiesRouter,
  invitations: invitationsRouter,
  mailboxes: mailboxesRouter,
  people: peopleRouter,
  securityEvents: securityEventsRouter,
  sessions: sessionsRouter,
  submissions: submissionsRouter,
  threads: threadsRouter,
  users: usersRouter,
});

export type AppRouter = typeof appRouter;
