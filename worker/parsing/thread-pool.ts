import { type KeptEmail, keepEmail } from '#mail/content/kept-email.ts';
import { unreadEmail } from '#mail/content/parse.ts';
import type { Parser } from '#mail/content/parser.ts';
import type { MadeWords, WordMaker, WordsSource } from '#mail/search/word-maker.ts';
import type { Log } from '#platform/log.ts';
import { ParsingThread, type ThreadEnd, type ThreadLimits } from './parsing-thread.ts';
import type { ParseRequest, ThreadAnswer } from './protocol.ts';

export interface ThreadPoolOptions {
  threads: number;
  /** The module that each thread runs. */
  entry: URL;
  limits: ThreadLimits;
  log: Log;
}

interface Waiter {
  answer(answer: ThreadAnswer): void;
  reject(error: Error): void;
}

/** Bytes of mails that a thread holds at a time: enough that it need not wait while the event loop is busy with something else. */
const heldByThread = 4 * 1024 * 1024;

/**
 * Parses in threads of their own. A mail that a thread ended with is read again for its header fields alone, and if that ends a thread too
 * is given with its problem and nothing else; the mails behind it are read by the next thread. Each end of a thread costs a
 * mail one of its two attempts, so it comes to an end whatever the mails are.
 */
export class ThreadPool implements Parser, WordMaker {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<ParsingThread>();
  readonly #waiters = new Map<number, Waiter>();
  #queue: ParseRequest[] = [];
  #nextId = 0;
  #isClosed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  parse(raw: Uint8Array): Promise<KeptEmail> {
    const { promise, resolve, reject } = Promise.withResolvers<KeptEmail>();
    this.#ask((id) => ({ id, raw, wanted: 'whole' }), {
      answer: (answer) =>
        answer.kind === 'parsed' ? resolve(answer.email) : reject(new Error('A mail was answered by words')),
      reject,
    });
    return promise;
  }

  makeWords(source: WordsSource): Promise<MadeWords> {
    const { promise, resolve, reject } = Promise.withResolvers<MadeWords>();
    this.#ask((id) => ({ id, source, wanted: 'words' }), {
      answer: (answer) =>
        answer.kind === 'words' ? resolve(answer.made) : reject(new Error('Words were answered by a mail')),
      reject,
    });
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    for (const { reject } of this.#waiters.values()) reject(new Error('The parser is closed'));
    this.#waiters.clear();
    this.#queue = [];
  }

  #ask(request: (id: number) => ParseRequest, waiter: Waiter): void {
    if (this.#isClosed) {
      waiter.reject(new Error('The parser is closed'));
      return;
    }
    const id = this.#nextId++;
    this.#waiters.set(id, waiter);
    this.#queue.push(request(id));
    this.#dispatch();
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && !this.#isClosed) {
      const thread = this.#leastLoaded();
      if (thread === null) return;
      const request = this.#queue.shift();
      if (request !== undefined) thread.send(request);
    }
  }

  /** The thread to give the next mail to, a new one where all are busy and more are allowed, null where none can hold another. */
  #leastLoaded(): ParsingThread | null {
    const [least] = [...this.#threads].sort((one, other) => one.load - other.load);
    if (least !== undefined && least.load === 0) return least;
    if (this.#threads.size < this.#options.threads) return this.#start();
    return least !== undefined && least.load < heldByThread ? least : null;
  }

  #start(): ParsingThread {
    const thread = new ParsingThread(this.#options.entry, this.#options.limits, {
      answered: (answer) => {
        this.#settle(answer.id, (waiter) => waiter.answer(answer));
        this.#dispatch();
      },
      ended: (end) => {
        this.#threads.delete(thread);
        if (!this.#isClosed) this.#recover(end);
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  #recover({ unanswered, wasReady, reason }: ThreadEnd): void {
    this.#options.log.warn({ err: reason, unanswered: unanswered.length }, 'a parsing thread ended');
    if (wasReady) {
      const [culprit, ...others] = unanswered;
      const again = culprit === undefined ? null : this.#nextAttempt(culprit, reason);
      this.#queue.unshift(...(again === null ? [] : [again]), ...others);
    } else {
      for (const { id } of unanswered) this.#settle(id, (waiter) => waiter.reject(reason));
    }
    this.#dispatch();
  }

  #nextAttempt(request: ParseRequest, reason: Error): ParseRequest | null {
    const problem = `The mail could not be read: ${reason.message}`.slice(0, 300);
    const { id } = request;
    if (request.wanted === 'whole') return { id, raw: request.raw, wanted: 'header', problem };
    const answer: ThreadAnswer =
      request.wanted === 'header'
        ? { kind: 'parsed', id, email: keepEmail(unreadEmail(request.problem)) }
        : { kind: 'words', id, made: { words: new Uint8Array(), problem } };
    this.#settle(id, (waiter) => waiter.answer(answer));
    return null;
  }

  #settle(id: number, how: (waiter: Waiter) => void): void {
    const waiter = this.#waiters.get(id);
    this.#waiters.delete(id);
    if (waiter !== undefined) how(waiter);
  }
}
