import { describe, expect, it } from 'vitest';
import { swapPlainSignature } from './plain-signature.ts';

const signature = (text: string) => ({ id: text, name: text, html: null, text });
const quote = 'On 3 Nov, Ann wrote:\n> one\n';

describe('swapping the signature of a plain text', () => {
  it('puts the new one where the old one was', () => {
    const text = `Yes.\n\n-- \nAnna\n\n${quote}`;
    expect(swapPlainSignature(text, signature('Anna'), signature('Dr. A.'), 'above')).toBe(
      `Yes.\n\n-- \nDr. A.\n\n${quote}`,
    );
  });

  it('puts a first one above or below what is quoted', () => {
    expect(swapPlainSignature(`\n\n${quote}`, null, signature('Anna'), 'above')).toBe(
      `\n\n-- \nAnna\n\n${quote}`,
    );
    expect(swapPlainSignature(`\n\n${quote}`, null, signature('Anna'), 'below')).toBe(
      `\n\n${quote}\n-- \nAnna`,
    );
  });

  it('takes it away, and leaves no mark of `$&` in a name', () => {
    expect(swapPlainSignature('a\n\n-- \nAnna', signature('Anna'), null, 'above')).toBe('a\n\n');
    expect(swapPlainSignature('-- \nAnna', signature('Anna'), signature('$& Ltd'), 'above')).toBe(
      '-- \n$& Ltd',
    );
  });
});
