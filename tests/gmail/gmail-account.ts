import { EventEmitter } from 'node:events';
import { allMail, isSystem, spam, starred, systemMailboxes, trash } from './gmail-mailboxes.ts';
import { headerOf } from './mime-part.ts';

export interface GmailMessage {
  /** X-GM-MSGID, decimal. */
  readonly id: string;
  /** X-GM-THRID, decimal. */
  readonly threadId: string;
  readonly raw: Buffer;
  readonly receivedAt: Date;
  /** Of the message, and so the same in each of its mailboxes. */
  flags: ReadonlySet<string>;
  modseq: number;
}

/** A message's place in one mailbox. */
export interface Entry {
  readonly uid: number;
  readonly message: GmailMessage;
}

export interface Mailbox {
  path: string;
  readonly uidValidity: number;
  uidNext: number;
  highestModseq: number;
  isSubscribed: boolean;
  /** In the order of their UIDs. */
  readonly entries: Entry[];
}

/** What was asked for is not done in Gmail; the text is for the client. */
export class Refused extends Error {
  override name = 'Refused';
}

/**
 * One Gmail account: each message lies once in All Mail, Spam or Trash; every other mailbox is a label that it
 * carries. Emits `change` after each change of anything.
 */
export class GmailAccount {
  readonly changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  readonly mailboxes = new Map<string, Mailbox>();
  readonly messages = new Map<string, GmailMessage>();
  #lastId = 1_800_000_000_000_000_000n;
  #modseq = 1000;
  #uidValidity = 1;

  constructor() {
    for (const { path } of systemMailboxes) this.#open(path);
  }

