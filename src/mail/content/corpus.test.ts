import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEmail } from './parse.ts';

/** Folder of real mails; without it there is nothing to look at, and the skipped test's name says so. */
const corpus = process.env.MAIL_CORPUS;
const files = corpus
  ? readdirSync(corpus, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  : [];

describe.skipIf(!corpus)('the mails of MAIL_CORPUS (skipped when unset)', () => {
  it('are more than none', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)('%s is read', async (file) => {
    const raw = readFileSync(file);
    const started = performance.now();
    const email = await parseEmail(raw);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(email.problem ?? '').not.toContain('could not be read');
    for (const text of everyString(email)) {
      expect(text).not.toContain('\u0000');
      expect(text.isWellFormed()).toBe(true);
    }
    const words = wordsByNaiveLook(raw);
    if (words !== null) expect(email.text, `the mail says ${JSON.stringify(words)}`).toMatch(/\p{L}/u);
  });
});

function everyString(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array || value instanceof Date || value === null || typeof value !== 'object')
    return [];
  return Object.values(value).flatMap(everyString);
}

/** Words of the first text part that a look without any MIME parser finds: blocks between lines that begin with two dashes. */
function wordsByNaiveLook(raw: Buffer): string | null {
  const blocks = raw
    .toString('latin1')
    .replace(/\r\n?/g, '\n')
    .split(/^--\S.*$/m);
  for (const block of blocks) {
    const [, header = '', body = ''] = /^\n?([\s\S]*?)\n\n([\s\S]*)$/.exec(block) ?? [];
    if (!/^content-type:\s*text\/(?:plain|html)\b/im.test(header)) continue;
    const encoding = /^content-transfer-encoding:\s*([\w-]+)/im.exec(header)?.[1]?.toLowerCase();
    const decoded = encoding === 'base64' ? Buffer.from(body, 'base64').toString('latin1') : body;
    const shown = decoded
      .replace(/<(style|script|title)\b[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/=\n/g, '');
    const words = /\b[a-z]{3,}\b[\s\S]{0,60}/i.exec(shown)?.[0];
    if (words) return words;
  }
  return null;
}
