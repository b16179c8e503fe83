import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unflow } from '../content/text/format-flowed.ts';
import { flow } from './format-flowed.ts';

const long =
  'The quick brown fox jumps over the lazy dog and runs on beyond the end of any line that is shown.';

describe('a text in format=flowed', () => {
  it.each([
    ['short lines', 'One\n\nTwo'],
    ['a long line', long],
    ['a long quoted line', `> ${long}`],
    ['quotes within quotes', `>> ${long}\n> ${long}\n${long}`],
    ['lines that begin with a blank', `  indented\n ${long}`],
    ['a line that begins with From', `From here\n${long} From there`],
    ['a signature', `Bye\n-- \nAda\n${long}`],
    ['one word that is longer than a line', `${'x'.repeat(300)} y`],
    ['a script without blanks', '天地玄黃宇宙洪荒'.repeat(20)],
  ])('gives back %s', (_what, text) => {
    expect(unflow(flow(text), false)).toBe(text);
  });

  it('has lines of at most 78 characters wherever a blank allows it', () => {
    const lines = flow(`${long} ${long}\n>> ${long} ${long}`).split('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });

  it('gives back any words, whatever their quoting', () => {
    const word = fc.stringMatching(/^[!-=?-~äß日]{1,30}$/);
    const line = fc
      .tuple(fc.nat(3), fc.array(word, { maxLength: 40 }))
      .map(([depth, words]) => `${depth > 0 ? `${'>'.repeat(depth)} ` : ''}${words.join(' ')}`.trimEnd())
      .filter((each) => each !== '--');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const text = lines.join('\n');
        expect(
          unflow(flow(text), false)
            .split('\n')
            .map((each) => each.trimEnd()),
        ).toEqual(text.split('\n'));
      }),
    );
  });
});
