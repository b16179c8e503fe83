import { expect, it } from 'vitest';
import { KeyedLock } from './keyed-lock.ts';

it('work of one key runs one after another, in order; of another key beside it', async () => {
  const lock = new KeyedLock();
  const said: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = lock.run(['a'], async () => {
    said.push('first begins');
    await gate.promise;
    said.push('first ends');
  });
  const second = lock.run(['a'], async () => void said.push('second'));
  await lock.run(['b'], async () => void said.push('other key'));
  gate.resolve();
  await Promise.all([first, second]);
  expect(said).toEqual(['first begins', 'other key', 'first ends', 'second']);
});

it('a failure frees the key', async () => {
  const lock = new KeyedLock();
  await expect(lock.run(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lock.run(['a'], async () => 'yes')).toBe('yes');
});

it('two that want the same keys in another order do not wait for each other for ever', async () => {
  const lock = new KeyedLock();
  const runs = Array.from({ length: 50 }, (_, index) =>
    lock.run(index % 2 === 0 ? ['a', 'b'] : ['b', 'a', 'a'], async () => index),
  );
  expect(await Promise.all(runs)).toHaveLength(50);
});
