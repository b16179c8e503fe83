'use client';

import { useTranslations } from 'use-intl';
import type { ShownProblem } from '#ui/api/problem.ts';
import { problemKey } from './problem-key.ts';

/** One plain sentence or two: what happened, whose doing it is, what to do. */
export function useProblemText(): (problem: ShownProblem) => string {
  const t = useTranslations('problems');
  return (problem) => t(problemKey(problem.code), { detail: problem.detail ?? '' });
}

/** The sentence for a problem, and below it what the other side said. */
export function ProblemText({ problem }: { problem: ShownProblem }) {
  const text = useProblemText();
  const t = useTranslations('kit');
  const sentence = text(problem);
  return (
    <>
      <span>{sentence}</span>
      {problem.detail && !sentence.includes(problem.detail) && (
        <small>{t('inDetail', { detail: problem.detail })}</small>
      )}
    </>
  );
}
