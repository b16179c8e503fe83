import { describe, expect, it } from 'vitest';
import { splitQuote } from './plain-quote.ts';

describe('what a plain text quotes whole at its end', () => {
  it('begins with the line that says whose words they are', () => {
    const quote = 'On 3 Nov, Ann wrote:\n> one\n>\n> two\n';
    expect(splitQuote(`Yes.\n\n${quote}`)).toEqual({ own: 'Yes.\n\n', quote });
  });

  it('is a forwarded mail with its head', () => {
    const quote = '---------- Forwarded message ----------\nFrom: a@x.org\n\nHello';
    expect(splitQuote(`\n\n${quote}`)).toEqual({ own: '\n\n', quote });
  });

  it.each(['', 'Only this.', '> quoted\n\nand answered below', 'No head\n> quoted'])(
    'is nothing in %j',
    (text) => {
      expect(splitQuote(text)).toEqual({ own: text, quote: '' });
    },
  );
});
