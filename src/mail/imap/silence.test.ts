import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilSilent } from './silence.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function connection() {
  const client = {
    received: 0,
    isClosed: false,
    stats: () => ({ sent: 0, received: client.received }),
    close: () => {
      client.isClosed = true;
    },
  };
  return client;
}

const failure = () => new Error('silent');
const never = () => new Promise<never>(() => undefined);

describe('a command', () => {
  it('is given up when the server says nothing, and its connection is closed', async () => {
    const client = connection();
    const outcome = untilSilent(client, never(), 1000, failure).catch((error: Error) => error.message);
    await vi.advanceTimersByTimeAsync(999);
    expect(client.isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe('silent');
    expect(client.isClosed).toBe(true);
  });

  it('is waited for while the server goes on sending', async () => {
    const client = connection();
    let done: (value: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => {
      done = resolve;
    });
    const outcome = untilSilent(client, work, 1000, failure);
    for (let second = 0; second < 10; second += 1) {
      client.received += 1;
      await vi.advanceTimersByTimeAsync(1000);
    }
    done('whole');
    expect(await outcome).toBe('whole');
    expect(client.isClosed).toBe(false);
  });

  it('that trickles for ever is given up all the same', async () => {
    const client = connection();
    const outcome = untilSilent(client, never(), 1000, failure).catch((error: Error) => error.message);
    for (let second = 0; second < 100; second += 1) {
      client.received += 1;
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(await outcome).toBe('silent');
  });
});
