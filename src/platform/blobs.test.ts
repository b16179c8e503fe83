import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { folderBlobs } from './blobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-blobs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const blobs = folderBlobs(folder);

it('gives back what was put, to that account alone', async () => {
  const [own, other] = [randomUUID(), randomUUID()];
  const hash = await blobs.put(own, Buffer.from('bytes'));
  expect(String(await blobs.get(own, hash))).toBe('bytes');
  expect((await blobs.open(own, hash))?.size).toBe(5);
  expect(await blobs.get(other, hash)).toBeNull();
  expect(await blobs.open(other, hash)).toBeNull();
  await blobs.removeAccount(own);
  expect(await blobs.get(own, hash)).toBeNull();
});

it.each(['../../etc/passwd', '..', 'a'.repeat(63), `${'a'.repeat(63)}/`])(
  'takes %j for no name',
  async (name) => {
    await expect(blobs.get(randomUUID(), name)).rejects.toThrow(TypeError);
    await expect(blobs.removeAccount(name)).rejects.toThrow(TypeError);
  },
);
