import { TRPCClientError } from '@trpc/client';

/** What went wrong, as the catalogue knows it: `problems.<code>`, and what the other side said. */
export interface ShownProblem {
  code: string;
  detail: string | null;
}

interface ProblemShape {
  problem?: { code?: unknown; detail?: unknown } | null;
  code?: unknown;
}

function readProblem(data: ProblemShape): ShownProblem {
  const code = data.problem?.code ?? data.code;
  const detail = data.problem?.detail;
  return {
    code: typeof code === 'string' ? code : 'unknown',
    detail: typeof detail === 'string' ? detail : null,
  };
}

/** The problem that an error of the API stands for; without an answer it is `offline` or `no_answer`. */
export function problemOf(error: unknown): ShownProblem {
  if (error instanceof TRPCClientError) {
    const data: unknown = error.data;
    if (typeof data === 'object' && data !== null) return readProblem(data);
  }
  return { code: navigator.onLine ? 'no_answer' : 'offline', detail: null };
}

/** Whether the thing asked for is gone, or was never this person's to see; both are answered alike. */
export function isGone(error: unknown): boolean {
  return answerCode(error) === 'NOT_FOUND';
}

export function isSignedOut(error: unknown): boolean {
  return answerCode(error) === 'UNAUTHORIZED';
}

function answerCode(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return null;
  const data: unknown = error.data;
  return typeof data === 'object' && data !== null && 'code' in data ? data.code : null;
}

/** Whether trying the same again could end otherwise: nobody answered, or the server fell over. */
export function isPassing(error: unknown): boolean {
  const { code } = problemOf(error);
  return code === 'no_answer' || code === 'offline' || code === 'INTERNAL_SERVER_ERROR';
}
