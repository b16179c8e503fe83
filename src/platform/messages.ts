import { randomUUID } from 'node:crypto';
import { createPostgresRelayBackend, Relay } from 'bullmq';
import { Redis } from 'ioredis';
import type { Log } from './log.ts';

/** Where messages between processes travel: Redis where it is given, else Postgres. */
export interface MessagesOptions {
  databaseUrl: string;
  redisUrl: string | null;
  redisPrefix: string;
  name: string;
  log: Log;
}

/** No process answered in time. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

interface Request {
  answerTo: string;
  requestId: string;
  body: unknown;
}

/** One question that arrived, and the way to answer it. */
export interface Question {
  topic: string;
  body: unknown;
  answer(body: unknown): Promise<void>;
}

/**
 * Messages between processes, each a hint that may be lost: whatever must not be lost is a committed row first.
 * Topics are dot-separated; a pattern's `*` is one segment, its `>` one or more at the end.
 */
export interface Messages {
  /** Never throws: a message that could not be sent is logged, and the sweepers find its row. */
  publish(topic: string, body: unknown): Promise<void>;
  subscribe(pattern: string, listener: (topic: string, body: unknown) => void): Promise<() => Promise<void>>;
  /** @throws NoAnswer after `timeout` milliseconds */
  ask(topic: string, body: unknown, timeout: number): Promise<unknown>;
  /** Hears the questions on a topic. Any number of processes may hear; the first answer counts. */
  hear(pattern: string, listener: (question: Question) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

function isRequest(value: unknown): value is Request {
  return (
    typeof value === 'object' &&
    value !== null &&
    'answerTo' in value &&
    typeof value.answerTo === 'string' &&
    'requestId' in value &&
    typeof value.requestId === 'string'
  );
}

function createRelay({ databaseUrl, redisUrl, redisPrefix, name, log }: MessagesOptions) {
  if (redisUrl === null) {
    const relay = new Relay({
      connection: { connectionString: databaseUrl, migrate: true, max: 2 },
      backend: createPostgresRelayBackend,
      name,
    });
    relay.on('error', (error) => log.warn({ err: error }, 'messages between processes are disturbed'));
    return { relay, disconnect: () => undefined };
  }
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', (error) => log.warn({ err: error }, 'Redis is disturbed'));
  const relay = new Relay({ connection, prefix: redisPrefix, name });
  relay.on('error', (error) => log.warn({ err: error }, 'messages between processes are disturbed'));
  return { relay, disconnect: () => connection.disconnect() };
}

export async function createMessages(options: MessagesOptions): Promise<Messages> {
  const { log } = options;
  const { relay, disconnect } = createRelay(options);
  await relay.waitUntilReady();
  const node = randomUUID();
  const waiting = new Map<string, (body: unknown) => void>();

  async function subscribe(pattern: string, listener: (topic: string, body: unknown) => void) {
    const subscription = await relay.subscribe(pattern, (message) => listener(message.topic, message.data));
    return () => subscription.unsubscribe();
  }

  async function publish(topic: string, body: unknown): Promise<void> {
    try {
      await relay.publish(topic, body);
    } catch (error) {
      log.warn({ err: error, topic }, 'a message between processes was not sent');
    }
  }

  await subscribe(`answers.${node}`, (_topic, body) => {
    if (!isRequest(body)) return;
    waiting.get(body.requestId)?.(body.body);
    waiting.delete(body.requestId);
  });

  return {
    publish,
    subscribe,
    async ask(topic, body, timeout) {
      const requestId = randomUUID();
      const answered = new Promise<unknown>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(requestId);
          reject(new NoAnswer(`No answer on ${topic} within ${timeout} ms.`));
        }, timeout);
        waiting.set(requestId, (answer) => {
          clearTimeout(timer);
          resolve(answer);
        });
      });
      await publish(topic, { answerTo: `answers.${node}`, requestId, body } satisfies Request);
      return answered;
    },
    hear: (pattern, listener) =>
      subscribe(pattern, (topic, request) => {
        if (!isRequest(request)) return;
        const { answerTo, requestId } = request;
        listener({
          topic,
          body: request.body,
          answer: (body) => publish(answerTo, { answerTo, requestId, body } satisfies Request),
        });
      }),
    async close() {
      await relay.close();
      disconnect();
    },
  };
}
