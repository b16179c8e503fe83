import { describe, expect, it } from 'vitest';
import { phraseOf, tsvectorOf } from './tsvector.ts';
import { wordsOf } from './words.ts';

describe('words', () => {
  it.each([
    ['Invoice INV-2024-001', ['invoice', 'inv', '2024', '001']],
    ['ada.lovelace+news@Mail.example', ['ada', 'lovelace', 'news', 'mail', 'example']],
    ['ПРИВЕТ Ärger, Straße', ['привет', 'arger', 'strasse']],
    ['Ａｂｃ ﬁn Łódź İstanbul', ['abc', 'fin', 'lodz', 'istanbul']],
    ['東京都に', ['東京', '京都', '都に', 'に']],
    ['請求invoice', ['請求', '求', 'invoice']],
    ['한국어 메일', ['한국어', '메일']],
    ['हिन्दी कि', ['हिन्दी', 'कि']],
    ['שָׁלוֹם', ['שלום']],
    ['𠮷野', ['𠮷野', '野']],
    ['...', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  it('are cut where they are none, between characters', () => {
    expect(wordsOf('A'.repeat(5000))).toEqual(['a'.repeat(64)]);
    expect(wordsOf(`a${'𝐱'.repeat(200)}`)).toEqual([`a${'x'.repeat(63)}`]);
    expect(wordsOf(`a${'𐐨'.repeat(200)}`)).toEqual([`a${'𐐨'.repeat(31)}`]);
  });
});

const fields = { subject: '', people: '', filenames: '', text: '' };

const vectorOf = (given: Partial<typeof fields>) =>
  Buffer.from(tsvectorOf({ ...fields, ...given })).toString();

describe('tsvectorOf', () => {
  it('has each word once, with its places and weights', () => {
    expect(vectorOf({ subject: 'Lunch today', text: 'Lunch, at one' })).toBe(
      'lunch:1A,33 today:2A at:34 one:35 ',
    );
  });

  it('has words of every script', () => {
    expect(vectorOf({ people: 'Жанна Élan 東京' })).toBe('жанна:11B elan:12B 東京:13B 京:14B ');
  });

  it('stays within what Postgres keeps', () => {
    const vector = vectorOf({ text: 'no '.repeat(50_000) });
    expect(vector.split(',')).toHaveLength(255);
    const [, last] = /(\d+) $/.exec(vectorOf({ text: `${'no '.repeat(50_000)}end` })) ?? [];
    expect(Number(last)).toBe(16_383);
  });
});

describe('phraseOf', () => {
  it.each([
    ['Invoice 42', 'invoice <1> 42', 'invoice <1> 42:*'],
    ['aa a', 'aa <1> a', 'aa <1> a:*'],
    ['東京都', '東京 <1> 京都', '東京 <1> 京都:*'],
    ['東', '東:*', '東:*'],
    ['東京都 に 42', '東京 <1> 京都 <2> に:* <1> 42', '東京 <1> 京都 <2> に:* <1> 42:*'],
    ["o'hara | !x & (y:*)", 'o <1> hara <1> x <1> y', 'o <1> hara <1> x <1> y:*'],
    ['!', null, null],
  ])('%s', (text, whole, unfinished) => {
    expect(phraseOf(text, false)).toBe(whole);
    expect(phraseOf(text, true)).toBe(unfinished);
  });
});
