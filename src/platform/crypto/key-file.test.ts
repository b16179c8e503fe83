import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ensureKeyFile } from './key-file.ts';
import { ensureSessionSecret } from './session-secret.ts';

const newPath = () => join(mkdtempSync(join(tmpdir(), 'mailroom-keys-')), 'keys', 'mailroom.key');

describe('the key file', () => {
  it('is made once, 0600 in a 0700 folder, and read afterwards', () => {
    const path = newPath();
    const first = ensureKeyFile(path);
    const second = ensureKeyFile(path);
    expect(first.created).toBe(true);
    expect(second.created).toBe(false);
    expect(second.ring).toEqual(first.ring);
    expect(first.ring.keys.get(first.ring.current)).toHaveLength(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, '..'))).toEqual(['mailroom.key']);
  });

  it('is refused while others can read it', () => {
    const path = newPath();
    ensureKeyFile(path);
    chmodSync(path, 0o640);
    expect(() => ensureKeyFile(path)).toThrow(/chmod 600/);
  });

  it('is refused where it is damaged, without a word of what it holds', () => {
    const path = newPath();
    ensureKeyFile(path);
    const held = readFileSync(path, 'utf8');
    for (const damaged of [held.slice(0, -12), '{}', held.replace(/"current": "k/, '"current": "z')]) {
      writeFileSync(path, damaged);
      const error = (() => {
        try {
          ensureKeyFile(path);
        } catch (caught) {
          return caught;
        }
        return null;
      })();
      expect(error).toBeInstanceOf(Error);
      const secret = Object.values(JSON.parse(held).keys as Record<string, string>)[0]!;
      expect(String(error)).not.toContain(secret.slice(0, 8));
    }
  });

  it('is one and the same for processes that make it at once', async () => {
    const path = newPath();
    const program = `import { ensureKeyFile } from ${JSON.stringify(new URL('./key-file.ts', import.meta.url).href)};
      const { ring, created } = ensureKeyFile(process.argv[1]);
      console.log(JSON.stringify([ring.current, ring.keys.get(ring.current).toString('hex'), created]));`;
    const run = promisify(execFile);
    const results = await Promise.all(
      Array.from({ length: 4 }, () =>
        run(process.execPath, ['--input-type=module', '-e', program, '--', path]),
      ),
    );
    const lines = results.map(({ stdout }) => JSON.parse(stdout) as [string, string, boolean]);
    expect(new Set(lines.map(([id, key]) => `${id} ${key}`)).size).toBe(1);
    expect(lines.filter(([, , created]) => created)).toHaveLength(1);
  });
});

describe('the session secret', () => {
  it('is made once and stays', () => {
    const path = newPath();
    const secret = ensureSessionSecret(path);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(ensureSessionSecret(path)).toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is refused where it is too short', () => {
    const path = newPath();
    ensureSessionSecret(path);
    writeFileSync(path, 'short\n');
    expect(() => ensureSessionSecret(path)).toThrow(/no secret/);
  });
});
