import { describe, expect, it } from 'vitest';
import { isGuessable } from './guessable.ts';

const ada = ['Ada Lovelace', 'ada.lovelace@engines.example'];

describe('a password', () => {
  it.each([
    'password123',
    'qwertyuiop',
    '1234567890',
    'iloveyou12',
    'P@ssw0rd12',
    'aaaaaaaaaaaa',
    'x'.repeat(256),
    'abcabcabcabc',
    '1qaz2wsx3edc',
    'adalovelace',
    'engines2024',
    'Lovelace1815',
  ])('such as %j can be guessed', async (password) => {
    expect(await isGuessable(password, ada)).toBe(true);
  });

  it.each([
    'correct horse battery',
    'a long enough password',
    'kVz8-qLm2-pT0w',
    'grün klettert der Ahorn',
    '春は曙やうやう白くなりゆく',
  ])('such as %j cannot', async (password) => {
    expect(await isGuessable(password, ada)).toBe(false);
  });

  it('of any length is looked at in a moment', async () => {
    expect(await isGuessable('correct horse battery '.repeat(1000), ada)).toBe(false);
  });
});
