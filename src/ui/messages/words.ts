import { createTranslator } from 'use-intl/core';
import type { ShownProblem } from '#ui/api/problem.ts';
import { en } from './en.ts';
import { problemDetail, problemKey } from './problem-key.ts';

const t = createTranslator({ locale: 'en', messages: en });

/** The catalogue outside of components: for keys, toasts and the event stream. */
export const words = {
  t,
  problem: (problem: ShownProblem): string =>
    t(`problems.${problemKey(problem.code)}`, { detail: problemDetail(problem) }),
};
