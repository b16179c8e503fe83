import { describe, expect, it } from 'vitest';
import { MailProblem } from '../problem.ts';
import { setupProblem } from './try-problem.ts';

const tried = { imap: null, smtp: null };
const now = new Date('2026-03-01T12:00:00Z');
const codeOf = (code: string) => setupProblem(new MailProblem(code, 'What it said'), 'imap', tried, now).code;

describe('what a trial ends with', () => {
  it.each(['throttled', 'wrong_password', 'unreachable', 'timeout'])('is told as it is: %s', (code) => {
    expect(codeOf(code)).toBe(code);
  });

  it('is unknown where no sentence of the form fits it', () => {
    expect(codeOf('lease_lost')).toBe('unknown');
  });
});
