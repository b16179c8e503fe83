import { describe, expect, it } from 'vitest';
import { type DraftContent, hasSameWords, isEmptyContent, isSameContent } from './draft-content.ts';

const empty: DraftContent = {
  ...{ identityId: 'one', to: [], cc: [], bcc: [], subject: '', text: '', html: null },
  ...{ requestReceipt: false, requestDsn: false, requireTls: false },
};
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
    { html: '<div><img src="cid:a"></div>' },
  ])('is something with %j', (part) => {
    expect(isEmptyContent({ ...empty, ...part })).toBe(false);
    expect(hasSameWords({ ...empty, ...part }, empty)).toBe(false);
  });

  it('is no more for another sender', () => {
    const reply = { ...empty, to: somebody, subject: 'Re: s', text: '> t' };
    expect(hasSameWords({ ...reply, identityId: 'other' }, reply)).toBe(true);
    expect(hasSameWords({ ...reply, text: 'yes\n> t' }, reply)).toBe(false);
  });

  it('is the same whatever the plain reading of the same HTML says', () => {
    const rich = { ...empty, html: '<div>a</div>', text: 'a' };
    expect(isSameContent(rich, { ...rich, text: 'a\n' })).toBe(true);
    expect(isSameContent(rich, { ...rich, html: '<div>b</div>' })).toBe(false);
  });
});
