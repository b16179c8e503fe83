import { accounts } from './accounts.en.ts';
import { mail } from './mail.en.ts';
import { problems } from './problems.en.ts';
import { state } from './state.en.ts';
import { writing } from './writing.en.ts';

/** Every sentence that people see, in English. A room of the screen has a part of its own. */
export const en = {
  ...mail,
  ...writing,
  ...accounts,
  ...state,
  problems,
  kit: {
    close: 'Close',
    cancel: 'Cancel',
    retry: 'Try again',
    inDetail: 'In detail: {detail}',
    notifications: 'Notifications',
  },
  pages: {
    notFoundTitle: 'Nothing is here',
    notFound: 'The address leads nowhere, or to something that you may not see.',
    toMail: 'To your mail',
    errorTitle: 'This page fell over',
    error:
      'Mailroom failed while showing this page. Your mail is safe. Try again; if it stays, tell your operator.',
    retry: 'Try again',
  },
  signIn: {
    title: 'Sign in',
    email: 'Email address',
    password: 'Password',
    submit: 'Sign in',
    trying: 'Signing in…',
    refused: 'Address and password do not go together. Check both, then try again.',
    tooMany: 'Too many attempts. Wait a few minutes, then try again.',
    locked:
      'Signing in has failed too often. It is possible again at {until}. A device on which you are signed in is not touched by this.',
    unavailable: 'Mailroom could not look up who you are. Try again in a moment.',
    unreachable: 'Mailroom did not answer. Check your connection, then try again.',
    plainHttp:
      'This page travels unencrypted (plain http), which is fine on this machine only. Put https in front before others use it.',
  },
  join: {
    title: 'Join Mailroom',
    lead: 'An admin has invited you. Choose how you will sign in.',
    firstTitle: 'Set up Mailroom',
    firstLead: 'You are the first here, and will be its admin. Choose how you will sign in.',
    reading: 'Looking at your invitation…',
    goneTitle: 'This link no longer works',
    gone: 'It was used already or has expired. Ask an admin for a new one; the first admin’s is printed when Mailroom starts.',
    name: 'Your name',
    email: 'Email address',
    emailHint: 'To sign in here. It need not be one of your mail accounts.',
    password: 'Password',
    passwordHint: 'At least {length} characters. A few words are better than one hard one.',
    submit: 'Create my account',
  },
} as const;
