import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
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

it('keeps what comes piece by piece under the same name, and nothing of what fails', async () => {
  const own = randomUUID();
  async function* pieces(isFailing: boolean) {
    yield Buffer.from('by');
    if (isFailing) throw new Error('the line is cut');
    yield Buffer.from('tes');
  }
  const hash = await blobs.put(own, Buffer.from('bytes'));
  await blobs.removeAccount(own);
  expect(await blobs.putStream(own, pieces(false))).toEqual({ hash, size: 5 });
  expect(String(await blobs.get(own, hash))).toBe('bytes');
  await expect(blobs.putStream(own, pieces(true))).rejects.toThrow('the line is cut');
  expect(readdirSync(join(folder, own))).toEqual([hash.slice(0, 2)]);
});

it.each(['../../etc/passwd', '..', 'a'.repeat(63), `${'a'.repeat(63)}/`])(
  'takes %j for no name',
  async (name) => {
    await expect(blobs.get(randomUUID(), name)).rejects.toThrow(TypeError);
    await expect(blobs.removeAccount(name)).rejects.toThrow(TypeError);
  },
);
