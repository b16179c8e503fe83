import type { Entry, Mailbox } from './gmail-account.ts';

/** What a session knows of its selected mailbox: sequence numbers change only when it is told so. */
export class SelectedMailbox {
  readonly mailbox: Mailbox;
  readonly isReadOnly: boolean;
  #known: Entry[];
  readonly #told = new Map<Entry, number>();

  constructor(mailbox: Mailbox, isReadOnly: boolean) {
    this.mailbox = mailbox;
    this.isReadOnly = isReadOnly;
    this.#known = [...mailbox.entries];
    for (const entry of this.#known) this.#told.set(entry, entry.message.modseq);
  }

  /** By sequence number, from 0. */
  get known(): readonly Entry[] {
    return this.#known;
  }

  /** The client has this entry's flags as they are now. */
  wasTold(entry: Entry): void {
    this.#told.set(entry, entry.message.modseq);
  }

  /** The lines that bring the client up to date; what went is told only where the protocol allows it. */
  news(mayExpunge: boolean, flagsLine: (entry: Entry) => string): string[] {
    const lines: string[] = [];
    const present = new Set(this.mailbox.entries);
    if (mayExpunge) {
      for (let at = this.#known.length - 1; at >= 0; at -= 1) {
        const entry = this.#known[at];
        if (entry === undefined || present.has(entry)) continue;
        this.#known.splice(at, 1);
        this.#told.delete(entry);
        lines.push(`* ${at + 1} EXPUNGE`);
      }
    }
    const arrived = this.mailbox.entries.filter((entry) => !this.#told.has(entry));
    if (arrived.length > 0) {
      for (const entry of arrived) {
        this.#known.push(entry);
        this.wasTold(entry);
      }
      lines.push(`* ${this.#known.length} EXISTS`);
    }
    this.#known.forEach((entry, at) => {
      if (this.#told.get(entry) === entry.message.modseq || !present.has(entry)) return;
      this.wasTold(entry);
      lines.push(`* ${at + 1} FETCH (UID ${entry.uid} ${flagsLine(entry)})`);
    });
    return lines;
  }
}