  #open(path: string): void {
    this.#uidValidity += 1;
    this.mailboxes.set(path, {
      path,
      uidValidity: this.#uidValidity,
      uidNext: 1,
      highestModseq: this.#modseq,
      isSubscribed: true,
      entries: [],
    });
  }

  mailbox(path: string): Mailbox | undefined {
    return this.mailboxes.get(path.toUpperCase() === 'INBOX' ? 'INBOX' : path);
  }

  /** The mailboxes that hold a message. */
  placesOf(message: GmailMessage): string[] {
    return [...this.mailboxes.values()]
      .filter(({ entries }) => entries.some((entry) => entry.message === message))
      .map(({ path }) => path);
  }

  /** A new label. @throws Refused */
  create(path: string): void {
    if (this.mailbox(path) !== undefined) throw new Refused('[ALREADYEXISTS] Duplicate folder name');
    if (path.startsWith('[Gmail]')) throw new Refused('[CANNOT] Invalid folder name');
    this.#open(path);
    this.changes.emit('change');
  }

  /** Takes a label from all messages and away. @throws Refused */
  remove(path: string): void {
    if (isSystem(path)) throw new Refused('[CANNOT] Cannot delete a system folder');
    if (!this.mailboxes.delete(path)) throw new Refused('[NONEXISTENT] Unknown folder');
    this.changes.emit('change');
  }

  /** Renames a label and those below it; their messages keep their UIDs. @throws Refused */
  rename(from: string, to: string): void {
    if (isSystem(from)) throw new Refused('[CANNOT] Cannot rename a system folder');
    if (this.mailbox(to) !== undefined) throw new Refused('[ALREADYEXISTS] Duplicate folder name');
    const moving = [...this.mailboxes.values()].filter(
      ({ path }) => path === from || path.startsWith(`${from}/`),
    );
    if (moving.length === 0) throw new Refused('[NONEXISTENT] Unknown folder');
    for (const mailbox of moving) {
      this.mailboxes.delete(mailbox.path);
      mailbox.path = to + mailbox.path.slice(from.length);
      this.mailboxes.set(mailbox.path, mailbox);
    }
    this.changes.emit('change');
  }

  /**
   * Takes a message in and gives it labels. One whose Message-ID is here already is that one, as Gmail does with what
   * arrives again: the copy of a mail to oneself, or an APPEND of what SMTP has filed.
   */
  receive(raw: Buffer, paths: readonly string[], flags: readonly string[], receivedAt: Date): GmailMessage {
    const messageId = headerOf(raw, 'message-id');
    const known = [...this.messages.values()].find(
      (message) => messageId !== null && headerOf(message.raw, 'message-id') === messageId,
    );
    const message = known ?? this.#make(raw, flags, receivedAt);
    if (known === undefined) this.#put(message, allMail);
    for (const path of paths) this.#label(message, path);
    if (flags.includes('\\Flagged')) this.#label(message, starred);
    this.changes.emit('change');
    return message;
  }

  #make(raw: Buffer, flags: readonly string[], receivedAt: Date): GmailMessage {
    this.#lastId += 7919n;
    const id = this.#lastId.toString();
    const related = `${headerOf(raw, 'references') ?? ''} ${headerOf(raw, 'in-reply-to') ?? ''}`.match(
      /<[^>]+>/g,
    );
    const parent = [...this.messages.values()].find((message) =>
      related?.includes(headerOf(message.raw, 'message-id') ?? ''),
    );
    this.#modseq += 1;
    const message: GmailMessage = {
      id,
      threadId: parent?.threadId ?? id,
      raw,
      receivedAt,
      flags: new Set(flags),
      modseq: this.#modseq,
    };
    this.messages.set(id, message);
    return message;
  }

  /** Puts a message into a mailbox, as COPY does. @throws Refused where there is no such mailbox */
  label(message: GmailMessage, path: string): void {
    this.#label(message, path);
    this.changes.emit('change');
  }

  #label(message: GmailMessage, path: string): void {
    const mailbox = this.mailbox(path);
    if (mailbox === undefined) throw new Refused('[TRYCREATE] No such folder');
    const places = this.placesOf(message);
    if (places.includes(mailbox.path)) return;
    if (path === trash || path === spam) for (const place of places) this.#take(message, place);
    else if (!places.includes(allMail)) {
      for (const place of places) this.#take(message, place);
      this.#put(message, allMail);
    }
    if (path === starred) message.flags = new Set([...message.flags, '\\Flagged']);
    if (!this.placesOf(message).includes(mailbox.path)) this.#put(message, mailbox.path);
    this.#touch(message);
  }

  /**
   * Takes a message out of a mailbox, as an EXPUNGE there does: the label is gone; from Trash and Spam the message
   * itself; from All Mail nothing goes (Gmail's default for what is expunged there is to archive it).
   */
  unlabel(message: GmailMessage, path: string): void {
    if (path === allMail) return;
    this.#take(message, path);
    if (path === trash || path === spam) this.messages.delete(message.id);
    if (path === starred) message.flags = new Set([...message.flags].filter((flag) => flag !== '\\Flagged'));
    this.#touch(message);
    this.changes.emit('change');
  }

  /** Moves a message from one mailbox to another; to All Mail is archiving, and from there only a label comes on. */
  move(message: GmailMessage, from: string, to: string): void {
    this.#label(message, to);
    if (from !== allMail && this.placesOf(message).includes(from)) this.unlabel(message, from);
    this.changes.emit('change');
  }

  /** Sets a message's flags; the star is the label Starred. */
  setFlags(message: GmailMessage, flags: ReadonlySet<string>): void {
    const isStarred = message.flags.has('\\Flagged');
    message.flags = new Set(flags);
    this.#touch(message);
    if (flags.has('\\Flagged') && !isStarred) this.#label(message, starred);
    if (!flags.has('\\Flagged') && isStarred) this.#take(message, starred);
    this.changes.emit('change');
  }

  #put(message: GmailMessage, path: string): void {
    const mailbox = this.mailboxes.get(path);
    if (mailbox === undefined) throw new Refused('[TRYCREATE] No such folder');
    mailbox.entries.push({ uid: mailbox.uidNext, message });
    mailbox.uidNext += 1;
    mailbox.highestModseq = this.#modseq;
  }

  #take(message: GmailMessage, path: string): void {
    const mailbox = this.mailboxes.get(path);
    const at = mailbox?.entries.findIndex((entry) => entry.message === message) ?? -1;
    if (mailbox === undefined || at === -1) return;
    mailbox.entries.splice(at, 1);
    this.#modseq += 1;
    mailbox.highestModseq = this.#modseq;
  }

  #touch(message: GmailMessage): void {
    this.#modseq += 1;
    message.modseq = this.#modseq;
    for (const mailbox of this.mailboxes.values()) {
      if (mailbox.entries.some((entry) => entry.message === message)) mailbox.highestModseq = this.#modseq;
    }
  }
}
