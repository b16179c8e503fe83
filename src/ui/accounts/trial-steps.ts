import type { SetupProblemView, SetupStep } from '#api/views.ts';

export type StepState = 'done' | 'running' | 'failed' | 'open';

/** What is known of a trial. `step` is what it is at, or ended at; `problem` is why it ended. */
export interface TrialState {
  /** Whether the servers are to be found first. */
  isLookedUp: boolean;
  step: SetupStep | null;
  problem: SetupProblemView | null;
}

/** The steps of a trial in their order, each with how it stands. One that ended between two of them failed at none. */
export function trialSteps({
  isLookedUp,
  step,
  problem,
}: TrialState): { step: SetupStep; state: StepState }[] {
  const steps: SetupStep[] = isLookedUp ? ['looking_up', 'imap', 'smtp'] : ['imap', 'smtp'];
  const at = step === null ? -1 : steps.indexOf(step);
  const failed = problem === null ? null : (problem.server ?? (step === 'looking_up' ? step : null));
  return steps.map((each, index) => {
    if (each === failed) return { step: each, state: 'failed' };
    if (index < at) return { step: each, state: 'done' };
    return { step: each, state: index === at && problem === null ? 'running' : 'open' };
  });
}
