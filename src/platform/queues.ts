import { createPostgresBackend, type Processor, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Rate } from './limits/table.ts';
import type { Log } from './log.ts';

/** Every queue and what its jobs carry: ids only, since the row is the truth and the job a hint. */
export interface JobPayloads {
  /** One bounded batch of an account's backfill, or a look at all its mailboxes. */
  sync: { accountId: string };
  /** One submission that is due. */
  send: { accountId: string; submissionId: string };
  /** Some batches of an action on very many mails. */
  bulk: { accountId: string; jobId: string };
  /** Something that a person waits for: the trial of an account's settings. */
  process: { setupId: string };
  /** One mail of Mailroom's own that is due. */
  notifications: { systemMessageId: string };
  /** Finds due rows that no job speaks of, and removes what has expired. */
  cleanup: Record<string, never>;
}

export type QueueName = keyof JobPayloads;

export interface QueuesOptions {
  databaseUrl: string;
  redisUrl: string | null;
  redisPrefix: string;
  log: Log;
}

/** Who goes first where several wait: what a person waits for, what was planned, what is tried again or goes in bulk. */
export type Turn = 'first' | 'planned' | 'last';

/** BullMQ's own order: without a priority first, then the lower number. */
const priorities = { first: 0, planned: 5, last: 10 } as const satisfies Record<Turn, number>;

export interface Queues {
  /**
   * Adds a job. Where `key` is given, nothing is added while a job of that key waits in the queue.
   * Never throws: the row is found again by the sweeper.
   */
  add<Name extends QueueName>(
    name: Name,
    payload: JobPayloads[Name],
    options?: { key?: string; delay?: number; turn?: Turn },
  ): Promise<void>;
  /**
   * Repeats a job without payload of its own every so many milliseconds: one schedule however often and by however many
   * it is asked for. It is asked for again and again, since a flushed Redis has forgotten it.
   */
  repeat(name: 'cleanup', every: number): Promise<void>;
  /**
   * Starts taking jobs of one queue.
   * @param rate how many jobs of the queue all workers together may begin
   */
  work<Name extends QueueName>(
    name: Name,
    concurrency: number,
    processor: (payload: JobPayloads[Name]) => Promise<void>,
    rate?: Rate,
  ): void;
  /** Stops taking jobs, waits for those that run, and closes every connection. */
  close(): Promise<void>;
}

const defaultJobOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1000 },
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
};

interface TakingOptions {
  concurrency: number;
  limiter?: { max: number; duration: number };
}

/** The one place that knows on which of the two a queue stands. */
function backend({ databaseUrl, redisUrl, redisPrefix, log }: QueuesOptions) {
  if (redisUrl === null) {
    const connection = { connectionString: databaseUrl, migrate: true, max: 2 };
    return {
      queue: (name: QueueName) => new Queue(name, { connection, defaultJobOptions }, createPostgresBackend),
      worker: (name: QueueName, processor: Processor, options: TakingOptions) =>
        new Worker(name, processor, { connection, ...options }, createPostgresBackend),
      disconnect: () => undefined,
    };
  }
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', (error) => log.warn({ err: error }, 'Redis is disturbed'));
  const prefix = redisPrefix;
  return {
    queue: (name: QueueName) => new Queue(name, { connection, prefix, defaultJobOptions }),
    worker: (name: QueueName, processor: Processor, options: TakingOptions) =>
      new Worker(name, processor, { connection, prefix, ...options }),
    disconnect: () => connection.disconnect(),
  };
}

/** Queues on Redis where it is given, else on Postgres. Both promise *at least once*. */
export function createQueues(options: QueuesOptions): Queues {
  const { log } = options;
  const stand = backend(options);
  const queues = new Map<QueueName, ReturnType<typeof stand.queue>>();
  const workers: ReturnType<typeof stand.worker>[] = [];
  const timers: NodeJS.Timeout[] = [];

  function queue(name: QueueName) {
    const existing = queues.get(name);
    if (existing !== undefined) return existing;
    const made = stand.queue(name);
    made.on('error', (error) => log.warn({ err: error, queue: name }, 'a queue is disturbed'));
    queues.set(name, made);
    return made;
  }

  return {
    async add(name, payload, { key, delay, turn = 'first' } = {}) {
      try {
        await queue(name).add(name, payload, {
          ...(delay === undefined ? {} : { delay }),
          priority: priorities[turn],
          ...(key === undefined ? {} : { deduplication: { id: key } }),
        });
      } catch (error) {
        log.warn({ err: error, queue: name }, 'a job was not added; the sweeper will find its row');
      }
    },
    async repeat(name, every) {
      const schedule = () => queue(name).upsertJobScheduler(`every-${name}`, { every }, { name, data: {} });
      await schedule();
      timers.push(
        setInterval(() => {
          schedule().catch((error: unknown) =>
            log.warn({ err: error, queue: name }, 'a schedule was not renewed; it is tried again'),
          );
        }, every),
      );
    },
    work(name, concurrency, processor, rate) {
      const worker = stand.worker(name, async (job) => processor(job.data), {
        concurrency,
        ...(rate === undefined ? {} : { limiter: { max: rate.count, duration: rate.seconds * 1000 } }),
      });
      worker.on('error', (error) => log.warn({ err: error, queue: name }, 'a queue worker is disturbed'));
      worker.on('failed', (job, error) =>
        log.error({ err: error, queue: name, job: job?.id, attempts: job?.attemptsMade }, 'a job failed'),
      );
      workers.push(worker);
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((made) => made.close()));
      stand.disconnect();
    },
  };
}
