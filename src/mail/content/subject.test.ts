import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseSubject, isReplySubject } from './subject.ts';

describe('baseSubject', () => {
  it.each([
    ['Re: Lunch', 'Lunch'],
    ['RE[2]: Re: Fwd: Lunch', 'Lunch'],
    ['Re^3: Lunch', 'Lunch'],
    ['AW: WG: Mittag', 'Mittag'],
    ['Sv: Antw: Lunsj', 'Lunsj'],
    ['回复：午饭', '午饭'],
    ['Fw : Lunch (fwd)', 'Lunch'],
    ['[Fwd: Lunch]', 'Lunch'],
    ['Re: [Fwd: Re: Lunch]', 'Lunch'],
    ['  Re:\tLunch \t today ', 'Lunch today'],
    ['Re: [list] Re: [list] Lunch', '[list] Lunch'],
    ['[list] Re: Lunch', '[list] Lunch'],
    ['[EXTERNAL] Re: Lunch', 'Lunch'],
    ['Re [list]: Lunch', '[list] Lunch'],
    ['[TICKET-7] Down', '[TICKET-7] Down'],
    ['Re: [TICKET-7]', '[TICKET-7]'],
    ['Results: fine', 'Results: fine'],
    ['Re:', ''],
    ['Regarding: Re: x', 'Regarding: Re: x'],
    ['', ''],
  ])('of %j is %j', (subject, base) => {
    expect(baseSubject(subject)).toBe(base);
  });

  it('is the same for a subject and any reply to it', () => {
    const leaders = fc.array(fc.constantFrom('Re: ', 'Fwd: ', 'AW: ', 'RE[2]: '), { maxLength: 4 });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), leaders, (subject, prefix) => {
        expect(baseSubject(prefix.join('') + subject)).toBe(baseSubject(subject));
      }),
    );
  });

  it('takes a line of nothing but leaders in bounded time', () => {
    const started = performance.now();
    expect(baseSubject('Re: '.repeat(100_000))).toBe('');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('isReplySubject', () => {
  it.each(['Re: x', 'FWD: x', '[Fwd: x]', '[list] Re: x', 'x (fwd)', 'SV: x'])('holds for %j', (subject) => {
    expect(isReplySubject(subject)).toBe(true);
  });
  it.each(['x', '[list] x', 'Results: x', 'R: a language', ''])('does not hold for %j', (subject) => {
    expect(isReplySubject(subject)).toBe(false);
  });
});
