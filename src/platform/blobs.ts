import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes under (account, SHA-256). The same bytes of one account are kept once; no account sees another's. */
export interface Blobs {
  /** Keeps the bytes durably and gives their hash. */
  put(accountId: string, bytes: Uint8Array): Promise<string>;
  /** As `put`, of bytes that come one after another; where they fail nothing is kept. */
  putStream(accountId: string, bytes: AsyncIterable<Uint8Array>): Promise<{ hash: string; size: number }>;
  /** The bytes, or null where they are not here. */
  get(accountId: string, hash: string): Promise<Buffer | null>;
  /** A stream with its size, or null where the bytes are not here. */
  open(accountId: string, hash: string): Promise<{ size: number; stream: NodeJS.ReadableStream } | null>;
  /** Removes everything of one account. */
  removeAccount(accountId: string): Promise<void>;
}

const safeName = /^[0-9a-f-]{36}$/;
const safeHash = /^[0-9a-f]{64}$/;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Blobs in a folder, each written beside its place and renamed, so that none is ever half there. */
export function folderBlobs(folder: string): Blobs {
  function place(accountId: string, hash: string): string {
    if (!safeName.test(accountId) || !safeHash.test(hash)) throw new TypeError('Not the name of a blob.');
    return join(/*turbopackIgnore: true*/ folder, accountId, hash.slice(0, 2), hash);
  }
  return {
    async put(accountId, bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex');
      const path = place(accountId, hash);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomUUID()}`;
      await writeFile(temporary, bytes, { mode: 0o600, flush: true });
      await rename(temporary, path);
      return hash;
    },
    async putStream(accountId, bytes) {
      if (!safeName.test(accountId)) throw new TypeError('Not the name of an account.');
      const own = join(/*turbopackIgnore: true*/ folder, accountId);
      await mkdir(own, { recursive: true, mode: 0o700 });
      const temporary = join(own, `incoming.${randomUUID()}`);
      const file = await open(temporary, 'wx', 0o600);
      try {
        const digest = createHash('sha256');
        let size = 0;
        for await (const piece of bytes) {
          digest.update(piece);
          await file.writeFile(piece);
          size += piece.length;
        }
        await file.sync();
        const hash = digest.digest('hex');
        const path = place(accountId, hash);
        await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
        await rename(temporary, path);
        return { hash, size };
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      } finally {
        await file.close();
      }
    },
    async get(accountId, hash) {
      try {
        return await readFile(place(accountId, hash));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async open(accountId, hash) {
      const path = place(accountId, hash);
      try {
        const { size } = await stat(path);
        return { size, stream: createReadStream(path) };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async removeAccount(accountId) {
      if (!safeName.test(accountId)) throw new TypeError('Not the name of an account.');
      await rm(join(/*turbopackIgnore: true*/ folder, accountId), { recursive: true, force: true });
    },
  };
}
