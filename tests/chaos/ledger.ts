interface Entry {
  /** The most copies that may be: appended, copied, or moved by two hands at once. */
  most: number;
  /** Somebody has asked for its end, or may have. */
  mayBeGone: boolean;
}

/**
 * What has been done to each mail, by its token: that server and Mailroom agree says nothing of a mail that is lost
 * or doubled on both.
 */
export class Ledger {
  readonly #entries = new Map<number, Entry>();
  /** A mailbox is being deleted with whatever comes into it meanwhile: what is missing now proves nothing. */
  #isOpen = false;

  /** A mail is about to be appended; whether it has been, the answer tells. @returns its token */
  begin(): number {
    const token = this.#entries.size + 1;
    this.#entries.set(token, { most: 1, mayBeGone: true });
    return token;
  }

  appended(token: number): void {
    this.#entries.set(token, { most: 1, mayBeGone: false });
  }

  /** A copy of it may have been made. */
  copied(token: number | null): void {
    const entry = token === null ? undefined : this.#entries.get(token);
    if (entry !== undefined) entry.most += 1;
  }

  /** Whether there can be no more than one of this mail: what is done to it is done to that one. */
  isSingle(token: number): boolean {
    return this.#entries.get(token)?.most === 1;
  }

  /** Somebody has asked for the end of these mails. */
  ended(tokens: Iterable<number | null>): void {
    for (const token of tokens) {
      const entry = token === null ? undefined : this.#entries.get(token);
      if (entry !== undefined) entry.mayBeGone = true;
    }
  }

  /** A person has deleted a mailbox: until that is carried out, any mail may come into it and go with it. */
  mailboxDeleted(): void {
    this.#isOpen = true;
  }

  /** What was under way has come to its end. */
  settled(counts: ReadonlyMap<number, number>): void {
    if (this.#isOpen) this.accept(counts);
    this.#isOpen = false;
  }

  /** The mails that are lost or doubled, given how many copies of each token the server has. */
  faults(counts: ReadonlyMap<number, number>): string[] {
    return [...this.#entries].flatMap(([token, { most, mayBeGone }]) => {
      const count = counts.get(token) ?? 0;
      if (count === 0 && !mayBeGone && !this.#isOpen)
        return [`chaos-${token} is lost: nobody asked for its end`];
      if (count > most) return [`chaos-${token} is ${count} times on the server; at most ${most} were made`];
      return [];
    });
  }

  /** Takes what the server has now as given, so that one fault is counted once. */
  accept(counts: ReadonlyMap<number, number>): void {
    for (const [token, entry] of this.#entries) {
      const count = counts.get(token) ?? 0;
      entry.most = Math.max(entry.most, count);
      if (count === 0) entry.mayBeGone = true;
    }
  }
}
