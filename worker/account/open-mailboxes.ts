/** A mailbox counts as open for so many milliseconds after the last word that it is. */
const openTime = 60_000;
/** How often an open one is looked at, in milliseconds. */
const interval = 1000;

/** The mailboxes that people have open now, and the beat at which they are looked at. */
export class OpenMailboxes {
  readonly #until = new Map<string, number>();
  readonly #look: (mailboxId: string, manner: 'look' | 'glance') => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(look: (mailboxId: string, manner: 'look' | 'glance') => void) {
    this.#look = look;
  }

  #has(mailboxId: string): boolean {
    return (this.#until.get(mailboxId) ?? 0) > Date.now();
  }

  /** Whether any mailbox of the account is open: somebody looks at it now. */
  get isAny(): boolean {
    return [...this.#until.keys()].some((mailboxId) => this.#has(mailboxId));
  }

  /** Somebody has it open. It is looked at now, and again and again for as long as this is said. */
  open(mailboxId: string): void {
    this.#until.set(mailboxId, Date.now() + openTime);
    this.#look(mailboxId, 'look');
    this.#timer ??= setInterval(() => this.#beat(), interval);
  }

  end(): void {
    this.#until.clear();
    this.#beat();
  }

  #beat(): void {
    for (const mailboxId of this.#until.keys()) {
      if (this.#has(mailboxId)) this.#look(mailboxId, 'glance');
      else this.#until.delete(mailboxId);
    }
    if (this.#until.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
