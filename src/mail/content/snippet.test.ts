import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSnippet } from './snippet.ts';

describe('makeSnippet', () => {
  it('folds white space and drops quotes, attribution and signature', () => {
    const text =
      'Yes,\n\n  that   works.\n\nOn Mon, 3 Mar 2025 at 10:00, Ada Example\n<ada@example.org> wrote:\n> Shall we?\n>> Perhaps.\n-- \nBob\nExample Ltd';
    expect(makeSnippet(text)).toBe('Yes, that works.');
  });

  it.each([
    'Am Mo., 3. März 2025 um 10:00 Uhr schrieb Ada <ada@example.org>:',
    'Le lun. 3 mars 2025 à 10:00, Ada <ada@example.org> a écrit :',
    'El lun, 3 mar 2025 a las 10:00, Ada (<ada@example.org>) escribió:',
    '-----Original Message-----\nFrom: Ada',
  ])('drops %j', (line) => {
    expect(makeSnippet(`Fine.\n\n${line}\n> Shall we?`)).toBe('Fine.');
  });

  it('shows the quote or the signature of a mail that has nothing else', () => {
    expect(makeSnippet('> Shall we?\n> Today?')).toBe('Shall we? Today?');
    expect(makeSnippet('-- \nBob')).toBe('-- Bob');
  });

  it('removes the padding of newsletters, but not what joins letters and emoji', () => {
    expect(makeSnippet(`Sale ${'\u034f \u200c \u00a0 \ufeff \u00ad'.repeat(50)} ends`)).toBe('Sale ends');
    expect(makeSnippet('می\u200cخواهم 👩\u200d💻')).toBe('می\u200cخواهم 👩\u200d💻');
  });

  it('drops rules and picture placeholders', () => {
    expect(makeSnippet('==========\nNews\n----------\n[cid:image001.png@01D] Hello')).toBe('News Hello');
  });

  it('is one well-formed line of at most 200 characters, and not empty where there are words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        const snippet = makeSnippet(text.toWellFormed());
        expect(snippet.length).toBeLessThanOrEqual(200);
        expect(snippet.isWellFormed()).toBe(true);
        expect(snippet).not.toMatch(/\n|\s{2}/);
        if (/[a-z]{2}/.test(text)) expect(snippet).not.toBe('');
      }),
    );
  });
});
