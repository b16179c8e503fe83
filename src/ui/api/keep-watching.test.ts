import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepWatching, type StreamListeners } from './keep-watching.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const streams: StreamListeners[] = [];
  const ended = vi.fn();
  const heard: string[] = [];
  const watching = keepWatching(
    (listeners) => {
      streams.push(listeners);
      return ended;
    },
    {
      onConnected: () => heard.push('connected'),
      onLost: () => heard.push('lost'),
      onOver: () => heard.push('over'),
    },
  );
  return { streams, heard, ended, watching, last: () => streams.at(-1) as StreamListeners };
}

describe('the event stream', () => {
  it('is begun anew when the server ended it in order', () => {
    const { streams, heard, last } = watch();
    last().onConnected();
    last().onOver(null);
    vi.advanceTimersByTime(1000);
    last().onConnected();
    expect(streams).toHaveLength(2);
    expect(heard).toEqual(['connected', 'over', 'connected']);
  });

  it('is asked for less and less often while nobody answers, and at once often again when somebody did', () => {
    const { streams, last } = watch();
    for (const [pause, count] of [
      [1000, 2],
      [2000, 3],
      [4000, 4],
      [8000, 5],
      [15_000, 6],
      [15_000, 7],
    ] as const) {
      last().onOver(new Error('nobody there'));
      vi.advanceTimersByTime(pause - 1);
      expect(streams).toHaveLength(count - 1);
      vi.advanceTimersByTime(1);
      expect(streams).toHaveLength(count);
    }
    last().onConnected();
    last().onOver(null);
    vi.advanceTimersByTime(1000);
    expect(streams).toHaveLength(8);
  });

  it('is not begun twice where it says that it is over twice, and not at all after the end', () => {
    const { streams, heard, last, watching } = watch();
    const [first] = streams;
    first?.onOver(null);
    first?.onOver(null);
    vi.advanceTimersByTime(20_000);
    expect(streams).toHaveLength(2);
    watching.stop();
    last().onOver(null);
    vi.advanceTimersByTime(60_000);
    expect(streams).toHaveLength(2);
    expect(heard).toEqual(['over']);
  });

  it('is begun anew when asked, and what the old one still says is not heard', () => {
    const { streams, heard, ended, watching } = watch();
    watching.restart();
    expect(ended).toHaveBeenCalledOnce();
    streams[0]?.onLost();
    streams[1]?.onConnected();
    expect(heard).toEqual(['connected']);
  });

  it('is begun anew where nobody says a word, at first or after it was lost', () => {
    const { streams, heard, ended, last } = watch();
    vi.advanceTimersByTime(29_999);
    expect(streams).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(streams).toHaveLength(2);
    expect(ended).toHaveBeenCalledOnce();
    last().onConnected();
    vi.advanceTimersByTime(600_000);
    expect(streams).toHaveLength(2);
    last().onLost();
    vi.advanceTimersByTime(30_000);
    expect(streams).toHaveLength(3);
    expect(heard).toEqual(['lost', 'connected', 'lost', 'lost']);
  });
});
