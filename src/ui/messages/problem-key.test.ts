import { describe, expect, it } from 'vitest';
import { clockTime } from '#ui/kit/time.ts';
import { problemDetail, problemKey } from './problem-key.ts';
import { words } from './words.ts';

describe('the sentence of a problem', () => {
  it('says until when a limit holds, by the clock of whoever reads it', () => {
    const until = '2026-03-01T12:04:00.000Z';
    const problem = { code: 'too_often', detail: until };
    expect(problemDetail(problem)).toBe(clockTime(Date.parse(until)));
    expect(words.problem(problem)).toContain(`from ${clockTime(Date.parse(until))} on`);
  });

  it('has the other side’s words as they are', () => {
    expect(problemDetail({ code: 'copy_refused', detail: '2026-03-01T12:04:00.000Z' })).toBe(
      '2026-03-01T12:04:00.000Z',
    );
    expect(problemDetail({ code: 'too_often', detail: null })).toBe('');
  });

  it('says of most of a mailbox going at once what is seen, what is waited for and what can be done', () => {
    const sentence = words.problem({ code: 'mass_disappearance', detail: '125' });
    for (const told of ['125 mails', 'half a minute', 'Repair']) expect(sentence).toContain(told);
  });

  it('is that of "unknown" for a code that the catalogue does not know', () => {
    expect(problemKey('something_new')).toBe('unknown');
    expect(problemKey('message_gone')).toBe('message_gone');
  });
});
