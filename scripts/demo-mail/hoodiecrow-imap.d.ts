/** The part of hoodiecrow-imap 2.1 that the demo mail server uses; the package brings no types. */
declare module 'hoodiecrow-imap' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  export type ImapToken = {
    type: 'ATOM' | 'STRING' | 'LITERAL' | 'SEQUENCE' | 'TEXT' | 'SECTION' | 'NUMBER';
    value?: string;
    section?: ImapAttribute[];
    partial?: number[];
  };
  export type ImapAttribute = ImapToken | string | number | null | ImapAttribute[];

  /** A command as parsed; plugins hang further properties on it. */
  export type ImapCommand = { tag: string; command: string; attributes?: ImapAttribute[] };
  export type ImapResponse = {
    tag: string;
    command?: string;
    attributes?: ImapAttribute[];
    notification?: boolean;
    skipResponse?: boolean;
  };

  /** A stored message. `raw` holds one byte per character (latin1). */
  export type StoredMessage = {
    uid: number;
    flags: string[];
    /** IMAP date-time, as in RFC 3501 `date-time`. */
    internaldate: string;
    raw: string;
    MODSEQ?: number;
  };
  export type StoredMailbox = {
    path: string;
    namespace: string;
    flags: string[];
    permanentFlags: string[];
    'special-use'?: string | string[];
    subscribed: boolean;
    uidvalidity: number;
    uidnext: number;
    HIGHESTMODSEQ?: number;
    messages: StoredMessage[];
    folders?: Record<string, StoredMailbox>;
  };
  /** What a mailbox may look like when it is handed in; the server fills in the rest. */
  export type InitialMailbox = Partial<Omit<StoredMailbox, 'folders'>> & {
    folders?: Record<string, InitialMailbox>;
  };
  export type Namespace = { folders?: Record<string, InitialMailbox>; separator?: string; type?: 'personal' };

  export type ImapConnection = {
    server: ImapServer;
    socket: Socket | null;
    state: 'Not Authenticated' | 'Authenticated' | 'Selected' | 'Logout';
    selectedMailbox?: StoredMailbox;
    readOnly?: boolean;
    /** Set by the ENABLE plugin. */
    enabled?: string[];
    directNotifications: boolean;
    inputHandler: false | ((line: string) => void);
    _notificationCallback: (notification: unknown) => void;
    send(
      response: ImapResponse,
      description: string,
      parsed: ImapCommand | null,
      data?: string,
      extra?: unknown,
    ): void;
  };
  export type CommandHandler = (
    connection: ImapConnection,
    parsed: ImapCommand,
    data: string,
    done: () => void,
  ) => void;
  export type FetchHandler = (
    connection: ImapConnection,
    message: StoredMessage,
    query: ImapToken,
  ) => ImapAttribute;
  export type OutputHandler = (
    connection: ImapConnection,
    response: ImapResponse,
    description: string,
    parsed: ImapCommand | null,
    data?: string,
    extra?: unknown,
  ) => void;

  export interface ImapServer extends EventEmitter {
    server: Server;
    folderCache: Record<string, StoredMailbox>;
    fetchHandlers: Record<string, FetchHandler>;
    outputHandlers: OutputHandler[];
    getCommandHandler(command: string): CommandHandler | false;
    setCommandHandler(command: string, handler: CommandHandler): void;
    getMailbox(path: string): StoredMailbox | undefined;
    getMessageRange(mailbox: StoredMailbox, range: string, isUid: boolean): [number, StoredMessage][];
    createMailbox(path: string, existing?: StoredMailbox): void;
    appendMessage(
      mailbox: StoredMailbox,
      flags: string[],
      internaldate: string | undefined,
      raw: string,
      ignore?: ImapConnection,
    ): { mailbox: StoredMailbox; message: StoredMessage };
    notify(response: ImapResponse, mailbox: StoredMailbox, ignore?: ImapConnection): void;
    formatInternalDate(date: Date): string;
  }
  export type ServerOptions = {
    plugins?: (string | ((server: ImapServer) => void))[];
    storage?: Record<string, InitialMailbox | Namespace>;
    id?: Record<string, string>;
  };
  export default function createServer(options: ServerOptions): ImapServer;
}

declare module 'hoodiecrow-imap/lib/commands/handlers/fetch.js' {
  import type { FetchHandler } from 'hoodiecrow-imap';

  const handlers: Record<string, FetchHandler>;
  export default handlers;
}
