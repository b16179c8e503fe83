import { ZodError } from 'zod';
import { IdentityError } from '#identity/identity-errors.ts';
import { MailProblem } from '#mail/problem.ts';
import { ApiError } from './errors.ts';

const conflicts = new Set(['version_conflict', 'too_late']);
const gone = new Set(['account_gone', 'draft_gone', 'email_gone', 'mailbox_gone']);

/** An expected failure of the domain, as an answer of the API; anything else is thrown on as it is. */
export function asApiError(error: unknown): unknown {
  if (error instanceof MailProblem) {
    const code = conflicts.has(error.code) ? 'CONFLICT' : gone.has(error.code) ? 'NOT_FOUND' : 'BAD_REQUEST';
    return new ApiError(code, error.code, error.detail);
  }
  if (error instanceof IdentityError) return new ApiError('BAD_REQUEST', error.code);
  return error instanceof ZodError ? inputProblem(error) : error;
}

/** What is wrong with an input, where its schema names a problem for it; else a request that could not be read. */
function inputProblem(error: ZodError): unknown {
  const named = error.issues.find(
    ({ code, message }) => isNamed(code) && /^[a-z]+(?:_[a-z]+)*$/.test(message),
  );
  return named === undefined ? error : new ApiError('BAD_REQUEST', named.message);
}

/** The issues whose messages our own schemas write. */
function isNamed(code: string): boolean {
  return code === 'too_big' || code === 'custom';
}
