import { createTranslator } from 'use-intl/core';
import type { ShownProblem } from '#ui/api/problem.ts';
import { en } from './en.ts';
import { problemKey } from './problem-key.ts';

const t = createTranslator({ locale: 'en', messages: en });

/** The catalogue outside of components: for keys, toasts and the event stream. */
export const words = {
  t,
  problem: ({ code, detail }: ShownProblem): string =>
    t(`problems.${problemKey(code)}`, { detail: detail ?? '' }),
};
