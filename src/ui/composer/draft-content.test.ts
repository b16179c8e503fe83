import { describe, expect, it } from 'vitest';
import { type DraftContent, hasSameWords, isEmptyContent } from './draft-content.ts';

const empty: DraftContent = { identityId: 'one', to: [], cc: [], bcc: [], subject: '', text: '' };
const somebody = [{ name: '', address: 'a@x.org' }];

describe('what somebody has written', () => {
  it('is nothing in a new message, whoever it is from, and blanks are nothing', () => {
    expect(isEmptyContent(empty)).toBe(true);
    expect(isEmptyContent({ ...empty, identityId: 'other', text: '\n ', subject: ' ' })).toBe(true);
  });

  it.each<Partial<DraftContent>>([
    { to: somebody },
    { cc: somebody },
    { bcc: somebody },
    { subject: 's' },
    { text: 't' },
  ])('is something with %j', (part) => {
    expect(isEmptyContent({ ...empty, ...part })).toBe(false);
    expect(hasSameWords({ ...empty, ...part }, empty)).toBe(false);
  });

  it('is no more for another sender', () => {
    const reply = { ...empty, to: somebody, subject: 'Re: s', text: '> t' };
    expect(hasSameWords({ ...reply, identityId: 'other' }, reply)).toBe(true);
    expect(hasSameWords({ ...reply, text: 'yes\n> t' }, reply)).toBe(false);
  });
});
