import { Worker } from 'node:worker_threads';
import { type ParseRequest, type ThreadAnswer, type ThreadMessage, weightOf } from './protocol.ts';

export interface ThreadLimits {
  /** Milliseconds that one mail may take. */
  parseTime: number;
  /** Milliseconds until a new thread must be ready. */
  startTime: number;
  /** Megabytes of JavaScript heap of one thread. */
  heap: number;
}

/** What became of a thread that ended: what it had not answered, oldest first, and why it ended. */
export interface ThreadEnd {
  unanswered: ParseRequest[];
  /** It never came to reading: the fault is no mail's. */
  wasReady: boolean;
  reason: Error;
}

interface ThreadListener {
  answered(answer: ThreadAnswer): void;
  ended(end: ThreadEnd): void;
}

/** One thread and the requests that it holds. Reads them in order; ends when one of them takes too long or too much memory. */
export class ParsingThread {
  readonly #worker: Worker;
  readonly #limits: ThreadLimits;
  readonly #requests: ParseRequest[] = [];
  #load = 0;
  #isReady = false;
  #reason: Error | null = null;
  #deadline: NodeJS.Timeout | undefined;

  constructor(entry: URL, limits: ThreadLimits, listener: ThreadListener) {
    this.#limits = limits;
    this.#worker = new Worker(entry, {
      name: 'parsing',
      resourceLimits: { maxOldGenerationSizeMb: limits.heap, maxYoungGenerationSizeMb: 24 },
    });
    this.#expect(limits.startTime, 'The parsing thread did not start in time');
    this.#worker.on('message', (message: ThreadMessage) => {
      if (message.kind === 'ready') this.#isReady = true;
      else {
        const answered = this.#requests.shift();
        if (answered !== undefined) this.#load -= weightOf(answered);
        listener.answered(message);
      }
      this.#expectAnswer();
    });
    this.#worker.on('error', (error) => {
      this.#reason ??= error;
    });
    this.#worker.on('exit', () => {
      clearTimeout(this.#deadline);
      listener.ended({
        unanswered: this.#requests.splice(0),
        wasReady: this.#isReady,
        reason: this.#reason ?? new Error('The parsing thread ended'),
      });
    });
  }

  /** Bytes of mails that it holds. */
  get load(): number {
    return this.#load;
  }

  /**
   * The thread gets a copy of the bytes, moved to it and not cloned: copying 25 KB takes some microseconds, and what is kept here is what
   * the mail is read from again if the thread ends.
   */
  send(request: ParseRequest): void {
    this.#requests.push(request);
    this.#load += weightOf(request);
    if (request.wanted === 'words') {
      const { source } = request;
      // As it comes from the database it is a view of a larger buffer, all of which would be cloned.
      const packed = source.packed === null ? null : new Uint8Array(source.packed);
      this.#worker.postMessage(
        { ...request, source: { ...source, packed } },
        packed === null ? [] : [packed.buffer],
      );
    } else {
      const raw = new Uint8Array(request.raw);
      this.#worker.postMessage({ ...request, raw }, [raw.buffer]);
    }
    if (this.#isReady && this.#requests.length === 1) this.#expectAnswer();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #expectAnswer(): void {
    clearTimeout(this.#deadline);
    if (this.#requests.length > 0) this.#expect(this.#limits.parseTime, 'It took too long to read');
  }

  #expect(milliseconds: number, reason: string): void {
    const deadline = setTimeout(() => {
      // An answer may have come while this thread was busy: it is heard before the timer is believed.
      setImmediate(() => {
        if (this.#deadline !== deadline) return;
        this.#reason ??= new Error(reason);
        void this.#worker.terminate();
      });
    }, milliseconds);
    this.#deadline = deadline;
  }
}
