'use client';

import { useTranslations } from 'use-intl';
import type { ShownProblem } from '#ui/api/problem.ts';
import { problemDetail, problemKey } from './problem-key.ts';

/** One plain sentence or two: what happened, whose doing it is, what to do. */
export function useProblemText(): (problem: ShownProblem) => string {
  const t = useTranslations('problems');
  return (problem) => t(problemKey(problem.code), { detail: problemDetail(problem) });
}

/** The sentence for a problem, and below it what the other side said. */
export function ProblemText({ problem }: { problem: ShownProblem }) {
  const text = useProblemText();
  const t = useTranslations('kit');
  const sentence = text(problem);
  const detail = problemDetail(problem);
  return (
    <>
      <span>{sentence}</span>
      {detail && !sentence.includes(detail) && <small>{t('inDetail', { detail })}</small>}
    </>
  );
}
