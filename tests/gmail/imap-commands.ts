import { mailboxCommands } from './imap-mailbox-commands.ts';
import { messageCommands } from './imap-message-commands.ts';
import type { Token } from './imap-reader.ts';
import { textOf, upperOf } from './imap-reader.ts';
import type { ImapSession } from './imap-session.ts';

export interface Asked {
  tag: string;
  /** Said with UID before it. */
  isUid: boolean;
  tokens: Token[];
}

export interface Command {
  needs: 'nothing' | 'login' | 'mailbox';
  /** @returns what follows the tag; null where the answer comes later. @throws Refused, SyntaxError */
  run(session: ImapSession, asked: Asked): string | null;
}

function signIn(session: ImapSession, user: string, password: string): string {
  const { login } = session;
  if (user.toLowerCase() !== login.user.toLowerCase() || password !== login.password)
    return 'NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)';
  session.isSignedIn = true;
  session.send(`* CAPABILITY ${session.capability}`);
  return `OK ${login.user} authenticated (Success)`;
}

function signInByPlain(session: ImapSession, response: string): string {
  const [, user = '', password = ''] = Buffer.from(response, 'base64').toString().split('\0');
  return signIn(session, user, password);
}

const connectionCommands: Record<string, Command> = {
  CAPABILITY: {
    needs: 'nothing',
    run(session) {
      session.send(`* CAPABILITY ${session.capability}`);
      return 'OK Thats all she wrote!';
    },
  },
  NOOP: { needs: 'nothing', run: () => 'OK Success' },
  ID: {
    needs: 'nothing',
    run(session) {
      session.send('* ID ("name" "GImap" "vendor" "Google, Inc.")');
      return 'OK Success';
    },
  },
  LOGIN: {
    needs: 'nothing',
    run: (session, { tokens: [user, password] }) => signIn(session, textOf(user), textOf(password)),
  },
  AUTHENTICATE: {
    needs: 'nothing',
    run(session, { tag, tokens: [mechanism, response] }) {
      if (upperOf(mechanism) !== 'PLAIN') return 'NO Unsupported SASL mechanism';
      if (response !== undefined) return signInByPlain(session, textOf(response));
      session.onLine = (line) => session.send(`${tag} ${signInByPlain(session, line)}`);
      session.send('+ ');
      return null;
    },
  },
  LOGOUT: {
    needs: 'nothing',
    run(session, { tag }) {
      session.send('* BYE LOGOUT Requested');
      session.send(`${tag} OK 73 good day (Success)`);
      session.end();
      return null;
    },
  },
  ENABLE: {
    needs: 'login',
    run(session, { tokens }) {
      const known = tokens.map(upperOf).filter((name) => ['CONDSTORE', 'UTF8=ACCEPT'].includes(name));
      if (known.includes('UTF8=ACCEPT')) session.isUtf8 = true;
      if (known.includes('CONDSTORE')) session.hasCondstore = true;
      session.send(`* ENABLED ${known.join(' ')}`.trimEnd());
      return 'OK Success';
    },
  },
  NAMESPACE: {
    needs: 'login',
    run(session) {
      session.send('* NAMESPACE (("" "/")) NIL NIL');
      return 'OK Success';
    },
  },
  GETQUOTAROOT: {
    needs: 'login',
    run(session, { tokens: [name] }) {
      session.send(`* QUOTAROOT "${textOf(name)}" ""`);
      session.send('* QUOTA "" (STORAGE 1024 15728640)');
      return 'OK Success';
    },
  },
  IDLE: {
    needs: 'mailbox',
    run(session, { tag }) {
      session.send('+ idling');
      session.idleTag = tag;
      return null;
    },
  },
};

export const commands: Record<string, Command> = {
  ...connectionCommands,
  ...mailboxCommands,
  ...messageCommands,
};
