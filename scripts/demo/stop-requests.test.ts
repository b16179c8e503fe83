import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { listenForStop, STOP } from './stop-requests.ts';

function listen() {
  const us = new EventEmitter();
  const killNow = vi.fn();
  return { us, killNow, asked: listenForStop(us, killNow) };
}

describe('requests to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('%s stops in order', async (request) => {
    const { us, killNow, asked } = listen();
    us.emit(request);
    expect(await asked).toBe(STOP);
    expect(killNow).not.toHaveBeenCalled();
  });

  it('one Ctrl-C that comes by several ways stops in order', async () => {
    const { us, killNow, asked } = listen();
    for (const request of ['SIGTERM', 'SIGINT', 'SIGTERM', 'disconnect']) us.emit(request);
    expect(await asked).toBe(STOP);
    expect(killNow).not.toHaveBeenCalled();
  });

  it('a second Ctrl-C ends all at once', () => {
    const { us, killNow } = listen();
    us.emit('SIGINT');
    us.emit('SIGINT');
    expect(killNow).toHaveBeenCalledOnce();
  });
});
