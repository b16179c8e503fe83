import type { Socket } from 'node:net';
import type { GmailAccount } from './gmail-account.ts';
import { Refused } from './gmail-account.ts';
import { type Command, commands } from './imap-commands.ts';
import { CommandReader, parseCommand, textOf, upperOf } from './imap-reader.ts';
import { joined } from './imap-writer.ts';
import { encodeName } from './mailbox-names.ts';
import type { SelectedMailbox } from './selected-mailbox.ts';

const capabilityBefore =
  'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 SASL-IR AUTH=PLAIN';
const capabilityAfter =
  'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584';

export interface Login {
  user: string;
  password: string;
}

/** One connection: what it has signed in to, enabled and selected. */
export class ImapSession {
  readonly account: GmailAccount;
  readonly login: Login;
  readonly #socket: Socket;
  readonly #onChange = () => {
    if (this.idleTag !== null) this.sendNews(true);
  };
  isSignedIn = false;
  selected: SelectedMailbox | null = null;
  isUtf8 = false;
  hasCondstore = false;
  /** The tag of the IDLE that runs. */
  idleTag: string | null = null;
  /** What takes the next line instead of a command: a SASL answer. */
  onLine: ((line: string) => void) | null = null;

  constructor(socket: Socket, account: GmailAccount, login: Login) {
    this.#socket = socket;
    this.account = account;
    this.login = login;
    const reader = new CommandReader(
      (command) => this.#take(command),
      () => this.send('+ go ahead'),
    );
    socket.on('data', (chunk) => reader.push(chunk));
    account.changes.on('change', this.#onChange);
    socket.on('close', () => account.changes.off('change', this.#onChange));
    this.send(`* OK Gimap ready for requests [CAPABILITY ${capabilityBefore}]`);
  }

  get capability(): string {
    return this.isSignedIn ? capabilityAfter : capabilityBefore;
  }

  /** A mailbox name as this client reads it. */
  readonly encode = (name: string): string => (this.isUtf8 ? name : encodeName(name));

  send(...pieces: (string | Buffer)[]): void {
    if (this.#socket.writable) this.#socket.write(joined([...pieces, '\r\n']));
  }

  end(): void {
    this.#socket.end();
  }

  /** Tells what has happened in the selected mailbox. */
  sendNews(mayExpunge: boolean): void {
    const lines = this.selected?.news(mayExpunge, ({ message }) => {
      const modseq = this.hasCondstore ? ` MODSEQ (${message.modseq})` : '';
      return `FLAGS (${[...message.flags].join(' ')})${modseq}`;
    });
    for (const line of lines ?? []) this.send(line);
  }

  #take(line: Buffer): void {
    if (this.idleTag !== null) this.#endIdle(line.toString());
    else if (this.onLine !== null) {
      const take = this.onLine;
      this.onLine = null;
      take(line.toString());
    } else this.#carryOut(line);
  }

  #endIdle(line: string): void {
    const isDone = line.toUpperCase() === 'DONE';
    this.send(`${this.idleTag} ${isDone ? 'OK IDLE terminated (Success)' : 'BAD Expected DONE'}`);
    if (isDone) this.idleTag = null;
  }

  #carryOut(line: Buffer): void {
    let tag = '*';
    try {
      const [first, second, ...rest] = parseCommand(line);
      tag = textOf(first);
      const isUid = upperOf(second) === 'UID';
      const name = isUid ? upperOf(rest.shift()) : upperOf(second);
      const answer = this.#commandNamed(name).run(this, { tag, isUid, tokens: rest });
      // EXPUNGE renumbers: it must not stand in the answer to what names messages by number (RFC 3501 §7.4.1).
      this.sendNews(isUid || !['FETCH', 'STORE', 'SEARCH'].includes(name));
      if (answer !== null) this.send(`${tag} ${answer}`);
    } catch (error) {
      if (error instanceof Refused) this.send(`${tag} NO ${error.message} (Failure)`);
      else if (error instanceof SyntaxError) this.send(`${tag} BAD ${error.message}`);
      else throw error;
    }
  }

  #commandNamed(name: string): Command {
    const command = commands[name];
    if (command === undefined) throw new SyntaxError(`Unknown command: ${name}`);
    if (command.needs !== 'nothing' && !this.isSignedIn) throw new SyntaxError(`Not signed in: ${name}`);
    if (command.needs === 'mailbox' && this.selected === null)
      throw new SyntaxError(`No mailbox is selected: ${name}`);
    return command;
  }
}
