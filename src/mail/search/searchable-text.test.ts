import { describe, expect, it } from 'vitest';
import { searchableAddress, searchableText } from './searchable-text.ts';

describe('searchable text', () => {
  it.each([
    ['Invoice 42', 'invoice 42'],
    ['ПРИВЕТ Ärger', 'привет ärger'],
    ['Ａｂｃ ﬁn', 'abc fin'],
    ['東京都に行く', ' 東京 京都 都に に行 行く '],
    ['請求 invoice', ' 請求  invoice'],
    ['你', ' 你 '],
    ['한국어 메일', '한국어 메일'],
    ['𠮷野家へ', ' 𠮷野 野家 家へ '],
  ])('%s', (text, expected) => {
    expect(searchableText(text)).toBe(expected);
  });

  it('has the parts of an address', () => {
    expect(searchableAddress({ name: 'Ada L.', address: 'ada.lovelace+news@Mail.example' })).toBe(
      'ada l. ada.lovelace+news@mail.example ada lovelace news mail example',
    );
  });
});
