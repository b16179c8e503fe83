import { describe, expect, it } from 'vitest';
import type { SetupProblemView } from '#api/views.ts';
import { trialSteps } from './trial-steps.ts';

const problem = (server: SetupProblemView['server']): SetupProblemView => ({
  code: 'unreachable',
  detail: null,
  at: 0,
  server,
  tried: { imap: null, smtp: null },
  certificate: null,
});
const states = (...[trial]: Parameters<typeof trialSteps>) =>
  trialSteps(trial).map(({ step, state }) => `${step} ${state}`);

describe('the steps of a trial', () => {
  it('go from open to running to done', () => {
    const trial = { isLookedUp: true, problem: null };
    expect(states({ ...trial, step: null })).toEqual(['looking_up open', 'imap open', 'smtp open']);
    expect(states({ ...trial, step: 'looking_up' })).toEqual([
      'looking_up running',
      'imap open',
      'smtp open',
    ]);
    expect(states({ ...trial, step: 'smtp' })).toEqual(['looking_up done', 'imap done', 'smtp running']);
  });

  it('are without a search where the servers were typed', () => {
    expect(states({ isLookedUp: false, step: 'imap', problem: null })).toEqual(['imap running', 'smtp open']);
  });

  it('show the one that failed, and what had gone well before it', () => {
    const trial = { isLookedUp: true };
    expect(states({ ...trial, step: 'smtp', problem: problem('smtp') })).toEqual([
      'looking_up done',
      'imap done',
      'smtp failed',
    ]);
    expect(states({ ...trial, step: 'looking_up', problem: problem(null) })).toEqual([
      'looking_up failed',
      'imap open',
      'smtp open',
    ]);
  });

  it('show none as failed or running where what failed is none of them', () => {
    expect(states({ isLookedUp: false, step: null, problem: problem(null) })).toEqual([
      'imap open',
      'smtp open',
    ]);
    expect(states({ isLookedUp: false, step: 'smtp', problem: problem(null) })).toEqual([
      'imap done',
      'smtp open',
    ]);
  });
});
