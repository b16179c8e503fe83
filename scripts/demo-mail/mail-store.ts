import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImapServer, InitialMailbox, Namespace, StoredMailbox, StoredMessage } from 'hoodiecrow-imap';
import { z } from 'zod';
import { writePrivateFile } from '../private-file.ts';

const mailboxSchema = z.object({
  path: z.string(),
  specialUse: z.string().optional(),
  subscribed: z.boolean(),
  uidvalidity: z.number(),
  uidnext: z.number(),
  highestModseq: z.number(),
  messages: z.array(
    z.object({
      uid: z.number(),
      flags: z.array(z.string()),
      date: z.string(),
      modseq: z.number(),
      source: z.string(),
    }),
  ),
});
const snapshotSchema = z.object({ format: z.literal(1), mailboxes: z.array(mailboxSchema) });
type KeptMailbox = z.infer<typeof mailboxSchema>;

/** Whatever hoodiecrow takes as the mailboxes of one account. */
export type Storage = Record<string, InitialMailbox | Namespace>;

/**
 * One account's mail on disk: `mailboxes.json`, replaced whole and atomically, and one file per message source, named
 * by its hash. What one flush wrote survives any kill after it.
 */
export class MailStore {
  readonly #folder: string;
  readonly #hashes = new WeakMap<StoredMessage, string>();
  readonly #written = new Set<string>();
  #last = '';

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The mailboxes as they were at the last flush; null when nothing was kept yet. Throws when the file is damaged. */
  load(): Storage | null {
    const place = join(this.#folder, 'mailboxes.json');
    if (!existsSync(place)) return null;
    const { mailboxes } = snapshotSchema.parse(JSON.parse(readFileSync(place, 'utf8')));
    this.#removeOrphans(mailboxes);
    return buildStorage(mailboxes.map((mailbox) => [mailbox.path, this.#revive(mailbox)]));
  }

  /** Writes what the server holds now, if that differs from what is on disk. */
  flush(server: ImapServer): void {
    const mailboxes = Object.values(server.folderCache).map((mailbox) => this.#keep(mailbox));
    const text = JSON.stringify({ format: 1, mailboxes });
    if (text === this.#last) return;
    writePrivateFile(join(this.#folder, 'mailboxes.json'), text);
    this.#last = text;
  }

  #keep(mailbox: StoredMailbox): KeptMailbox {
    const use = [mailbox['special-use'] ?? []].flat()[0];
    return {
      path: mailbox.path,
      ...(use === undefined ? {} : { specialUse: use }),
      subscribed: mailbox.subscribed,
      uidvalidity: mailbox.uidvalidity,
      uidnext: mailbox.uidnext,
      highestModseq: mailbox.HIGHESTMODSEQ ?? 1,
      messages: mailbox.messages.map((message) => ({
        uid: message.uid,
        flags: message.flags,
        date: message.internaldate,
        modseq: message.MODSEQ ?? 1,
        source: this.#keepSource(message),
      })),
    };
  }

  #keepSource(message: StoredMessage): string {
    const known = this.#hashes.get(message);
    if (known !== undefined) return known;
    const bytes = Buffer.from(message.raw, 'latin1');
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (!this.#written.has(hash)) writePrivateFile(this.#sourcePlace(hash), bytes);
    this.#written.add(hash);
    this.#hashes.set(message, hash);
    return hash;
  }

  #revive(mailbox: KeptMailbox): InitialMailbox {
    return {
      ...(mailbox.specialUse === undefined ? {} : { 'special-use': mailbox.specialUse }),
      subscribed: mailbox.subscribed,
      uidvalidity: mailbox.uidvalidity,
      uidnext: mailbox.uidnext,
      HIGHESTMODSEQ: mailbox.highestModseq,
      messages: mailbox.messages.map(({ uid, flags, date, modseq, source }) => {
        const raw = readFileSync(this.#sourcePlace(source)).toString('latin1');
        const message: StoredMessage = { uid, flags, internaldate: date, raw, MODSEQ: modseq };
        this.#hashes.set(message, source);
        this.#written.add(source);
        return message;
      }),
    };
  }

  #removeOrphans(mailboxes: KeptMailbox[]): void {
    const folder = join(this.#folder, 'sources');
    if (!existsSync(folder)) return;
    const named = new Set(
      mailboxes.flatMap((mailbox) => mailbox.messages.map((message) => `${message.source}.eml`)),
    );
    for (const file of readdirSync(folder)) if (!named.has(file)) rmSync(join(folder, file));
  }

  #sourcePlace(hash: string): string {
    return join(this.#folder, 'sources', `${hash}.eml`);
  }
}

/** Puts mailboxes named by path, parents before children or not, into the tree that hoodiecrow works on. */
export function buildStorage(mailboxes: [path: string, mailbox: InitialMailbox][]): Storage {
  const root: Namespace & { folders: Record<string, InitialMailbox> } = {
    folders: {},
    separator: '/',
    type: 'personal',
  };
  let inbox: InitialMailbox = {};
  for (const [path, mailbox] of mailboxes.toSorted(([a], [b]) => a.length - b.length)) {
    if (path === 'INBOX') {
      inbox = mailbox;
      continue;
    }
    let folders = root.folders;
    const names = path.split('/');
    const last = names.pop() ?? path;
    for (const name of names) {
      const parent = folders[name] ?? {};
      folders[name] = parent;
      parent.folders ??= {};
      folders = parent.folders;
    }
    folders[last] = mailbox;
  }
  return { INBOX: inbox, '': root };
}
