import { describe, expect, it } from 'vitest';
import { foldQuotes } from './quote-folding.ts';

const kinds = (text: string) => foldQuotes(text).map(({ kind }) => kind);

describe('folding what a mail quotes', () => {
  it('leaves text without quotes whole', () => {
    expect(foldQuotes('One\n\nTwo')).toEqual([{ kind: 'own', text: 'One\n\nTwo' }]);
  });

  it('takes the line that says whose words they are into the fold', () => {
    expect(foldQuotes('Yes.\n\nOn 3 Nov, Ann wrote:\n> one\n> two\n> three\n')).toEqual([
      { kind: 'own', text: 'Yes.' },
      { kind: 'quoted', text: 'On 3 Nov, Ann wrote:\n> one\n> two\n> three' },
    ]);
  });

  it('folds a short quote at the end', () => {
    expect(kinds('ok\n\n> one')).toEqual(['own', 'quoted']);
  });

  it('keeps short quotes that are answered in place', () => {
    expect(kinds('> when?\nToday.\n> where?\nHere.')).toEqual(['own']);
  });

  it('goes on after a long quote', () => {
    expect(kinds('a\n> 1\n>\n> 2\nb')).toEqual(['own', 'quoted', 'own']);
  });

  it('keeps every word', () => {
    const text = 'a:\n> 1\n> 2\n> 3\nb\n> 4';
    const words = foldQuotes(text)
      .map((block) => block.text)
      .join('\n');
    expect(words.replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });
});
